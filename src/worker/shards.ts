import { WORKER_BINDINGS } from '../program/host-protocol.ts';
import { currentDeployment } from './deployment.ts';
import type { WorkerEnv } from './worker-env.ts';

/** An object of the platform answers about a thousand requests a second, and each run tells the index at least twice about itself (docs/scale.md). */
const DEPLOYED_SHARDS = 16;
const MAX_SHARDS = 256;

/** Over how many objects the index of runs, and that of scopes, is spread: one in a local host, where each is a file. */
export function shardCount(env: WorkerEnv): number {
  const text = env[WORKER_BINDINGS.indexShards];
  if (text === undefined || text === '') return currentDeployment() === undefined ? 1 : DEPLOYED_SHARDS;
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= MAX_SHARDS) return count;
  throw new Error(`${WORKER_BINDINGS.indexShards} must be a whole number from 1 to ${MAX_SHARDS}`);
}
