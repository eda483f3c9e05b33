import { failure } from '../failure.ts';
import type { StateBackend } from './backend.ts';
import type { StateObjectPort, StoredScopeText } from './state-object-port.ts';
import { DELETED_TEXT, decodeValue, encodeValue } from './stored-text.ts';
import { createVersionedBackend } from './versioned-backend.ts';
import type { StoredScope, VersionedStore } from './versioned-store.ts';

const NAME = 'durable-object';
/** SQLite in a Durable Object keeps rows of at most 2 MB; the rest of the row needs a little of it. */
const MAX_VALUE_BYTES = 1_990_000;

/** One Durable Object for each scope; the object's single thread is the compare and swap. */
export function createDurableObjectBackend(open: (scope: string) => StateObjectPort, drawId: () => string): StateBackend {
  const store: VersionedStore = {
    name: NAME,
    read: async (scope) => decodeScope(scope, await open(scope).load()),
    write: async (scope, { id, run, base, writes }) => {
      const texts = writes.map(({ key, value, deleted, ...facts }) => {
        const { agent, attempt, at, validUntil, tainted } = facts;
        const text = deleted ? DELETED_TEXT : encodeValue(NAME, scope, key, value, MAX_VALUE_BYTES);
        return { key, text, agent, attempt, at, validUntil, tainted };
      });
      const reply = await open(scope).commit({ id, run, base, writes: texts });
      if (reply.type === 'written') return { type: 'written', version: reply.version };
      if (reply.type !== 'full') return { type: reply.type, present: decodeScope(scope, reply.present) };
      throw failure(
        'STATE_BACKEND',
        `The state scope "${scope}" would be ${reply.bytes} bytes; ${NAME} keeps at most ${reply.limit} a scope. Nothing was written`,
      );
    },
    history: async (scope, since) => {
      const rows = await open(scope).history(since);
      return rows.map(({ key, text, version, run, agent, attempt, at, validUntil, tainted }) => ({
        key,
        ...(text === DELETED_TEXT ? { value: null, deleted: true } : { value: decodeValue(NAME, scope, key, text) }),
        version,
        run,
        agent,
        at,
        tainted,
        ...(attempt === null ? {} : { attempt }),
        ...(validUntil === null ? {} : { validUntil }),
      }));
    },
  };
  return createVersionedBackend(store, drawId);
}

function decodeScope(scope: string, { version, keys }: StoredScopeText): StoredScope {
  return {
    version,
    keys: keys.map(({ key, text, version, at, tainted }) => ({ key, value: decodeValue(NAME, scope, key, text), version, at, tainted })),
  };
}
