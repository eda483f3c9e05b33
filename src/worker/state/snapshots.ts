import { isSnapshotName, MAX_SNAPSHOT_NAME } from '../../program/snapshot-name.ts';
import type { ScopeAddress, ScopeContent, ScopeSnapshot, StateAsk, StateReply } from '../../program/state-calls.ts';
import { readBindings } from '../bindings.ts';
import { splitText } from '../text-pieces.ts';
import type { WorkerEnv } from '../worker-env.ts';
import { openScope } from './open-scope.ts';
import { openScopeIndex } from './open-scope-index.ts';
import { resolvePlace } from './resolve-place.ts';
import type { ScopeIndex } from './scope-index.ts';

/** Pieces sent in one call. */
const WRITE_AT_ONCE = 8;

type Refused = Extract<StateReply, { readonly type: 'refused' }>;

interface Snapshot {
  readonly at: number;
  readonly content: ScopeContent;
}

/** Keeps what the scope holds now under a name. */
export async function takeSnapshot(
  env: WorkerEnv,
  { address, name, replace }: Extract<StateAsk, { readonly action: 'snapshot' }>,
): Promise<StateReply> {
  if (!isSnapshotName(name))
    return { type: 'refused', message: `the name of a snapshot is a text of 1 to ${MAX_SNAPSHOT_NAME} characters` };
  const read = await openScope(env, address).inspector.read();
  if (read.type === 'refused') return read;
  const { content, at } = read;
  const index = requireIndex(env, address.scope);
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
  const index = requireIndex(env, address.scope);
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

export async function listSnapshots(env: WorkerEnv, address: ScopeAddress): Promise<StateReply> {
  return { type: 'snapshots', snapshots: await requireIndex(env, address.scope).snapshots(addressOf(env, address)) };
}

export async function forgetSnapshot(env: WorkerEnv, address: ScopeAddress, name: string): Promise<StateReply> {
  return (await requireIndex(env, address.scope).forgetSnapshot(addressOf(env, address), name))
    ? { type: 'done' }
    : noSnapshot(address, name);
}

export function noSnapshot(address: ScopeAddress, name: string): Refused {
  return { type: 'refused', message: `the scope "${address.scope}" has no snapshot "${name}"` };
}

function addressOf(env: WorkerEnv, address: ScopeAddress): ScopeAddress {
  return { ...resolvePlace(readBindings(env), address), scope: address.scope };
}

function requireIndex(env: WorkerEnv, scope: string): DurableObjectStub<ScopeIndex> {
  const index = openScopeIndex(env, scope);
  if (index === undefined) throw new Error('this Worker has no binding for the ScopeIndex class');
  return index;
}
