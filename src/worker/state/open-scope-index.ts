import { WORKER_BINDINGS } from '../../program/host-protocol.ts';
import type { WorkerEnv } from '../worker-env.ts';
import type { ScopeIndex } from './scope-index.ts';

const NAME = 'scopes';

/** The one object that knows the scopes; undefined in a Worker without its binding. */
export function openScopeIndex(env: WorkerEnv): DurableObjectStub<ScopeIndex> | undefined {
  return env[WORKER_BINDINGS.scopes]?.getByName(NAME);
}
