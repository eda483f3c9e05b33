import { DurableObject } from 'cloudflare:workers';
import type {
  HistoryRowText,
  KeyWriteText,
  ScopeReplyText,
  ScopeWriteText,
  StateObjectPort,
  StoredScopeText,
} from '../runtime/state/state-object-port.ts';

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
    written_at INTEGER NOT NULL, valid_until INTEGER, tainted INTEGER NOT NULL,
    PRIMARY KEY (version, key))`,
  'CREATE TABLE IF NOT EXISTS commits (version INTEGER NOT NULL PRIMARY KEY, id TEXT NOT NULL UNIQUE)',
];

/**
 * The object that holds one state scope (`backend: durable-object`), named by the scope's key. It runs one call at a time, and each method
 * below is synchronous within, so comparing and swapping needs nothing more.
 */
export class StateObject extends DurableObject implements StateObjectPort {
  readonly #sql: SqlStorage;

  constructor(context: DurableObjectState, env: Cloudflare.Env) {
    super(context, env);
    this.#sql = context.storage.sql;
    for (const table of TABLES) this.#sql.exec(table);
  }

  async load(): Promise<StoredScopeText> {
    return this.#read();
  }

  async commit({ id, run, base, writes }: ScopeWriteText): Promise<ScopeReplyText> {
    if (this.#sql.exec('SELECT version FROM commits WHERE id = ?', id).toArray().length > 0)
      return { type: 'repeated', present: this.#read() };
    if (this.#version() !== base) return { type: 'changed', present: this.#read() };
    const bytes = this.#bytesAfter(writes);
    if (bytes > MAX_SCOPE_BYTES) return { type: 'full', bytes, limit: MAX_SCOPE_BYTES };
    const version = base + 1;
    this.ctx.storage.transactionSync(() => {
      this.#sql.exec('INSERT INTO commits (version, id) VALUES (?, ?)', version, id);
      for (const write of writes) this.#write(write, version, run);
    });
    return { type: 'written', version };
  }

  async history(since: number): Promise<readonly HistoryRowText[]> {
    const rows = this.#sql
      .exec('SELECT * FROM history WHERE written_at >= ? ORDER BY version, rowid', since)
      .toArray() as unknown as HistoryRow[];
    return rows.map(({ key, value, version, run, agent, written_at, valid_until, tainted }) => {
      return { key, text: value, version, run, agent, at: written_at, validUntil: valid_until, tainted: tainted === 1 };
    });
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
      total += encoder.encode(key).length + encoder.encode(text).length - Number(old?.bytes ?? 0);
    }
    return total;
  }

  #write({ key, text, agent, at, validUntil, tainted }: KeyWriteText, version: number, run: string): void {
    const taint = tainted ? 1 : 0;
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
      'INSERT INTO history (version, key, value, run, agent, written_at, valid_until, tainted) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      version,
      key,
      text,
      run,
      agent,
      at,
      validUntil,
      taint,
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
  readonly valid_until: number | null;
}
