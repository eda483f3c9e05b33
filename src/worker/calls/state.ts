import type { StateAsk, StateReply } from '../../program/state-calls.ts';
import { FailureError } from '../../runtime/failure.ts';
import { editScope } from '../state/edit-scope.ts';
import { findScopes, listScopes } from '../state/find-scopes.ts';
import { hideStateSecrets } from '../state/hide-secrets.ts';
import { openScope } from '../state/open-scope.ts';
import { readPoint } from '../state/read-point.ts';
import { restoreScope } from '../state/restore-scope.ts';
import { forgetSnapshot, listSnapshots, takeSnapshot } from '../state/snapshots.ts';
import type { WorkerEnv } from '../worker-env.ts';
import type { AnswerCall } from './call.ts';

type Action = StateAsk['action'];
type Actions = {
  readonly [Name in Action]: (ask: Extract<StateAsk, { readonly action: Name }>, env: WorkerEnv) => Promise<StateReply>;
};

/** What people ask and do about state across runs (`ensemble state`). A scope is reached through the backend that runs use, so that what holds for their writes holds for these. */
const ACTIONS: Actions = {
  scopes: async (_, env) => ({ type: 'scopes', scopes: await listScopes(env) }),
  find: ({ scope, place }, env) => findScopes(env, scope, place),
  read: ({ address, point }, env) => (point === undefined ? openScope(env, address).inspector.read() : readPoint(env, address, point)),
  history: ({ address, key, since, after }, env) =>
    openScope(env, address).inspector.history({
      ...(key === undefined ? {} : { key }),
      ...(since === undefined ? {} : { since }),
      ...(after === undefined ? {} : { after }),
    }),
  edit: (ask, env) => editScope(env, ask),
  snapshot: (ask, env) => takeSnapshot(env, ask),
  snapshots: ({ address }, env) => listSnapshots(env, address),
  restore: ({ address, point }, env) => restoreScope(env, address, point),
  'forget-snapshot': ({ address, name }, env) => forgetSnapshot(env, address, name),
};

export const state: AnswerCall<'state'> = async (ask, env) => {
  // The table's entry for an action takes what that one asks: TypeScript cannot relate the two by itself.
  const answer = ACTIONS[ask.action] as (ask: StateAsk, env: WorkerEnv) => Promise<StateReply>;
  try {
    const reply = await answer(ask, env);
    return 'reveal' in ask && ask.reveal === true ? reply : hideStateSecrets(reply, env);
  } catch (error) {
    if (error instanceof FailureError) return { type: 'refused', message: error.failure.message };
    throw error;
  }
};
