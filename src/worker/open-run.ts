import { WORKER_BINDINGS } from '../program/host-protocol.ts';
import type { RunObject } from './run-object.ts';
import type { WorkerEnv } from './worker-env.ts';

/** The object of a run, whether there is such a run or not. */
export function openRun(env: WorkerEnv, run: string): DurableObjectStub<RunObject> {
  return env[WORKER_BINDINGS.runs].getByName(run);
}
