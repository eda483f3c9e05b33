import type { D1Like, D1StatementLike } from '../ports.ts';
import type { HistoryEntry, StateBackend } from './backend.ts';
import {
  D1_DELETE_KEYS,
  D1_INSERT_COMMIT,
  D1_INSERT_HISTORY,
  D1_INSERT_HISTORY_OF_KEY,
  D1_SELECT_COMMIT,
  D1_SELECT_HISTORY,
  D1_SELECT_KEYS,
  D1_SELECT_TOKEN,
  D1_SELECT_VERSION,
  D1_UPSERT_KEY,
  D1_UPSERT_KEYS,
} from './d1-schema.ts';
import { batchD1 } from './d1-tables.ts';
import { DELETED_TEXT, decodeValue, encodeValue } from './stored-text.ts';
import { createVersionedBackend } from './versioned-backend.ts';
import type { KeyWrite, ScopeReply, ScopeWrite, StoredKey, StoredScope, VersionedStore } from './versioned-store.ts';

const NAME = 'd1';
/** D1 keeps rows, and takes bound parameters, of at most 2,000,000 bytes; the rest of the row needs a little of it. */
const MAX_VALUE_BYTES = 1_990_000;
/** Keys are written many at a time, in lists of about this many characters; a longer one goes by itself. */
const LIST_CHARACTERS = 250_000;

/**
 * State in a D1 database, in tables of its own that are made on first use. A commit is one batch, which D1 runs as one transaction: its first
 * statement swaps the version, the others write only if it did.
 */
export function createD1Backend(database: D1Like, drawId: () => string): StateBackend {
  return createVersionedBackend(new D1Store(database, drawId), drawId);
}

class D1Store implements VersionedStore {
  readonly name = NAME;
  readonly #database: D1Like;
  readonly #drawId: () => string;

  constructor(database: D1Like, drawId: () => string) {
    this.#database = database;
    this.#drawId = drawId;
  }

  async read(scope: string): Promise<StoredScope> {
    const [version, keys] = await this.#batch([this.#bind(D1_SELECT_VERSION, scope), this.#bind(D1_SELECT_KEYS, scope)]);
    return decodeScope(scope, version, keys);
  }

  async write(scope: string, { id, run, base, writes }: ScopeWrite): Promise<ScopeReply> {
    const version = base + 1;
    const token = this.#drawId();
    const rows = writes.map((write) => ({ write, text: encodeWrite(scope, write) }));
    const results = await this.#batch([
      this.#bind(D1_INSERT_COMMIT, scope, base, id, token, run),
      ...this.#bindWrites([scope, version, token], run, rows),
      ...(writes.some(({ deleted }) => deleted) ? [this.#bind(D1_DELETE_KEYS, scope, version, token)] : []),
      this.#bind(D1_SELECT_TOKEN, scope, version),
    ]);
    const [found] = (results.at(-1) ?? []) as readonly { readonly token: string }[];
    if (found?.token === token) return { type: 'written', version };
    const [repeated, present, keys] = await this.#batch([
      this.#bind(D1_SELECT_COMMIT, scope, id),
      this.#bind(D1_SELECT_VERSION, scope),
      this.#bind(D1_SELECT_KEYS, scope),
    ]);
    return { type: repeated?.length === 0 ? 'changed' : 'repeated', present: decodeScope(scope, present, keys) };
  }

  async history(scope: string, since: number): Promise<readonly HistoryEntry[]> {
    const [rows] = await this.#batch([this.#bind(D1_SELECT_HISTORY, scope, since)]);
    return ((rows ?? []) as readonly HistoryRow[]).map((row) => ({
      key: row.key,
      ...(row.value === DELETED_TEXT ? { value: null, deleted: true } : { value: decodeValue(NAME, scope, row.key, row.value) }),
      version: row.version,
      run: row.run,
      agent: row.agent,
      at: row.written_at,
      tainted: row.tainted === 1,
      ...(row.attempt === null ? {} : { attempt: row.attempt }),
      ...(row.valid_until === null ? {} : { validUntil: row.valid_until }),
    }));
  }

  #bind(query: string, ...values: unknown[]): D1StatementLike {
    return this.#database.prepare(query).bind(...values);
  }

  #bindWrites(swap: readonly unknown[], run: string, rows: readonly EncodedWrite[]): D1StatementLike[] {
    const statements: D1StatementLike[] = [];
    for (const list of chunk(rows)) {
      const [first] = list;
      if (first !== undefined && list.length === 1) {
        const { key, at, tainted, agent, validUntil, attempt } = first.write;
        const values = [...swap, key, first.text, at, tainted ? 1 : 0];
        statements.push(
          this.#bind(D1_UPSERT_KEY, ...values),
          this.#bind(D1_INSERT_HISTORY_OF_KEY, ...values, run, agent, validUntil, attempt),
        );
      } else {
        const json = JSON.stringify(list.map(toRow));
        statements.push(this.#bind(D1_UPSERT_KEYS, ...swap, json), this.#bind(D1_INSERT_HISTORY, ...swap, json, run));
      }
    }
    return statements;
  }

  #batch(statements: D1StatementLike[]): Promise<readonly unknown[][]> {
    return batchD1(this.#database, statements);
  }
}

interface EncodedWrite {
  readonly write: KeyWrite;
  readonly text: string;
}

interface KeyRow {
  readonly key: string;
  readonly value: string;
  readonly version: number;
  readonly written_at: number;
  readonly tainted: number;
}

interface HistoryRow extends KeyRow {
  readonly run: string;
  readonly agent: string;
  readonly attempt: number | null;
  readonly valid_until: number | null;
}

function encodeWrite(scope: string, { key, value, deleted }: KeyWrite): string {
  return deleted ? DELETED_TEXT : encodeValue(NAME, scope, key, value, MAX_VALUE_BYTES);
}

function toRow({ write, text }: EncodedWrite): readonly unknown[] {
  return [write.key, text, write.at, write.tainted ? 1 : 0, write.agent, write.validUntil, write.attempt];
}

function chunk(rows: readonly EncodedWrite[]): readonly EncodedWrite[][] {
  const lists: EncodedWrite[][] = [];
  let list: EncodedWrite[] = [];
  let characters = 0;
  for (const row of rows) {
    const length = row.text.length + row.write.key.length;
    if (list.length > 0 && characters + length > LIST_CHARACTERS) {
      lists.push(list);
      list = [];
      characters = 0;
    }
    list.push(row);
    characters += length;
  }
  return list.length === 0 ? lists : [...lists, list];
}

function decodeScope(scope: string, version: readonly unknown[] | undefined, keys: readonly unknown[] | undefined): StoredScope {
  const [first] = (version ?? []) as readonly { readonly version: number }[];
  return { version: first?.version ?? 0, keys: ((keys ?? []) as readonly KeyRow[]).map((row) => toStored(scope, row)) };
}

function toStored(scope: string, row: KeyRow): StoredKey {
  const value = decodeValue(NAME, scope, row.key, row.value);
  return { key: row.key, value, version: row.version, at: row.written_at, tainted: row.tainted === 1 };
}
