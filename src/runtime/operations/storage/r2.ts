import type { JsonObject, JsonValue } from '../../../program/json.ts';
import { failure } from '../../failure.ts';
import { setOwn } from '../../own-property.ts';
import type { R2Like, R2ObjectLike } from '../../ports.ts';
import { decodeBase64, encodeBase64 } from '../base64.ts';
import { Config } from '../config.ts';
import { checkDepth, describeBytes, MAX_BASE64_BYTES, MAX_BODY_BYTES } from '../limits.ts';
import type { OperationContext } from '../operation.ts';
import { findBinding } from './find-binding.ts';
import { attempt } from './storage-failure.ts';
import type { Store } from './store.ts';
import { WELL_FORMED } from './well-formed.ts';

const KEYS = ['type', 'action', 'key', 'value', 'as', 'prefix', 'limit', 'cursor', 'httpMetadata', 'metadata', 'binding'];
const ACTION_NAMES = ['get', 'put', 'delete', 'list', 'head'] as const;
const FORMATS = ['text', 'json', 'base64'] as const;
/** R2's own limits: a key of 1,024 bytes, at most 1,000 objects a page. */
const MAX_KEY_BYTES = 1024;
const MAX_PAGE = 1000;

type Action = (config: Config, bucket: R2Like, context: OperationContext) => Promise<JsonValue>;

const ACTIONS: Readonly<Record<(typeof ACTION_NAMES)[number], Action>> = { get, put, delete: remove, list, head };

/**
 * LANGUAGE §5 `storage` with `type: r2`. `as` says what a body is: `text` (default), `json` or `base64` for bytes. A put of anything but a
 * text stores JSON.
 */
export const r2: Store = {
  type: 'r2',
  run(given, context) {
    const config = new Config('storage r2', given, KEYS);
    const action = config.oneOf('action', ACTION_NAMES);
    if (action === undefined) throw config.mismatch('action', `one of ${ACTION_NAMES.join(', ')}`);
    return ACTIONS[action](config, findBinding(context.ports.bindings, 'r2', config.text('binding')), context);
  },
};

async function get(config: Config, bucket: R2Like, context: OperationContext): Promise<JsonValue> {
  const key = readKey(config);
  const format = config.oneOf('as', FORMATS) ?? 'text';
  const what = `R2 get of "${key}"`;
  const object = await attempt(what, context, () => bucket.get(key));
  if (object === null) return { body: null, size: null, etag: null, httpMetadata: null, found: false };
  const limit = format === 'base64' ? MAX_BASE64_BYTES : MAX_BODY_BYTES;
  if (object.size > limit)
    throw failure('OUTPUT_TOO_LARGE', `${what}: the object has ${object.size} bytes, more than ${describeBytes(limit)}`);
  const bytes = new Uint8Array(await attempt(what, context, () => object.arrayBuffer()));
  return { body: decode(bytes, format, what), ...describeObject(object), found: true };
}

async function put(config: Config, bucket: R2Like, context: OperationContext): Promise<JsonValue> {
  const key = readKey(config);
  const value = config.raw('value');
  if (value === undefined) throw config.mismatch('value', 'what to store');
  const isText = typeof value === 'string';
  const body =
    config.oneOf('as', FORMATS) === 'base64' ? (isText ? decodeBase64(value) : undefined) : isText ? value : JSON.stringify(value);
  if (body === undefined) throw config.mismatch('value', 'base64 text (because of "as: base64")');
  const httpMetadata = config.mapping('httpMetadata') ?? (isText ? undefined : { contentType: 'application/json' });
  const customMetadata = config.mapping('metadata');
  const options = {
    ...(httpMetadata === undefined ? {} : { httpMetadata }),
    ...(customMetadata === undefined ? {} : { customMetadata: asTexts(customMetadata) }),
  };
  const object = await attempt(`R2 put of "${key}"`, context, () => bucket.put(key, body, options));
  return { success: object !== null, ...(object === null ? {} : { size: object.size, etag: object.etag }) };
}

async function remove(config: Config, bucket: R2Like, context: OperationContext): Promise<JsonValue> {
  const key = readKey(config);
  await attempt(`R2 delete of "${key}"`, context, () => bucket.delete(key));
  return { success: true };
}

async function head(config: Config, bucket: R2Like, context: OperationContext): Promise<JsonValue> {
  const key = readKey(config);
  const object = await attempt(`R2 head of "${key}"`, context, () => bucket.head(key));
  if (object === null) return { size: null, etag: null, httpMetadata: null, found: false };
  return { ...describeObject(object), found: true };
}

async function list(config: Config, bucket: R2Like, context: OperationContext): Promise<JsonValue> {
  const prefix = config.text('prefix');
  const limit = config.number('limit', { min: 1, max: MAX_PAGE, integer: true });
  const cursor = config.text('cursor');
  const options = { ...(prefix && { prefix }), ...(limit && { limit }), ...(cursor && { cursor }) };
  const page = await attempt(`R2 list of "${prefix ?? ''}"`, context, () => bucket.list(options));
  const objects = page.objects.map((object) => ({ key: object.key, ...describeObject(object) }));
  return { objects, truncated: page.truncated, cursor: page.cursor ?? null };
}

function describeObject({ size, etag, uploaded, httpMetadata, customMetadata }: R2ObjectLike): JsonObject {
  const http: { [key: string]: JsonValue } = {};
  for (const [name, value] of Object.entries(httpMetadata ?? {})) {
    setOwn(http, name, value instanceof Date ? value.toISOString() : (value as JsonValue));
  }
  return { size, etag, uploaded: uploaded.toISOString(), httpMetadata: http, metadata: customMetadata ?? {} };
}

function decode(bytes: Uint8Array, format: (typeof FORMATS)[number], what: string): JsonValue {
  if (format === 'base64') return encodeBase64(bytes);
  const text = new TextDecoder().decode(bytes);
  if (format === 'text') return text;
  checkDepth(text, `${what}: the object`);
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    throw failure('STORAGE', `${what}: the object is not the JSON that "as: json" expects`);
  }
}

/** R2 keeps texts only. */
function asTexts(values: JsonObject): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const [name, value] of Object.entries(values)) setOwn(texts, name, typeof value === 'string' ? value : JSON.stringify(value));
  return texts;
}

function readKey(config: Config): string {
  const key = config.requiredText('key', 'reports/2026.csv');
  if (!key.isWellFormed()) throw config.mismatch('key', WELL_FORMED);
  if (new TextEncoder().encode(key).length > MAX_KEY_BYTES) throw config.mismatch('key', `at most ${MAX_KEY_BYTES} bytes long`);
  return key;
}
