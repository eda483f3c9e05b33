import type { JsonValue } from '../../../program/json.ts';
import { setOwn } from '../../../runtime/own-property.ts';
import { parseJsonBody } from '../../http/parse-json-body.ts';
import { refuse } from '../../http/refused-request.ts';

/** What a body holds. `fields` are those of a form: texts, which take the types that the ensemble declares. */
export interface Payload {
  /** Undefined for an empty body. */
  readonly body: JsonValue | undefined;
  readonly isForm: boolean;
}

const ACCEPTED = 'application/json, application/x-www-form-urlencoded or text/*';

/**
 * The body of a request as data, by its media type: JSON, the fields of a form (repeated ones as a list), or text. An empty body is none, whatever type it has.
 * @throws RefusedRequest: 415 for any other type, charset or compression, 400 for what is not of the type that it claims.
 */
export function readPayload(bytes: Uint8Array, headers: Headers): Payload {
  if (bytes.byteLength === 0) return { body: undefined, isForm: false };
  const [media = '', ...parameters] = (headers.get('content-type') ?? '').split(';').map((part) => part.trim().toLowerCase());
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))?.slice('charset='.length) ?? 'utf-8';
  const encoding = headers.get('content-encoding')?.trim().toLowerCase() ?? '';
  if (!/^"?(?:utf-?8|us-ascii)"?$/.test(charset)) refuse('unsupported-media-type', 'The body must be written in UTF-8.');
  if (encoding !== '' && encoding !== 'identity') refuse('unsupported-media-type', 'The body must not be compressed.');
  const read = READERS.find(([type]) => type.test(media))?.[1];
  if (read === undefined) refuse('unsupported-media-type', `The body must be ${ACCEPTED}.`);
  return { body: read(decode(bytes)), isForm: media === FORM };
}

const FORM = 'application/x-www-form-urlencoded';

const READERS: readonly (readonly [type: RegExp, read: (text: string) => JsonValue])[] = [
  [/^application\/(?:[\w.+-]+\+)?json$/, parseJsonBody],
  [/^application\/x-www-form-urlencoded$/, readForm],
  [/^text\/[\w.+-]+$/, (text) => text],
];

/** Each becomes a field of the input, which the run keeps: two megabytes of `&` would be a minute's work for whoever sends it. */
const MAX_FIELDS = 10_000;

function readForm(text: string): JsonValue {
  const fields = new URLSearchParams(text);
  return fields.size > MAX_FIELDS ? refuse('payload-too-large', `The form has more than ${MAX_FIELDS} fields.`) : readFields(fields);
}

/** Names and values of a query or a form; a name that comes several times has a list. */
export function readFields(fields: URLSearchParams): Readonly<Record<string, string | string[]>> {
  const read: Record<string, string | string[]> = {};
  for (const [name, value] of fields) {
    const before = Object.hasOwn(read, name) ? read[name] : undefined;
    if (Array.isArray(before)) before.push(value);
    else setOwn<string | string[]>(read, name, before === undefined ? value : [before, value]);
  }
  return read;
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    return refuse('bad-request', 'The body is not valid UTF-8.');
  }
}
