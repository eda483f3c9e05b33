import { ConnectionLost } from '../host-error.ts';

export interface ExchangeInits {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Exchange {
  readonly status: number;
  readonly headers: Headers;
  /** Its media type without parameters, in small letters; empty when it says none. */
  readonly type: string;
  /** May be read once, and has to be. Breaks off with `ConnectionLost`. */
  readonly body: AsyncGenerator<Uint8Array, void>;
}

/** A Worker that is asked answers sooner, and one whose run is followed says at least every 15 s that it is there. */
const SILENCE_MS = 60_000;

/** Nothing was sent when these end an exchange. */
const BEFORE_SENDING: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);
/** What Node calls the faults of certificates. */
const CERTIFICATE = /CERT|TLS|SSL/;

/**
 * One request and its answer, whatever its status.
 * @throws ConnectionLost; the signal's reason when that fires.
 */
export async function openExchange(url: string, inits: ExchangeInits, signal: AbortSignal): Promise<Exchange> {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), SILENCE_MS);
  const hear = () => {
    clearTimeout(timer);
    timer = setTimeout(() => silence.abort(), SILENCE_MS);
  };
  const lost = (error: unknown) => {
    clearTimeout(timer);
    if (signal.aborted) return signal.reason;
    return silence.signal.aborted ? new ConnectionLost('it said nothing for too long', true, { cause: error }) : lossOf(error);
  };
  try {
    const answer = await fetch(url, { ...inits, redirect: 'manual', signal: AbortSignal.any([signal, silence.signal]) });
    const type = (answer.headers.get('content-type') ?? '').replace(/;.*$/s, '').trim().toLowerCase();
    return { status: answer.status, headers: answer.headers, type, body: readBody(answer.body, hear, lost, () => clearTimeout(timer)) };
  } catch (error) {
    throw lost(error);
  }
}

async function* readBody(
  body: ReadableStream<Uint8Array> | null,
  hear: () => void,
  lost: (error: unknown) => unknown,
  end: () => void,
): AsyncGenerator<Uint8Array, void> {
  const reader = body?.getReader();
  try {
    while (reader !== undefined) {
      const next = await reader.read().catch((error: unknown) => {
        throw lost(error);
      });
      if (next.done) return;
      hear();
      yield next.value;
    }
  } finally {
    end();
    // Of a body that is read to its end this does nothing.
    reader?.cancel().catch(() => {});
  }
}

/** Node's fetch says `fetch failed` and keeps the reason as its cause. */
function lossOf(error: unknown): ConnectionLost {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  const message = cause instanceof Error && cause.message !== '' ? cause.message : String(code ?? cause);
  const isBefore = BEFORE_SENDING.has(code) || (typeof code === 'string' && CERTIFICATE.test(code));
  return new ConnectionLost(message, !isBefore, { cause: error });
}
