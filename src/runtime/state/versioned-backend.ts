import type { JsonValue } from '../../program/json.ts';
import { failure } from '../failure.ts';
import type { Commit, Committed, Loaded, StateBackend, StateChange } from './backend.ts';
import { stateBackendFailure } from './state-backend-failure.ts';
import type { KeyWrite, StoredKey, StoredScope, VersionedStore } from './versioned-store.ts';

/**
 * Each lost race means that another run's commit went through, so the number of tries bounds how many others may come first, not how long a
 * deadlock could last: there is none.
 */
const MAX_TRIES = 500;

/**
 * The backend over a store with versions (LANGUAGE §4.6): a commit is written only onto the version that the run has read. When others came
 * first, `merge` joins this run's writes to what stands there now and tries again, `overwrite` puts this run's values over it, `fail` hands
 * back the conflict. `drawId` names commits that have no name of their own.
 */
export function createVersionedBackend(store: VersionedStore, drawId: () => string = countIds()): StateBackend {
  const guarded = guardStore(store);
  const { history } = guarded;
  return {
    load: async (scope) => toLoaded(await guarded.read(scope)),
    commit: (scope, commit) => swap(guarded, scope, commit, commit.id ?? drawId()),
    ...(history === undefined ? {} : { history }),
  };
}

function countIds(): () => string {
  let count = 0;
  return () => `${count++}`;
}

/** Gives errors of the database or the network a code and the scope's name; what our own code throws stays a defect. */
function guardStore(store: VersionedStore): VersionedStore {
  const guard = async <Result>(scope: string, verb: 'read' | 'written', act: () => Promise<Result>): Promise<Result> => {
    try {
      return await act();
    } catch (error) {
      throw stateBackendFailure(store.name, scope, verb, error);
    }
  };
  const history = store.history?.bind(store);
  return {
    name: store.name,
    read: (scope) => guard(scope, 'read', () => store.read(scope)),
    write: (scope, write) => guard(scope, 'written', () => store.write(scope, write)),
    ...(history === undefined ? {} : { history: (scope: string, since: number) => guard(scope, 'read', () => history(scope, since)) }),
  };
}

async function swap(store: VersionedStore, scope: string, commit: Commit, id: string): Promise<Committed> {
  let writes = commit.changes.map(toWrite);
  let base = commit.base.version ?? 0;
  let before = commit.base;
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const reply = await store.write(scope, { id, run: commit.run, base, writes });
    if (reply.type === 'written') {
      return { type: 'committed', loaded: withWrites(before, writes, reply.version), merged: tries > 0 };
    }
    const { present } = reply;
    if (reply.type === 'repeated') return { type: 'committed', loaded: toLoaded(present), merged: true };
    if (commit.onConflict === 'fail') {
      return { type: 'conflict', version: present.version, keys: changedSince(present, commit.base) };
    }
    if (commit.onConflict === 'merge') writes = joinAll(commit, present);
    base = present.version;
    before = toLoaded(present);
  }
  throw failure(
    'STATE_CONFLICT',
    `Other runs changed the state scope "${scope}" ${MAX_TRIES} times while this one tried to join its changes to theirs`,
  );
}

function changedSince(present: StoredScope, base: Loaded): readonly string[] {
  return present.keys.filter((stored) => stored.version > (base.version ?? 0)).map(({ key }) => key);
}

function joinAll(commit: Commit, present: StoredScope): KeyWrite[] {
  const stored = new Map(present.keys.map((entry) => [entry.key, entry]));
  return commit.changes.map((change) => joinOnto(commit, change, stored.get(change.key)));
}

/** A key that nobody else wrote keeps the value that this run saw; another gets this run's writes again, onto what stands there now. */
function joinOnto(commit: Commit, change: StateChange, present: StoredKey | undefined): KeyWrite {
  const write = toWrite(change);
  if (write.deleted || change.replaces === true) return write;
  // A key that the run had read and that is gone was deleted meanwhile: what the run wrote joins nothing.
  const isDeleted = present === undefined && Object.hasOwn(commit.base.values, change.key);
  if (!isDeleted && (present === undefined || present.version <= (commit.base.version ?? 0))) return write;
  let value: JsonValue | undefined = present?.value;
  let at: number | undefined = present?.at;
  for (const written of change.writes) {
    value = commit.reduce(change.key, value, written, at);
    at = undefined;
  }
  const inherited = present?.tainted === true;
  return { ...write, value: value ?? write.value, tainted: change.tainted || inherited };
}

function toWrite({ key, value, agent, attempt, at, validUntil, tainted, deleted }: StateChange): KeyWrite {
  return { key, value, agent, attempt: attempt ?? null, at, validUntil: validUntil ?? null, tainted, deleted: deleted === true };
}

function toLoaded({ version, keys }: StoredScope): Loaded {
  const values: { [key: string]: JsonValue } = Object.create(null);
  const writtenAt: { [key: string]: number } = Object.create(null);
  for (const stored of keys) {
    values[stored.key] = stored.value;
    writtenAt[stored.key] = stored.at;
  }
  return { values, version, writtenAt, tainted: keys.filter((stored) => stored.tainted).map(({ key }) => key) };
}

function withWrites(before: Loaded, writes: readonly KeyWrite[], version: number): Loaded {
  const values: { [key: string]: JsonValue } = Object.assign(Object.create(null), before.values);
  const writtenAt: { [key: string]: number } = Object.assign(Object.create(null), before.writtenAt);
  const tainted = new Set(before.tainted);
  for (const write of writes) {
    if (write.deleted) {
      delete values[write.key];
      delete writtenAt[write.key];
      tainted.delete(write.key);
      continue;
    }
    values[write.key] = write.value;
    writtenAt[write.key] = write.at;
    if (write.tainted) tainted.add(write.key);
    else tainted.delete(write.key);
  }
  return { values, version, writtenAt, tainted: [...tainted] };
}
