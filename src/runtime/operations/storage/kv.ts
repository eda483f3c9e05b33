import type { JsonValue } from '../../../program/json.ts';
import { isCacheKey } from '../../engine/cache/cache-key.ts';
import type { KvLike } from '../../ports.ts';
import { Config } from '../config.ts';
import { checkDepth } from '../limits.ts';
import type { OperationContext } from '../operation.ts';
import { findBinding } from './find-binding.ts';
import { attempt } from './storage-failure.ts';
import type { Store } from './store.ts';
import { WELL_FORMED } from './well-formed.ts';

const KEYS = ['type', 'action', 'key', 'value', 'default', 'prefix', 'limit', 'cursor', 'expirationTtl', 'metadata', 'binding'];
/** Workers KV's own limits: a key of 512 bytes, at most 1,000 keys a page, a life of at least a minute. */
const MAX_KEY_BYTES = 512;
const MAX_PAGE = 1000;
const MIN_TTL_SECONDS = 60;

type Action = (config: Config, kv: KvLike, context: OperationContext) => Promise<JsonValue>;

const ACTIONS: Readonly<Record<'get' | 'put' | 'delete' | 'list', Action>> = { get, put, delete: remove, list };

/**
 * LANGUAGE §5 `storage` with `type: kv`. Values: a text is stored as it is, anything else as JSON; reading parses what is JSON and hands back the rest as
 * text, so what was put comes back, but for texts that happen to be JSON.
 */
export const kv: Store = {
  type: 'kv',
  run(given, context) {
    const config = new Config('storage kv', given, KEYS);
    const action = config.oneOf('action', ['get', 'put', 'delete', 'list']);
    if (action === undefined) throw config.mismatch('action', 'one of get, put, delete, list');
    return ACTIONS[action](config, findBinding(context.ports.bindings, 'kv', config.text('binding')), context);
  },
};

async function get(config: Config, namespace: KvLike, context: OperationContext): Promise<JsonValue> {
  const key = readKey(config);
  const { value, metadata } = await attempt(`KV get of "${key}"`, context, () => namespace.getWithMetadata(key));
  if (value === null) return { value: config.value('default') ?? null, found: false, metadata: null };
  return { value: parseStored(value, key), found: true, metadata: (metadata ?? null) as JsonValue };
}

async function put(config: Config, namespace: KvLike, context: OperationContext): Promise<JsonValue> {
  const key = readKey(config);
  // Data that names keys would say by it what another agent has answered.
  if (isCacheKey(key)) throw config.mismatch('key', 'another one than that of an agent’s cached output');
  const value = config.raw('value');
  if (value === undefined) throw config.mismatch('value', 'what to store');
  const ttlMs = config.durationMs('expirationTtl', 's');
  if (ttlMs !== undefined && ttlMs < MIN_TTL_SECONDS * 1000) {
    throw config.mismatch('expirationTtl', `at least ${MIN_TTL_SECONDS} seconds (KV keeps no key for less)`);
  }
  const metadata = config.value('metadata');
  const options = {
    ...(ttlMs === undefined ? {} : { expirationTtl: Math.round(ttlMs / 1000) }),
    ...(metadata === undefined ? {} : { metadata }),
  };
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  await attempt(`KV put of "${key}"`, context, () => namespace.put(key, text, options));
  return { success: true };
}

async function remove(config: Config, namespace: KvLike, context: OperationContext): Promise<JsonValue> {
  const key = readKey(config);
  await attempt(`KV delete of "${key}"`, context, () => namespace.delete(key));
  return { success: true };
}

async function list(config: Config, namespace: KvLike, context: OperationContext): Promise<JsonValue> {
  const prefix = config.text('prefix');
  const limit = config.number('limit', { min: 1, max: MAX_PAGE, integer: true });
  const cursor = config.text('cursor');
  const options = { ...(prefix && { prefix }), ...(limit && { limit }), ...(cursor && { cursor }) };
  const page = await attempt(`KV list of "${prefix ?? ''}"`, context, () => namespace.list(options));
  const keys = page.keys.map(({ name, expiration, metadata }) => ({
    name,
    ...(expiration === undefined ? {} : { expiration }),
    ...(metadata === undefined || metadata === null ? {} : { metadata: metadata as JsonValue }),
  }));
  return { keys, list_complete: page.list_complete, cursor: page.cursor ?? null };
}

function readKey(config: Config): string {
  const key = config.requiredText('key', 'user:42');
  if (key === '.' || key === '..') throw config.mismatch('key', 'neither "." nor ".."');
  if (!key.isWellFormed()) throw config.mismatch('key', WELL_FORMED);
  // A UTF-16 unit takes three bytes at most: most keys need not be encoded to know.
  if (key.length * 3 > MAX_KEY_BYTES && new TextEncoder().encode(key).length > MAX_KEY_BYTES)
    throw config.mismatch('key', `at most ${MAX_KEY_BYTES} bytes long`);
  return key;
}

function parseStored(text: string, key: string): JsonValue {
  checkDepth(text, `KV get of "${key}": the value`);
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return text;
  }
}
