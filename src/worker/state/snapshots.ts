import type { ScopeAddress, ScopeContent, ScopeKey, ScopeSnapshot, StateAsk, StateReply } from '../../program/state-calls.ts';
import type { StateChange } from '../../runtime/state/backend.ts';
import { readBindings } from '../bindings.ts';
import { splitText } from '../text-pieces.ts';
import type { WorkerEnv } from '../worker-env.ts';
import { commitByHand, noteScope, toReply } from './edit-scope.ts';
import { openScope } from './open-scope.ts';
import { openScopeIndex } from './open-scope-index.ts';
import { resolvePlace } from './resolve-place.ts';
import type { ScopeIndex } from './scope-index.ts';

/** Pieces sent in one call. */
const WRITE_AT_ONCE = 8;
/** A restore is written onto what it has read; as often as others come first, it reads again. */
const MAX_TRIES = 50;

interface Snapshot {
  readonly at: number;
  readonly content: ScopeContent;
}

/** Keeps what the scope holds now under a name. */
export async function takeSnapshot(
  env: WorkerEnv,
  { address, name, replace }: Extract<StateAsk, { readonly action: 'snapshot' }>,
): Promise<StateReply> {
  const read = await openScope(env, address).inspector.read();
  if (read.type === 'refused') return read;
  const { content, at } = read;
  const index = requireIndex(env);
  const place = addressOf(env, address);
  const { version } = content;
  const snapshot: ScopeSnapshot = { name, at, keys: content.keys.length, ...(version === undefined ? {} : { version }) };
  const id = await index.beginSnapshot(place, snapshot, replace);
  if (id === undefined) return { type: 'refused', message: `the scope "${address.scope}" has a snapshot "${name}" already` };
  const pieces = splitText(JSON.stringify({ at, content } satisfies Snapshot));
  for (let first = 0; first < pieces.length; first += WRITE_AT_ONCE) {
    await index.addPieces(id, first, pieces.slice(first, first + WRITE_AT_ONCE));
  }
  await index.finishSnapshot(id);
  return { type: 'snapshot', snapshot };
}

/** What the scope held when the snapshot was taken; undefined when there is none of that name. */
export async function readSnapshot(env: WorkerEnv, address: ScopeAddress, name: string): Promise<Snapshot | undefined> {
  const index = requireIndex(env);
  const place = addressOf(env, address);
  let text = '';
  for (let first = 0; ; ) {
    const pieces = await index.pieces(place, name, first);
    if (pieces === undefined) return undefined;
    if (pieces.length === 0) return JSON.parse(text) as Snapshot;
    text += pieces.join('');
    first += pieces.length;
  }
}

/** Makes the scope what it was, in one commit: keys that the snapshot lacks go, the others get their values back with the age that those had. */
export async function restoreSnapshot(env: WorkerEnv, address: ScopeAddress, name: string): Promise<StateReply> {
  const snapshot = await readSnapshot(env, address, name);
  if (snapshot === undefined) return noSnapshot(address, name);
  const { backend, inspector } = openScope(env, address);
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    // Loaded first: what someone writes between the two reads is a conflict then.
    const base = await backend.load(address.scope);
    const present = await inspector.read();
    if (present.type === 'refused') return present;
    const changes = changesBetween(present.content, snapshot.content, Date.now());
    if (changes.length === 0) return { type: 'edited', keys: [] };
    await noteScope(env, address, { at: Date.now() });
    const committed = await commitByHand(backend, address.scope, base, changes, 'fail');
    if (committed.type === 'committed') return toReply(committed, changes);
  }
  return { type: 'refused', message: `runs wrote to the scope "${address.scope}" all the time: nothing was restored` };
}

export async function listSnapshots(env: WorkerEnv, address: ScopeAddress): Promise<StateReply> {
  return { type: 'snapshots', snapshots: await requireIndex(env).snapshots(addressOf(env, address)) };
}

export async function forgetSnapshot(env: WorkerEnv, address: ScopeAddress, name: string): Promise<StateReply> {
  return (await requireIndex(env).forgetSnapshot(addressOf(env, address), name)) ? { type: 'done' } : noSnapshot(address, name);
}

export function noSnapshot(address: ScopeAddress, name: string): StateReply {
  return { type: 'refused', message: `the scope "${address.scope}" has no snapshot "${name}"` };
}

function changesBetween(present: ScopeContent, wanted: ScopeContent, now: number): readonly StateChange[] {
  const before = new Map(present.keys.map((entry) => [entry.key, entry]));
  const after = new Set(wanted.keys.map(({ key }) => key));
  const common = { agent: 'state restore', replaces: true } as const;
  const gone = present.keys.filter(({ key }) => !after.has(key));
  return [
    ...gone.map(({ key }): StateChange => ({ ...common, key, value: null, writes: [], tainted: false, at: now, deleted: true })),
    ...wanted.keys
      .filter((entry) => !isSame(before.get(entry.key), entry))
      .map(({ key, value, tainted, at = now, valid_until }): StateChange => {
        return { ...common, key, value, writes: [value], tainted, at, ...(valid_until === undefined ? {} : { validUntil: valid_until }) };
      }),
  ];
}

function isSame(present: ScopeKey | undefined, { value, tainted, at, valid_until }: ScopeKey): boolean {
  return (
    present !== undefined &&
    present.tainted === tainted &&
    present.valid_until === valid_until &&
    // Only the age of a value that expires matters.
    (valid_until === undefined || present.at === at) &&
    JSON.stringify(present.value) === JSON.stringify(value)
  );
}

function addressOf(env: WorkerEnv, address: ScopeAddress): ScopeAddress {
  return { ...resolvePlace(readBindings(env), address), scope: address.scope };
}

function requireIndex(env: WorkerEnv): DurableObjectStub<ScopeIndex> {
  const index = openScopeIndex(env);
  if (index === undefined) throw new Error('this Worker has no binding for the ScopeIndex class');
  return index;
}
