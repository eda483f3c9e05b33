import { WORKER_BINDINGS } from '../program/host-protocol.ts';
import type { RunIndex } from './run-index.ts';
import type { WorkerEnv } from './worker-env.ts';

/** The index of all runs; undefined where none is bound, which leaves lists and statistics empty. */
export function openIndex(env: WorkerEnv): DurableObjectStub<RunIndex> | undefined {
  return env[WORKER_BINDINGS.index]?.getByName('runs');
}
