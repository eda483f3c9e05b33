import { FRAMING_HEADERS } from '../../../program/framing-headers.ts';
import { type HostPattern, parseHostPattern } from '../../../program/host-pattern.ts';
import type { JsonObject, JsonValue } from '../../../program/json.ts';
import { describeValue } from '../../schema/describe.ts';
import type { Config } from '../config.ts';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
const REDIRECTS = ['follow', 'manual', 'error'] as const;

/** A field name (RFC 9110 §5.6.2). */
const TOKEN = /^[!#$%&'*+\-.^_`|~\w]+$/;
/** What a field value must not hold: it would end the header and begin another, or cannot be sent as a byte. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are the point.
const UNSENDABLE = /[\u0000-\u0008\u000a-\u001f\u007f\u0100-\uffff]/;
const FORM = 'application/x-www-form-urlencoded';

/** A checked request, not yet sent. `redirect` is the author's wish; `error` is ours to enforce, since workerd does not know it. */
export interface RequestPlan {
  readonly url: URL;
  readonly method: (typeof METHODS)[number];
  readonly headers: Headers;
  readonly body: string | undefined;
  readonly redirect: (typeof REDIRECTS)[number];
  /** The only hosts that it may go to, redirects included. Absent = any. */
  readonly allowedHosts?: readonly HostPattern[];
}

/**
 * Builds the request of an `http` agent. A body without a method is sent by POST; an object or a list as body becomes JSON (or form fields, when the
 * content type says so), a text is sent as it is. User and password in the URL become an `Authorization` header.
 */
export function buildRequest(config: Config, idempotencyKey: string): RequestPlan {
  const url = readUrl(config);
  addQuery(config, url);
  const headers = readHeaders(config);
  if (url.username !== '' || url.password !== '') {
    const credentials = `${decode(url.username)}:${decode(url.password)}`;
    if (!headers.has('authorization')) headers.set('authorization', `Basic ${btoa(toBinary(credentials))}`);
    url.username = '';
    url.password = '';
  }
  const given = config.value('body');
  const method = readMethod(config) ?? (given === undefined ? 'GET' : 'POST');
  if (given !== undefined && (method === 'GET' || method === 'HEAD'))
    throw config.invalid(`cannot send a "body" with ${method}; use POST, PUT or PATCH`);
  const body = given === undefined ? undefined : encodeBody(given, headers);
  if (method !== 'GET' && method !== 'HEAD' && !headers.has('idempotency-key'))
    headers.set('idempotency-key', asHeaderValue(idempotencyKey));
  // Some servers refuse requests without one, and workerd sends none of its own.
  if (!headers.has('user-agent')) headers.set('user-agent', 'ensemble');
  const allowedHosts = readAllowedHosts(config);
  const redirect = config.oneOf('redirect', REDIRECTS) ?? 'follow';
  return { url, method, headers, body, redirect, ...(allowedHosts === undefined ? {} : { allowedHosts }) };
}

/** An empty list allows nothing: it may come from an expression. */
function readAllowedHosts(config: Config): readonly HostPattern[] | undefined {
  const value = config.value('allow_hosts');
  if (value === undefined) return undefined;
  return (Array.isArray(value) ? (value as readonly JsonValue[]) : [value]).map((item) => {
    const pattern = typeof item === 'string' ? parseHostPattern(item) : undefined;
    if (pattern === undefined) throw config.mismatch('allow_hosts', 'a list of hosts such as api.example.com or *.example.com');
    return pattern;
  });
}

function readUrl(config: Config): URL {
  const text = config.requiredText('url', 'https://api.example.com/items').trim();
  const url = URL.parse(text);
  if (url === null) throw config.mismatch('url', 'a complete address such as https://api.example.com/items');
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw config.invalid(`sends to http: and https: addresses only, found "${url.protocol}"`);
  return url;
}

function readMethod(config: Config): RequestPlan['method'] | undefined {
  const name = config.text('method')?.toUpperCase();
  if (name === undefined) return undefined;
  const method = METHODS.find((candidate) => candidate === name);
  if (method === undefined) throw config.mismatch('method', `one of ${METHODS.join(', ')}`);
  return method;
}

/** Lists repeat the name, objects are JSON, null is left out. What the URL already has stays. */
function addQuery(config: Config, url: URL): void {
  for (const [name, value] of Object.entries(config.mapping('query') ?? {})) {
    for (const item of Array.isArray(value) ? value : [value]) {
      if (item !== null && item !== undefined)
        url.searchParams.append(name, typeof item === 'object' ? JSON.stringify(item) : String(item));
    }
  }
}

function readHeaders(config: Config): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(config.mapping('headers') ?? {})) {
    if (value === null) continue;
    if (!TOKEN.test(name)) throw config.invalid(`has a header name that is not allowed: ${JSON.stringify(name)}`);
    if (FRAMING_HEADERS.has(name.toLowerCase())) throw config.invalid(`sets the header "${name}" by itself; leave it out`);
    if (typeof value === 'object') throw config.invalid(`needs the header "${name}" to be a text, found ${describeValue(value)}`);
    const text = String(value).trim();
    // The value is not shown: headers carry secrets.
    if (UNSENDABLE.test(text))
      throw config.invalid(`has a line break or another character in the header "${name}" that headers cannot carry`);
    headers.append(name, text);
  }
  return headers;
}

function encodeBody(body: Exclude<JsonValue, null>, headers: Headers): string {
  if (typeof body === 'string') return body;
  const isForm = headers.get('content-type')?.toLowerCase().startsWith(FORM) === true;
  if (isForm && typeof body === 'object' && !Array.isArray(body)) return encodeForm(body as JsonObject);
  if (!headers.has('content-type')) headers.set('content-type', 'application/json');
  return JSON.stringify(body);
}

function encodeForm(fields: JsonObject): string {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    for (const item of Array.isArray(value) ? value : [value]) {
      if (item !== null) form.append(name, typeof item === 'object' ? JSON.stringify(item) : String(item));
    }
  }
  return form.toString();
}

/** Run and step names may hold any letters; a header only ASCII. */
function asHeaderValue(text: string): string {
  return /^[\x21-\x7e]+$/.test(text) ? text : encodeURIComponent(text);
}

function toBinary(text: string): string {
  return String.fromCharCode(...new TextEncoder().encode(text));
}

/** Percent-decoding that leaves a stray `%` as it is. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
