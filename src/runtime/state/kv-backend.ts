import type { JsonObject, JsonValue } from '../../program/json.ts';
import { isDeeper } from '../../program/json-depth.ts';
import { MAX_OUTPUT_DEPTH } from '../engine/json-size.ts';
import { FailureError, failure } from '../failure.ts';
import { getOwn } from '../own-property.ts';
import type { Clock, KvLike } from '../ports.ts';
import { describeValue } from '../schema/describe.ts';
import type { Commit, Committed, Loaded, StateBackend, StateChange } from './backend.ts';
import { type KvNotes, packKvMetadata, readKvCommit, readKvMetadata } from './kv-metadata.ts';
import { stateBackendFailure } from './state-backend-failure.ts';
import { measureBytes } from './stored-text.ts';

const NAME = 'kv';
const MAX_KEY_BYTES = 512;
const MAX_VALUE_BYTES = 25 * 1024 * 1024;

/**
 * KV takes one write a second for each key and answers more with 429. A run that itself has just written the key (by a `storage` agent)
 * meets that, so its commit waits and tries again, after these many milliseconds.
 */
const RETRY_DELAYS_MS = [1_100, 2_000, 4_000] as const;

/**
 * State in a KV namespace: the plain JSON object under the scope as its key (LANGUAGE §4.6), for other programs to read and write. Times of
 * keys with `valid_for` and the names of tainted keys lie in the entry's metadata, beside the value.
 *
 * KV has no compare and swap, so the last writer wins. To lose as little as can be, a commit reads the object again and puts only this run's
 * keys into it: `merge` joins them to what others wrote meanwhile, `fail` refuses when it can see that others wrote. Two commits in the
 * same moment, or a read that KV answers from a cache of up to a minute, can still lose one.
 */
export function createKvBackend(namespace: KvLike, clock: Clock): StateBackend {
  return {
    load: async (scope) => (await read(namespace, scope)).loaded,
    async commit(scope, commit) {
      for (let attempt = 0; ; attempt++) {
        try {
          return await write(namespace, scope, commit);
        } catch (error) {
          const delayMs = RETRY_DELAYS_MS[attempt];
          if (delayMs === undefined || !isPassing(error)) throw error;
          await clock.sleep(delayMs, new AbortController().signal);
        }
      }
    },
  };
}

interface Present {
  readonly loaded: Loaded;
  readonly metadata: unknown;
}

async function read(namespace: KvLike, scope: string): Promise<Present> {
  checkKey(scope);
  const { value, metadata } = await guard(scope, 'read', () => namespace.getWithMetadata(scope));
  const values = parseObject(scope, value);
  return { loaded: { values, ...readKvMetadata(metadata, Object.keys(values)) }, metadata };
}

async function write(namespace: KvLike, scope: string, commit: Commit): Promise<Committed> {
  const { loaded: present, metadata } = await read(namespace, scope);
  if (commit.id !== undefined && readKvCommit(metadata) === commit.id) return { type: 'committed', loaded: present, merged: true };
  const changed = changedKeys(commit.base.values, present.values);
  if (changed.length > 0 && commit.onConflict === 'fail') return { type: 'conflict', version: 0, keys: changed };
  const foreign = new Set(changed);
  const values: { [key: string]: JsonValue } = Object.assign(Object.create(null), present.values);
  const writtenAt: { [key: string]: number } = Object.assign(Object.create(null), present.writtenAt);
  const validUntil: { [key: string]: number } = Object.assign(Object.create(null), present.validUntil);
  const tainted = new Set(present.tainted);
  for (const change of commit.changes) {
    const { key } = change;
    if (change.deleted === true) {
      delete values[key];
      delete writtenAt[key];
      delete validUntil[key];
      tainted.delete(key);
      continue;
    }
    const joins = commit.onConflict === 'merge' && foreign.has(key) && change.replaces !== true;
    values[key] = joins ? joinOnto(commit, change, present) : change.value;
    if (change.validUntil === undefined) {
      delete writtenAt[key];
      delete validUntil[key];
    } else {
      writtenAt[key] = change.at;
      validUntil[key] = change.validUntil;
    }
    if (change.tainted || (joins && tainted.has(key))) tainted.add(key);
    else tainted.delete(key);
  }
  const loaded = { values, writtenAt, validUntil, tainted: [...tainted] };
  await put(namespace, scope, { ...loaded, commit: commit.id });
  return { type: 'committed', loaded, merged: changed.length > 0 };
}

async function put(namespace: KvLike, scope: string, loaded: Loaded & KvNotes): Promise<void> {
  const text = JSON.stringify(loaded.values);
  const bytes = measureBytes(text, MAX_VALUE_BYTES);
  if (bytes > MAX_VALUE_BYTES) {
    throw failure(
      'STATE_BACKEND',
      `The state scope "${scope}" is ${bytes} bytes as JSON; kv keeps at most ${MAX_VALUE_BYTES}. Nothing was written. Keep large data in storage and its name in the state`,
    );
  }
  const metadata = packKvMetadata(loaded);
  await guard(scope, 'written', () => namespace.put(scope, text, metadata === undefined ? {} : { metadata }));
}

function joinOnto(commit: Commit, change: StateChange, present: Loaded): JsonValue {
  let value = getOwn(present.values, change.key) as JsonValue | undefined;
  let at = getOwn(present.writtenAt, change.key) as number | undefined;
  for (const written of change.writes) {
    value = commit.reduce(change.key, value, written, at);
    at = undefined;
  }
  return value ?? change.value;
}

function changedKeys(before: JsonObject, after: JsonObject): readonly string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].filter((key) => JSON.stringify(getOwn(before, key)) !== JSON.stringify(getOwn(after, key)));
}

function parseObject(scope: string, text: string | null): JsonObject {
  if (text === null) return Object.create(null);
  const found = parseJson(scope, text);
  if (typeof found === 'object' && found !== null && !Array.isArray(found)) return Object.assign(Object.create(null), found);
  throw notAnObject(scope, describeValue(found));
}

function parseJson(scope: string, text: string): unknown {
  // The values lie one level below the scope.
  if (isDeeper(text, MAX_OUTPUT_DEPTH + 1)) throw notAnObject(scope, `JSON with values of more than ${MAX_OUTPUT_DEPTH} levels`);
  try {
    return JSON.parse(text);
  } catch {
    throw notAnObject(scope, 'text that is no JSON');
  }
}

function notAnObject(scope: string, found: string): Error {
  return failure(
    'STATE_BACKEND',
    `The kv key "${scope}" holds ${found}; a state scope is a JSON object. It was left as it is: mend it, or choose another state.key`,
  );
}

function checkKey(scope: string): void {
  const problem = scope === '.' || scope === '..' ? 'kv takes any key but "." and ".."' : undefined;
  const bytes = measureBytes(scope, MAX_KEY_BYTES);
  const tooLong = bytes > MAX_KEY_BYTES ? `kv takes keys of at most ${MAX_KEY_BYTES} bytes, and this one has ${bytes}` : undefined;
  const reason = problem ?? tooLong;
  // A part of it could be a part of a secret, which nobody would find in a message.
  const name = problem === undefined ? '' : ` "${scope}"`;
  if (reason !== undefined)
    throw failure('STATE_BACKEND', `The state scope${name} cannot be a kv key: ${reason}. Choose another state.key`);
}

async function guard<Result>(scope: string, verb: 'read' | 'written', act: () => Promise<Result>): Promise<Result> {
  try {
    return await act();
  } catch (error) {
    throw stateBackendFailure(NAME, scope, verb, error);
  }
}

/** The binding tells a limit of rate or a passing fault from a lasting one only by the status in its message: `KV PUT failed: 429 Too Many Requests`. */
function isPassing(error: unknown): boolean {
  return error instanceof FailureError && error.failure.retryable && / failed: (429|5\d\d)\b/.test(error.message);
}
