/** One way in which senders of webhooks sign what they send. All of them are HMAC-SHA256 over the body's raw bytes and what the scheme puts before them. */
export interface SignatureScheme {
  readonly name: string;
  /** The headers that carry the proof, in small letters: a run is not shown them. The first tells which scheme a request uses. */
  readonly headers: readonly [string, ...string[]];
  /** How long a repetition must be known as one, in ms: as long as its sender may try again, and longer than a signature is fresh. */
  readonly replayMs: number;
  /** What the request claims; undefined when its headers are not of the form that the scheme asks for. */
  read(headers: Headers): SignatureClaim | undefined;
  /** The secret as the scheme uses it as a key; undefined when it cannot be one. */
  keyOf(secret: string): Uint8Array<ArrayBuffer> | undefined;
  /** Whether what was signed can be a body of its senders, where nothing stands before it. Absent = anything can. */
  takes?(body: Uint8Array): boolean;
}

export interface SignatureClaim {
  /** What stands before the body in what was signed. */
  readonly prefix: string;
  /** Any one of them has to be right: senders sign with two keys while they change them. */
  readonly signatures: readonly Uint8Array[];
  /** Epoch ms. Absent where the scheme signs no time. */
  readonly at?: number;
  /** What was signed and tells, with the body, one delivery from another: the same when it is repeated. Absent = the body alone tells. */
  readonly id?: string;
}

/** How far the time that was signed may be from ours, either way. */
export const TOLERANCE_MS = 5 * 60_000;
/** As long as GitHub lets its users send the same delivery again; Stripe tries by itself for as long. */
export const REDELIVERY_MS = 3 * 24 * 60 * 60_000;

const encoder = new TextEncoder();

/** With what secrets of Stripe and of Standard Webhooks begin. */
export const WHSEC = 'whsec_';

export function textKey(secret: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(encoder.encode(secret));
}

/** The key of a scheme whose secrets never begin with `whsec_`: what another scheme signed is then not shown again as its own. */
export function plainKey(secret: string): Uint8Array<ArrayBuffer> | undefined {
  return secret.startsWith(WHSEC) ? undefined : textKey(secret);
}

/** The key of a scheme whose secrets all begin with `whsec_`, and are texts nevertheless. */
export function whsecKey(secret: string): Uint8Array<ArrayBuffer> | undefined {
  return secret.startsWith(WHSEC) ? textKey(secret) : undefined;
}

/** Unix seconds as decimal digits, in ms; undefined for anything else. */
export function readSeconds(text: string | null | undefined): number | undefined {
  return text !== null && text !== undefined && /^\d{1,11}$/.test(text) ? Number(text) * 1000 : undefined;
}

/** The 32 bytes that 64 hexadecimal digits stand for. */
export function readHex(text: string): Uint8Array | undefined {
  return /^[0-9a-f]{64}$/i.test(text) ? Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)) : undefined;
}

export function readBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}
