import type { ScopeAddress, ScopePoint } from '../../program/state-calls.ts';
import type { ReadReply } from '../../runtime/state/inspect/scope-inspector.ts';
import type { WorkerEnv } from '../worker-env.ts';
import { openScope } from './open-scope.ts';
import { noSnapshot, readSnapshot } from './snapshots.ts';

/** What the scope held then: from its own history, or from a snapshot. */
export async function readPoint(env: WorkerEnv, address: ScopeAddress, point: ScopePoint): Promise<ReadReply> {
  if (point.type !== 'snapshot') return openScope(env, address).inspector.read(point);
  const snapshot = await readSnapshot(env, address, point.name);
  return snapshot === undefined ? noSnapshot(address, point.name) : { type: 'content', ...snapshot };
}
