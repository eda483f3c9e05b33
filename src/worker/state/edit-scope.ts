import type { ScopeAddress, ScopeEdit, StateAsk, StateReply } from '../../program/state-calls.ts';
import type { Commit, Committed, Loaded, StateBackend, StateChange } from '../../runtime/state/backend.ts';
import { readBindings } from '../bindings.ts';
import type { WorkerEnv } from '../worker-env.ts';
import { openScope } from './open-scope.ts';
import { openScopeIndex } from './open-scope-index.ts';
import { resolvePlace } from './resolve-place.ts';

/** In the history, in place of the run that wrote. */
export const BY_HAND = 'cli';

type EditAsk = Extract<StateAsk, { readonly action: 'edit' }>;
type Edited = Extract<StateReply, { readonly type: 'edited' | 'conflict' | 'refused' }>;

/** Sets and deletes keys in one commit, as a run would: what others write meanwhile to other keys stays. */
export async function editScope(env: WorkerEnv, { address, edits, version, ensemble, schema }: EditAsk): Promise<Edited> {
  const { backend } = openScope(env, address);
  if (version !== undefined && address.backend === 'kv') return { type: 'refused', message: 'kv keeps no versions' };
  const base = await backend.load(address.scope);
  const at = Date.now();
  const changes = edits.flatMap((edit) => toChange(edit, base, at));
  if (changes.length === 0) return { type: 'edited', keys: [] };
  await noteScope(env, address, { at, ...(ensemble === undefined ? {} : { ensemble }), ...(schema === undefined ? {} : { schema }) });
  const expected = version === undefined ? base : { ...base, version };
  const committed = await commitByHand(backend, address.scope, expected, changes, version === undefined ? 'overwrite' : 'fail');
  return toReply(committed, changes);
}

export function commitByHand(
  backend: StateBackend,
  scope: string,
  base: Loaded,
  changes: readonly StateChange[],
  onConflict: Commit['onConflict'],
): Promise<Committed> {
  return backend.commit(scope, { run: BY_HAND, base, changes, onConflict, reduce: (_key, _current, write) => write });
}

export function toReply(committed: Committed, changes: readonly StateChange[]): Edited {
  if (committed.type === 'conflict') return committed;
  const { version } = committed.loaded;
  return { type: 'edited', ...(version === undefined ? {} : { version }), keys: changes.map(({ key }) => key) };
}

type Noted = Pick<EditAsk, 'ensemble' | 'schema'> & { readonly at: number };

/** Before it is written: a Durable Object that the index does not know is not found again. */
export async function noteScope(env: WorkerEnv, address: ScopeAddress, { at, ...ensemble }: Noted): Promise<void> {
  const place = resolvePlace(readBindings(env), address);
  await openScopeIndex(env, address.scope)?.note(JSON.stringify([{ ...place, scope: address.scope, last_at: at, ...ensemble }]));
}

function toChange(edit: ScopeEdit, base: Loaded, at: number): readonly StateChange[] {
  const { key } = edit;
  const common = { key, tainted: false, at, replaces: true } as const;
  if ('deleted' in edit) {
    const isThere = Object.hasOwn(base.values, key);
    return isThere ? [{ ...common, value: null, writes: [], agent: 'state delete', deleted: true }] : [];
  }
  const validity = edit.valid_until === undefined ? {} : { validUntil: edit.valid_until };
  return [{ ...common, ...validity, value: edit.value, writes: [edit.value], agent: 'state set' }];
}
