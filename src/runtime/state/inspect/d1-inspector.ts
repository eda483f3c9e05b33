import type { D1Like } from '../../ports.ts';
import { batchD1, hasStateTables } from '../d1-tables.ts';
import { stateBackendFailure } from '../state-backend-failure.ts';
import type { ScopeInspector } from './scope-inspector.ts';
import { SqlInspector, type SqlSource } from './sql-inspector.ts';

/** Looks at a scope in a D1 database; one that has no tables of the state holds no scope, and gets none by being looked at. */
export function createD1Inspector(database: D1Like, scope: string, now: () => number): ScopeInspector {
  const source: SqlSource = {
    backend: 'd1',
    state: '_ensemble_state',
    history: '_ensemble_state_history',
    commits: '_ensemble_state_commits',
    shared: true,
    batch: async (statements) => {
      try {
        if (!(await hasStateTables(database))) return statements.map(() => []);
        return await batchD1(
          database,
          statements.map(({ query, values }) => database.prepare(query).bind(...values)),
        );
      } catch (error) {
        throw stateBackendFailure('d1', scope, 'read', error);
      }
    },
  };
  return new SqlInspector(source, scope, now);
}

/** Every scope that a D1 database holds. */
export async function listD1Scopes(database: D1Like): Promise<readonly string[]> {
  if (!(await hasStateTables(database))) return [];
  const [rows = []] = await batchD1(database, [database.prepare('SELECT DISTINCT scope FROM _ensemble_state_commits ORDER BY scope')]);
  return (rows as readonly { readonly scope: string }[]).map(({ scope }) => scope);
}
