import type { ScopeAddress, ScopeSnapshot } from '../../program/state-calls.ts';

const TABLES = [
  `CREATE TABLE IF NOT EXISTS snapshots (
    id INTEGER PRIMARY KEY, backend TEXT NOT NULL, binding TEXT NOT NULL, scope TEXT NOT NULL, name TEXT NOT NULL,
    at INTEGER NOT NULL, version INTEGER, keys INTEGER NOT NULL, whole INTEGER NOT NULL)`,
  'CREATE INDEX IF NOT EXISTS snapshots_by_scope ON snapshots (backend, binding, scope, name)',
  'CREATE TABLE IF NOT EXISTS pieces (id INTEGER NOT NULL, piece INTEGER NOT NULL, text TEXT NOT NULL, PRIMARY KEY (id, piece))',
];

/** Pieces that are read in one call: together they stay far below what one RPC may carry. */
const READ_AT_ONCE = 8;

/** Snapshots of scopes as JSON text in pieces. One that is not whole yet, or never became it, is not there. */
export class SnapshotTable {
  readonly #storage: DurableObjectStorage;
  readonly #sql: SqlStorage;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
    this.#sql = storage.sql;
    for (const table of TABLES) this.#sql.exec(table);
  }

  begin(address: ScopeAddress, { name, at, version, keys }: ScopeSnapshot, replace: boolean): number | undefined {
    if (!replace && this.#find(address, name) !== undefined) return undefined;
    return this.#storage.transactionSync(() => {
      this.#delete('backend = ? AND binding = ? AND scope = ? AND name = ? AND whole = 0', ...where(address), name);
      const row = this.#sql.exec(
        'INSERT INTO snapshots (backend, binding, scope, name, at, version, keys, whole) VALUES (?, ?, ?, ?, ?, ?, ?, 0) RETURNING id',
        ...where(address),
        name,
        at,
        version ?? null,
        keys,
      );
      return Number(row.one().id);
    });
  }

  add(id: number, first: number, pieces: readonly string[]): void {
    for (const [index, text] of pieces.entries()) this.#sql.exec('INSERT INTO pieces VALUES (?, ?, ?)', id, first + index, text);
  }

  finish(id: number): void {
    this.#storage.transactionSync(() => {
      this.#delete(
        '(backend, binding, scope, name) = (SELECT backend, binding, scope, name FROM snapshots WHERE id = ?1) AND id <> ?1',
        id,
      );
      this.#sql.exec('UPDATE snapshots SET whole = 1 WHERE id = ?', id);
    });
  }

  list(address: ScopeAddress): readonly ScopeSnapshot[] {
    const rows = this.#sql.exec(
      'SELECT name, at, version, keys FROM snapshots WHERE backend = ? AND binding = ? AND scope = ? AND whole = 1 ORDER BY at DESC, id DESC',
      ...where(address),
    );
    return (rows.toArray() as unknown as SnapshotRow[]).map(({ version, ...row }) => ({
      ...row,
      ...(version === null ? {} : { version }),
    }));
  }

  read(address: ScopeAddress, name: string, first: number): readonly string[] | undefined {
    const id = this.#find(address, name);
    if (id === undefined) return undefined;
    const rows = this.#sql.exec<{ text: string }>(
      `SELECT text FROM pieces WHERE id = ? AND piece >= ? ORDER BY piece LIMIT ${READ_AT_ONCE}`,
      id,
      first,
    );
    return rows.toArray().map(({ text }) => text);
  }

  forget(address: ScopeAddress, name: string): boolean {
    if (this.#find(address, name) === undefined) return false;
    this.#storage.transactionSync(() => this.#delete('backend = ? AND binding = ? AND scope = ? AND name = ?', ...where(address), name));
    return true;
  }

  #find(address: ScopeAddress, name: string): number | undefined {
    const [row] = this.#sql
      .exec('SELECT id FROM snapshots WHERE backend = ? AND binding = ? AND scope = ? AND name = ? AND whole = 1', ...where(address), name)
      .toArray();
    return row === undefined ? undefined : Number(row.id);
  }

  #delete(condition: string, ...values: readonly (string | number)[]): void {
    this.#sql.exec(`DELETE FROM pieces WHERE id IN (SELECT id FROM snapshots WHERE ${condition})`, ...values);
    this.#sql.exec(`DELETE FROM snapshots WHERE ${condition}`, ...values);
  }
}

interface SnapshotRow {
  readonly name: string;
  readonly at: number;
  readonly version: number | null;
  readonly keys: number;
}

function where({ backend, binding = '', scope }: ScopeAddress): readonly [string, string, string] {
  return [backend, binding, scope];
}
