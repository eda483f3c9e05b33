import { DurableObject } from 'cloudflare:workers';
import type { LastingBackend, ScopeAddress, ScopeKeyPlan, ScopeSchema, ScopeSnapshot, ScopeSummary } from '../../program/state-calls.ts';
import { getOwn, setOwn } from '../../runtime/own-property.ts';
import { SnapshotTable } from './snapshot-table.ts';

const TABLE = `CREATE TABLE IF NOT EXISTS scopes (
  backend TEXT NOT NULL, binding TEXT NOT NULL, scope TEXT NOT NULL, ensemble TEXT, run TEXT, last_at INTEGER, schema TEXT,
  PRIMARY KEY (backend, binding, scope))`;

/**
 * Which scopes there are and where: a Durable Object or a KV key cannot be found by looking for it, since looking makes the one and the other could be anybody's. Runs tell it
 * what they open (`reportScopes`). It keeps the snapshots too, of every backend. Schemas and values cross as JSON text, so that a key such as `__proto__` stays a key.
 */
export class ScopeIndex extends DurableObject {
  readonly #sql: SqlStorage;
  readonly #snapshots: SnapshotTable;

  constructor(context: DurableObjectState, env: Cloudflare.Env) {
    super(context, env);
    this.#sql = context.storage.sql;
    this.#sql.exec(TABLE);
    this.#snapshots = new SnapshotTable(context.storage);
  }

  /** Takes a JSON list of ScopeSummary. What is known already and newer stays; a scope set by hand keeps the ensemble that it was known by. */
  async note(scopes: string): Promise<void> {
    this.ctx.storage.transactionSync(() => {
      for (const scope of JSON.parse(scopes) as readonly ScopeSummary[]) this.#note(scope);
    });
  }

  /** A JSON list of ScopeSummary: those of a name, or all; last used first. */
  async list(scope?: string): Promise<string> {
    const rows =
      scope === undefined
        ? this.#sql.exec('SELECT * FROM scopes ORDER BY last_at DESC, scope')
        : this.#sql.exec('SELECT * FROM scopes WHERE scope = ? ORDER BY last_at DESC', scope);
    return JSON.stringify((rows.toArray() as unknown as ScopeRow[]).map(toSummary));
  }

  /** The number under which the snapshot is filled, or undefined when there is one of that name. */
  async beginSnapshot(address: ScopeAddress, snapshot: ScopeSnapshot, replace: boolean): Promise<number | undefined> {
    return this.#snapshots.begin(address, snapshot, replace);
  }

  async addPieces(id: number, first: number, pieces: readonly string[]): Promise<void> {
    this.#snapshots.add(id, first, pieces);
  }

  /** From now on it is there, in place of an earlier one of the same name. */
  async finishSnapshot(id: number): Promise<void> {
    this.#snapshots.finish(id);
  }

  /** Newest first. */
  async snapshots(address: ScopeAddress): Promise<readonly ScopeSnapshot[]> {
    return this.#snapshots.list(address);
  }

  /** Some of its pieces from the `first` on; none once there are no more; undefined when there is no such snapshot. */
  async pieces(address: ScopeAddress, name: string, first: number): Promise<readonly string[] | undefined> {
    return this.#snapshots.read(address, name, first);
  }

  async forgetSnapshot(address: ScopeAddress, name: string): Promise<boolean> {
    return this.#snapshots.forget(address, name);
  }

  #note({ backend, binding = '', scope, ensemble, run, last_at, schema }: ScopeSummary): void {
    const [row] = this.#sql
      .exec('SELECT * FROM scopes WHERE backend = ? AND binding = ? AND scope = ?', backend, binding, scope)
      .toArray() as unknown as ScopeRow[];
    const known = row === undefined ? undefined : toSummary(row);
    const isOld = (known?.last_at ?? 0) > (last_at ?? 0);
    if (isOld && (ensemble === undefined || known?.ensemble !== undefined)) return;
    const merged = ensemble === undefined ? known?.schema : keepSecrets(schema, known?.schema);
    this.#sql.exec(
      'INSERT OR REPLACE INTO scopes (backend, binding, scope, ensemble, run, last_at, schema) VALUES (?, ?, ?, ?, ?, ?, ?)',
      backend,
      binding,
      scope,
      ensemble ?? known?.ensemble ?? null,
      run ?? known?.run ?? null,
      Math.max(last_at ?? 0, known?.last_at ?? 0),
      merged === undefined ? null : JSON.stringify(merged),
    );
  }
}

interface ScopeRow {
  readonly backend: LastingBackend;
  readonly binding: string;
  readonly scope: string;
  readonly ensemble: string | null;
  readonly run: string | null;
  readonly last_at: number;
  readonly schema: string | null;
}

function toSummary({ backend, binding, scope, ensemble, run, last_at, schema }: ScopeRow): ScopeSummary {
  return {
    backend,
    ...(binding === '' ? {} : { binding }),
    scope,
    ...(ensemble === null ? {} : { ensemble }),
    ...(run === null ? {} : { run }),
    last_at,
    ...(schema === null ? {} : { schema: JSON.parse(schema) as ScopeSchema }),
  };
}

/** A key that one ensemble holds secret is not shown because another one, which does not know it, came by later. */
function keepSecrets(schema: ScopeSchema | undefined, before: ScopeSchema | undefined): ScopeSchema | undefined {
  const secrets = Object.entries(before ?? {}).filter(([key, plan]) => plan.secret && getOwn(schema, key) === undefined);
  if (secrets.length === 0) return schema;
  const merged: { [key: string]: ScopeKeyPlan } = {};
  for (const [key, plan] of [...secrets, ...Object.entries(schema ?? {})]) setOwn(merged, key, plan);
  return merged;
}
