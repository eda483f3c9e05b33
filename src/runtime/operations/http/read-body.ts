import type { JsonValue } from '../../../program/json.ts';
import { FailureError, failure } from '../../failure.ts';
import { abortFailure } from '../abort.ts';
import { encodeBase64 } from '../base64.ts';
import { checkDepth, describeBytes } from '../limits.ts';
import type { OperationContext } from '../operation.ts';
import { snippet } from '../snippet.ts';

export type BodyFormat = 'json' | 'text' | 'base64';

const FIRST_BUFFER_BYTES = 16 * 1024;

/**
 * All bytes of a response, at most `maxBytes` (else `OUTPUT_TOO_LARGE`, and the rest is not read). A body that breaks off is `HTTP_BODY` and retryable. When `signal`
 * fires, the reading stops at once, however slow the server is.
 */
export async function readBytes(response: Response, maxBytes: number, signal: AbortSignal, what: string): Promise<Uint8Array> {
  if (response.body === null) return new Uint8Array();
  if (Number(response.headers.get('content-length')) > maxBytes) {
    await response.body.cancel().catch(() => undefined);
    throw tooLarge(what, maxBytes);
  }
  const reader = response.body.getReader();
  const stop = () => void reader.cancel(signal.reason).catch(() => undefined);
  signal.addEventListener('abort', stop, { once: true });
  // Pieces are copied: a server that sends one byte at a time would have each keep a buffer of its own.
  let bytes = new Uint8Array(FIRST_BUFFER_BYTES);
  let size = 0;
  try {
    if (signal.aborted) throw abortFailure(signal);
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      const end = size + part.value.length;
      if (end > maxBytes) throw tooLarge(what, maxBytes);
      if (end > bytes.length) bytes = enlarge(bytes, Math.max(end, 2 * bytes.length));
      bytes.set(part.value, size);
      size = end;
    }
    if (signal.aborted) throw abortFailure(signal);
    return bytes.subarray(0, size);
  } catch (error) {
    await reader.cancel().catch(() => undefined);
    if (error instanceof FailureError) throw error;
    if (signal.aborted) throw abortFailure(signal);
    throw failure('HTTP_BODY', `${what} broke off while its body was read: ${reasonOf(error)}`, { retryable: true });
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/**
 * A body as the author asked for it; without a wish, JSON where the server says that it is JSON, else text. No body at all (204, HEAD) is null, an empty text body the
 * empty text. JSON that cannot be parsed is `HTTP_BODY`.
 */
export function decodeBody(
  bytes: Uint8Array,
  response: Response,
  format: BodyFormat | undefined,
  context: OperationContext,
  what: string,
): JsonValue {
  if (format === 'base64') return encodeBase64(bytes);
  const type = response.headers.get('content-type') ?? '';
  const isJson = format === 'json' || (format === undefined && /^[^;]*[/+]json\s*(?:;|$)/i.test(type));
  if (bytes.length === 0) return isJson || response.body === null || response.status === 204 ? null : '';
  const text = decodeText(bytes, isJson ? undefined : /charset\s*=\s*"?([^\s;"]+)/i.exec(type)?.[1], context, what);
  if (!isJson) return text;
  checkDepth(text, `the body of ${what}`);
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    const claim =
      format === 'json' ? 'is not the JSON that "as: json" expects' : `says it is ${type.split(';')[0]?.trim()} but cannot be parsed`;
    throw failure('HTTP_BODY', `${what} ${claim}: ${snippet(text, context)}`);
  }
}

/** What a network error says: the cause behind Node's bare `fetch failed`, words in place of workerd's internal reference. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // workerd says no more when a name cannot be looked up.
  if (error.message.startsWith('internal error; reference = ')) return 'no connection could be made; is the name of the host right?';
  // workerd lists every address after this, Node says it in a cause.
  if (error.message.startsWith('Too many redirects')) return 'too many redirects';
  const cause: unknown = error.cause;
  if (!(cause instanceof Error)) return error.message;
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  return cause.message === '' ? code || error.message : cause.message;
}

function decodeText(bytes: Uint8Array, charset: string | undefined, context: OperationContext, what: string): string {
  try {
    return new TextDecoder(charset ?? 'utf-8', { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    context.warn('body-not-text', `${what} is not ${charset ?? 'utf-8'} text; use "as: base64" for bytes`);
    return new TextDecoder().decode(bytes);
  }
}

function tooLarge(what: string, maxBytes: number): FailureError {
  return failure('OUTPUT_TOO_LARGE', `${what} has a body of more than ${describeBytes(maxBytes)}`);
}

function enlarge(bytes: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(length);
  larger.set(bytes);
  return larger;
}
