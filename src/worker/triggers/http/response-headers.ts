import type { JsonObject, JsonValue } from '../../../program/json.ts';

/** A field name (RFC 9110 §5.6.2). */
const TOKEN = /^[!#$%&'*+\-.^_`|~\w]+$/;
/** What would end the header and begin another, or cannot be sent as a byte. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are the point.
const UNSENDABLE = /[\u0000-\u0008\u000a-\u001f\u007f\u0100-\uffff]/;

/** What frames the message is the platform's; who may read it is what `cors` says; a cookie would make the browser a holder of credentials, which triggers do not look at. */
const RESERVED: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'content-encoding',
  'date',
  'keep-alive',
  'set-cookie',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
const RESERVED_PREFIX = 'access-control-';

/** The headers of a response block; a list repeats the name, null leaves it out. A text says why they cannot be sent, and shows no value. */
export function buildHeaders(given: JsonObject): Headers | string {
  const headers = new Headers();
  for (const [name, value] of Object.entries(given)) {
    if (!TOKEN.test(name)) return 'a name among `headers` is none that a header can have';
    const lower = name.toLowerCase();
    if (RESERVED.has(lower) || lower.startsWith(RESERVED_PREFIX)) return `the header "${lower}" is not for an ensemble to set`;
    for (const item of Array.isArray(value) ? (value as readonly JsonValue[]) : [value]) {
      if (item === null) continue;
      const text = typeof item === 'object' ? undefined : String(item).trim();
      if (text === undefined || UNSENDABLE.test(text)) return `the value of the header "${lower}" is none that a header can carry`;
      headers.append(name, text);
    }
  }
  return headers;
}
