import { DurableObject } from 'cloudflare:workers';
import type { ScopeSummary } from '../program/state-calls.ts';
import { answerInspection, type InspectedObject, type ObjectAsk } from '../runtime/state/inspect/durable-object-inspector.ts';
import { SqlInspector, type SqlSource } from '../runtime/state/inspect/sql-inspector.ts';
import type {
  HistoryRowText,
  KeyWriteText,
  ScopeReplyText,
  ScopeWriteText,
  StateObjectPort,
  StoredScopeText,
} from '../runtime/state/state-object-port.ts';
import { DELETED_TEXT } from '../runtime/state/stored-text.ts';
import { openScopeIndex } from './state/open-scope-index.ts';
import type { WorkerEnv } from './worker-env.ts';

/**
 * What one scope may hold, in bytes of keys and JSON. A scope is read in one RPC reply, which may have 32 MiB: whatever was written must
 * stay readable.
 */
const MAX_SCOPE_BYTES = 24 * 1024 * 1024;

const TABLES = [
  `CREATE TABLE IF NOT EXISTS state (
    key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL, version INTEGER NOT NULL, written_at INTEGER NOT NULL, tainted INTEGER NOT NULL)`,
  `CREATE TABLE IF NOT EXISTS history (
    version INTEGER NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, run TEXT NOT NULL, agent TEXT NOT NULL,
    written_at INTEGER NOT NULL, valid_until INTEGER, tainted INTEGER NOT NULL, attempt INTEGER,
    PRIMARY KEY (version, key))`,
  'CREATE TABLE IF NOT EXISTS commits (version INTEGER NOT NULL PRIMARY KEY, id TEXT NOT NULL UNIQUE, committed_at INTEGER)',
];

/** Columns that the tables of an earlier version lack. */
const ADDED_COLUMNS = [
  ['history', 'attempt'],
  ['commits', 'committed_at'],
] as const;

/**
 * The object that holds one state scope (`backend: durable-object`), named by the scope's key. It runs one call at a time, and each method
 * below is synchronous within from its first look at the tables on, so comparing and swapping needs nothing more.
 */
export class StateObject extends DurableObject<WorkerEnv> implements StateObjectPort, InspectedObject {
  readonly #sql: SqlStorage;

  constructor(context: DurableObjectState, env: WorkerEnv) {
    super(context, env);
    this.#sql = context.storage.sql;
    for (const table of TABLES) this.#sql.exec(table);
    for (const [table, column] of ADDED_COLUMNS) {
      const found = this.#sql.exec('SELECT 1 FROM pragma_table_info(?) WHERE name = ?', table, column).toArray();
      if (found.length === 0) this.#sql.exec(`ALTER TABLE ${table} ADD COLUMN ${column} INTEGER`);
    }
  }

  async load(): Promise<StoredScopeText> {
    return this.#read();
  }

  async commit({ id, run, base, writes }: ScopeWriteText): Promise<ScopeReplyText> {
    if (this.#version() === 0) await this.#announce();
    if (this.#sql.exec('SELECT version FROM commits WHERE id = ?', id).toArray().length > 0)
      return { type: 'repeated', present: this.#read() };
    if (this.#version() !== base) return { type: 'changed', present: this.#read() };
    const bytes = this.#bytesAfter(writes);
    if (bytes > MAX_SCOPE_BYTES) return { type: 'full', bytes, limit: MAX_SCOPE_BYTES };
    const version = base + 1;
    this.ctx.storage.transactionSync(() => {
      this.#sql.exec('INSERT INTO commits (version, id, committed_at) VALUES (?, ?, ?)', version, id, Date.now());
      for (const write of writes) this.#write(write, version, run);
    });
    return { type: 'written', version };
  }

  async history(since: number): Promise<readonly HistoryRowText[]> {
    const rows = this.#sql
      .exec('SELECT * FROM history WHERE written_at >= ? ORDER BY version, rowid', since)
      .toArray() as unknown as HistoryRow[];
    return rows.map(({ key, value, version, run, agent, attempt, written_at, valid_until, tainted }) => {
      return { key, text: value, version, run, agent, attempt, at: written_at, validUntil: valid_until, tainted: tainted === 1 };
    });
  }

  inspect(ask: ObjectAsk): Promise<string> {
    const source: SqlSource = {
      backend: 'durable-object',
      state: 'state',
      history: 'history',
      commits: 'commits',
      shared: false,
      batch: async (statements) => statements.map(({ query, values }) => this.#sql.exec(query, ...values).toArray()),
    };
    return answerInspection(new SqlInspector(source, this.ctx.id.name ?? '', Date.now), ask);
  }

  /** Nobody finds an object that is not known by its name: it is, before it holds anything. */
  async #announce(): Promise<void> {
    const { name } = this.ctx.id;
    if (name === undefined) return;
    const summary: ScopeSummary = { backend: 'durable-object', scope: name, last_at: Date.now() };
    await openScopeIndex(this.env, name)
      ?.note(JSON.stringify([summary]))
      .catch(() => undefined);
  }

  #read(): StoredScopeText {
    const rows = this.#sql.exec('SELECT * FROM state ORDER BY rowid').toArray() as unknown as StateRow[];
    return {
      version: this.#version(),
      keys: rows.map(({ key, value, version, written_at, tainted }) => ({
        key,
        text: value,
        version,
        at: written_at,
        tainted: tainted === 1,
      })),
    };
  }

  #version(): number {
    return Number(this.#sql.exec('SELECT COALESCE(MAX(version), 0) AS version FROM commits').one().version);
  }

  #bytesAfter(writes: readonly KeyWriteText[]): number {
    const { bytes } = this.#sql.exec('SELECT COALESCE(SUM(octet_length(key) + octet_length(value)), 0) AS bytes FROM state').one();
    const encoder = new TextEncoder();
    let total = Number(bytes);
    for (const { key, text } of writes) {
      const [old] = this.#sql.exec('SELECT octet_length(key) + octet_length(value) AS bytes FROM state WHERE key = ?', key).toArray();
      total += (text === DELETED_TEXT ? 0 : encoder.encode(key).length + encoder.encode(text).length) - Number(old?.bytes ?? 0);
    }
    return total;
  }

  #write({ key, text, agent, attempt, at, validUntil, tainted }: KeyWriteText, version: number, run: string): void {
    const taint = tainted ? 1 : 0;
    if (text === DELETED_TEXT) this.#sql.exec('DELETE FROM state WHERE key = ?', key);
    else
      this.#sql.exec(
        `INSERT INTO state (key, value, version, written_at, tainted) VALUES (?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET
        value = excluded.value, version = excluded.version, written_at = excluded.written_at, tainted = excluded.tainted`,
        key,
        text,
        version,
        at,
        taint,
      );
    this.#sql.exec(
      'INSERT INTO history (version, key, value, run, agent, written_at, valid_until, tainted, attempt) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
      version,
      key,
      text,
      run,
      agent,
      at,
      validUntil,
      taint,
      attempt,
    );
  }
}

interface StateRow {
  readonly key: string;
  readonly value: string;
  readonly version: number;
  readonly written_at: number;
  readonly tainted: number;
}

interface HistoryRow extends StateRow {
  readonly run: string;
  readonly agent: string;
  readonly attempt: number | null;
  readonly valid_until: number | null;
}
