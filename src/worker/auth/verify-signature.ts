import { digestEquals } from './secret-equals.ts';
import { SIGNATURE_SCHEMES } from './signatures/index.ts';
import { TOLERANCE_MS } from './signatures/scheme.ts';

/** A request that was really signed with the secret. */
export interface VerifiedSignature {
  /** The same for what was sent before: a signature that is shown again, or the same delivery that is tried again. */
  readonly replayKey: string;
  /** How long a repetition must be known as one, in ms. */
  readonly replayMs: number;
}

/**
 * Checks a request's signature over the raw bytes of its body. Undefined for a request without one, with a wrong one or with one that is too old at `now` (epoch ms). A signature of which no time is
 * signed never grows old: for it the replay key is all there is.
 */
export async function verifySignature(
  headers: Headers,
  body: Uint8Array<ArrayBuffer>,
  secret: string,
  now: number,
): Promise<VerifiedSignature | undefined> {
  const scheme = SIGNATURE_SCHEMES.find((candidate) => headers.has(candidate.headers[0]));
  const claim = scheme?.read(headers);
  const key = scheme?.keyOf(secret);
  if (scheme === undefined || claim === undefined || key === undefined || scheme.takes?.(body) === false) return undefined;
  const expected = await sign(key, claim.prefix, body);
  let isRight = false;
  // Each is compared, also after the right one.
  for (const signature of claim.signatures) if (digestEquals(signature, expected)) isRight = true;
  if (!isRight || (claim.at !== undefined && Math.abs(now - claim.at) > TOLERANCE_MS)) return undefined;
  const digest = toHex(await crypto.subtle.digest('SHA-256', body));
  return { replayKey: `${scheme.name}:${claim.id ?? ''}:${digest}`, replayMs: scheme.replayMs };
}

async function sign(key: Uint8Array<ArrayBuffer>, prefix: string, body: Uint8Array): Promise<Uint8Array> {
  const imported = await crypto.subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  const before = new TextEncoder().encode(prefix);
  const signed = new Uint8Array(before.byteLength + body.byteLength);
  signed.set(before);
  signed.set(body, before.byteLength);
  return new Uint8Array(await crypto.subtle.sign('HMAC', imported, signed));
}

function toHex(bytes: ArrayBuffer): string {
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
