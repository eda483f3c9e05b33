import type { ScopeAddress, ScopePlace, ScopeSummary, StateReply } from '../../program/state-calls.ts';
import { listD1Scopes } from '../../runtime/state/inspect/d1-inspector.ts';
import { readBindings } from '../bindings.ts';
import type { WorkerEnv } from '../worker-env.ts';
import { openScope } from './open-scope.ts';
import { readKnownScopes } from './open-scope-index.ts';
import { resolvePlace } from './resolve-place.ts';

type Found = Extract<StateReply, { readonly type: 'found' }>;

/** The places where a scope of that name holds something: those that the index knows, and every KV namespace and D1 database that is bound. */
export async function findScopes(env: WorkerEnv, scope: string, place: ScopePlace | undefined): Promise<Found> {
  const bindings = readBindings(env);
  const known = await readKnownScopes(env, scope);
  const wanted = place === undefined ? undefined : resolvePlace(bindings, place);
  const bound = listPlaces(env).filter((other) => wanted === undefined || isSame(other, wanted));
  const candidates: ScopeSummary[] = known.filter((other) => wanted === undefined || isSame(other, wanted));
  for (const other of bound) if (!candidates.some((candidate) => isSame(candidate, other))) candidates.push({ ...other, scope });
  const found = await Promise.all(
    candidates.map(async (candidate): Promise<readonly ScopeSummary[]> => {
      if (!bound.some((other) => isSame(other, candidate))) return [{ ...candidate, unreachable: true }];
      return (await holdsSomething(env, candidate)) ? [candidate] : [];
    }),
  );
  return { type: 'found', scopes: found.flat(), looked: bound };
}

/** Every scope that the index knows, and those of each D1 database. */
export async function listScopes(env: WorkerEnv): Promise<readonly ScopeSummary[]> {
  const bindings = readBindings(env);
  const scopes = [...(await readKnownScopes(env))];
  for (const binding of bindings.names('d1')) {
    const database = bindings.d1(binding);
    for (const scope of database === undefined ? [] : await listD1Scopes(database)) {
      const address: ScopeAddress = { backend: 'd1', binding, scope };
      if (!scopes.some((known) => known.scope === scope && isSame(known, address))) scopes.push(address);
    }
  }
  return scopes;
}

function listPlaces(env: WorkerEnv): readonly ScopePlace[] {
  const bindings = readBindings(env);
  return [
    ...bindings.names('d1').map((binding): ScopePlace => ({ backend: 'd1', binding })),
    { backend: 'durable-object' },
    ...bindings.names('kv').map((binding): ScopePlace => ({ backend: 'kv', binding })),
  ];
}

function isSame(a: ScopePlace, b: ScopePlace): boolean {
  return a.backend === b.backend && (a.binding ?? '') === (b.binding ?? '');
}

async function holdsSomething(env: WorkerEnv, address: ScopeAddress): Promise<boolean> {
  return await openScope(env, address).inspector.exists();
}
