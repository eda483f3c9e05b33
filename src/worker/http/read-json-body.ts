import type { JsonValue } from '../../program/json.ts';
import { parseJsonBody } from './parse-json-body.ts';
import { readBody } from './read-body.ts';
import { refuse } from './refused-request.ts';

/** What a request of the API may carry, in bytes. Larger data belongs into R2 or KV, and its key into the input: each run keeps its input whole, in its own database. */
const MAX_BODY = 1024 * 1024;

const JSON_TYPE = /^application\/(?:json|[\w.+-]+\+json)$/;

/**
 * The JSON of a request's body; undefined for an empty body, whatever type it is said to have. A byte order mark before it is skipped.
 * @throws RefusedRequest: 415 for another media type, character set or compression, 413 for a body beyond MAX_BODY, 400 for what is no JSON, or JSON that readers take differently.
 */
export async function readJsonBody(request: Request): Promise<JsonValue | undefined> {
  const bytes = await readBody(request, MAX_BODY);
  if (bytes === undefined) refuse('payload-too-large', `The body is larger than ${MAX_BODY} bytes.`);
  if (bytes.byteLength === 0) return undefined;
  checkType(request.headers);
  return parseJsonBody(decode(bytes));
}

function checkType(headers: Headers): void {
  const type = headers.get('content-type');
  const [media = '', ...parameters] = (type ?? '').split(';').map((part) => part.trim().toLowerCase());
  if (!JSON_TYPE.test(media)) {
    const found = type === null ? 'it has no Content-Type' : `it is said to be ${media.slice(0, 100)}`;
    refuse('unsupported-media-type', `The body must be application/json; ${found}.`, { headers: { accept: 'application/json' } });
  }
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))?.slice('charset='.length);
  if (charset !== undefined && !/^"?utf-?8"?$/.test(charset)) refuse('unsupported-media-type', 'JSON is UTF-8: no other charset is taken.');
  const encoding = headers.get('content-encoding')?.trim().toLowerCase() ?? 'identity';
  if (encoding !== 'identity' && encoding !== '') {
    refuse('unsupported-media-type', 'The body must not be compressed.', { headers: { 'accept-encoding': 'identity' } });
  }
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    return refuse('invalid-json', 'The body is not valid UTF-8.');
  }
}
