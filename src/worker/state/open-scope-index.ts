import { WORKER_BINDINGS } from '../../program/host-protocol.ts';
import { shardName, shardOf } from '../../program/shard-of.ts';
import type { ScopeSummary } from '../../program/state-calls.ts';
import { shardCount } from '../shards.ts';
import type { WorkerEnv } from '../worker-env.ts';
import type { ScopeIndex } from './scope-index.ts';

/** The object that knows the scopes of that name; undefined in a Worker without its binding. */
export function openScopeIndex(env: WorkerEnv, scope: string): DurableObjectStub<ScopeIndex> | undefined {
  return partOf(env, shardOf(scope, shardCount(env)));
}

/** Those of a name, or all that are known; last used first. */
export async function readKnownScopes(env: WorkerEnv, scope?: string): Promise<readonly ScopeSummary[]> {
  const parts =
    scope === undefined ? Array.from({ length: shardCount(env) }, (_, shard) => partOf(env, shard)) : [openScopeIndex(env, scope)];
  const texts = await Promise.all(parts.map((part) => part?.list(scope)));
  const known = texts.flatMap((text) => (text === undefined ? [] : (JSON.parse(text) as readonly ScopeSummary[])));
  return parts.length === 1 ? known : known.toSorted((a, b) => (b.last_at ?? 0) - (a.last_at ?? 0) || (a.scope < b.scope ? -1 : 1));
}

function partOf(env: WorkerEnv, shard: number): DurableObjectStub<ScopeIndex> | undefined {
  return env[WORKER_BINDINGS.scopes]?.getByName(shardName('scopes', shard));
}
