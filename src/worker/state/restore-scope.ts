import type { ScopeAddress, ScopeContent, ScopeKey, ScopePoint, StateReply } from '../../program/state-calls.ts';
import type { StateChange } from '../../runtime/state/backend.ts';
import type { WorkerEnv } from '../worker-env.ts';
import { commitByHand, noteScope, toReply } from './edit-scope.ts';
import { openScope } from './open-scope.ts';
import { readPoint } from './read-point.ts';

/** A restore is written onto what it has read; as often as others come first, it reads again. */
const MAX_TRIES = 50;

/** Makes the scope what it was, in one commit: keys that it did not have go, the others get their values back with the age that those had. */
export async function restoreScope(env: WorkerEnv, address: ScopeAddress, point: ScopePoint): Promise<StateReply> {
  const wanted = await readPoint(env, address, point);
  if (wanted.type === 'refused') return wanted;
  const { backend, inspector } = openScope(env, address);
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    // Loaded first: what someone writes between the two reads is a conflict then.
    const base = await backend.load(address.scope);
    const present = await inspector.read();
    if (present.type === 'refused') return present;
    const changes = changesBetween(present.content, wanted.content, Date.now());
    if (changes.length === 0) return { type: 'edited', keys: [] };
    await noteScope(env, address, { at: Date.now() });
    const committed = await commitByHand(backend, address.scope, base, changes, 'fail');
    if (committed.type === 'committed') return toReply(committed, changes);
  }
  return { type: 'refused', message: `runs wrote to the scope "${address.scope}" all the time: nothing was restored` };
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
