import type { ScopeChange, ScopeKey } from '../../../program/state-calls.ts';
import { DELETED_TEXT, decodeValue } from '../stored-text.ts';
import type { HistoryAsk, HistoryPoint, HistoryReply, ReadReply, ScopeInspector } from './scope-inspector.ts';

export interface SqlStatement {
  readonly query: string;
  readonly values: readonly (string | number)[];
}

/** The tables of a backend that keeps its scopes in SQLite. */
export interface SqlSource {
  /** As in `state.backend`, for messages. */
  readonly backend: string;
  readonly state: string;
  readonly history: string;
  readonly commits: string;
  /** Whether the tables hold many scopes, told apart by a column `scope`. */
  readonly shared: boolean;
  /** The rows of each statement, all read in one transaction. */
  batch(statements: readonly SqlStatement[]): Promise<readonly (readonly unknown[])[]>;
}

/** Rows and bytes of values in one page of history, at most; a row that is larger comes alone. */
const PAGE_ROWS = 1_000;
const PAGE_BYTES = 4 * 1024 * 1024;

const FACTS = 'written_at, valid_until, tainted, run, agent, attempt';

/** Reads one scope of a backend with versions and history. `now` gives epoch ms. */
export class SqlInspector implements ScopeInspector {
  readonly #source: SqlSource;
  readonly #scope: string;
  readonly #now: () => number;

  constructor(source: SqlSource, scope: string, now: () => number) {
    this.#source = source;
    this.#scope = scope;
    this.#now = now;
  }

  async exists(): Promise<boolean> {
    return (await this.#newest()) !== undefined;
  }

  async read(point?: HistoryPoint): Promise<ReadReply> {
    if (point === undefined) return this.#readNow();
    const found = await this.#locate(point);
    if ('message' in found) return { type: 'refused', message: found.message };
    const { history, commits } = this.#source;
    // SQLite takes the other columns from the row that has the greatest version.
    const [rows = [], [commit] = []] = await this.#source.batch([
      this.#select(
        `key, value, MAX(version) AS version, ${FACTS} FROM ${history} AS t`,
        'version <= ? GROUP BY key ORDER BY key',
        found.version,
      ),
      this.#select(`version, committed_at FROM ${commits} AS t`, 'version <= ? ORDER BY version DESC LIMIT 1', found.version),
    ]);
    const keys = (rows as readonly KeyRow[]).filter(({ value }) => value !== DELETED_TEXT).map((row) => this.#toKey(row));
    return { type: 'content', content: { ...toVersion(commit as CommitRow | undefined), keys }, at: found.at };
  }

  async history({ key, since = 0, after = 0 }: HistoryAsk): Promise<HistoryReply> {
    const { history, commits, shared } = this.#source;
    const where = `t.version > ? AND t.rowid > ?${key === undefined ? '' : ' AND t.key = ?'}`;
    const values = [since, after, ...(key === undefined ? [] : [key])];
    const [sizes = []] = await this.#source.batch([
      this.#select(
        `t.rowid AS position, octet_length(t.value) AS bytes FROM ${history} AS t`,
        `${where} ORDER BY t.rowid LIMIT ${PAGE_ROWS}`,
        ...values,
      ),
    ]);
    const last = endOfPage(sizes as readonly SizeRow[]);
    if (last === undefined) return { type: 'history', changes: [] };
    const sameScope = shared ? 'c.scope = t.scope AND ' : '';
    const [rows = []] = await this.#source.batch([
      this.#select(
        `t.*, c.committed_at FROM ${history} AS t LEFT JOIN ${commits} AS c ON ${sameScope}c.version = t.version`,
        `${where} AND t.rowid <= ? ORDER BY t.rowid`,
        ...values,
        last,
      ),
    ]);
    return { type: 'history', changes: (rows as readonly ChangeRow[]).map((row) => this.#toChange(row)), next: last };
  }

  async #readNow(): Promise<ReadReply> {
    const { state, history, commits, shared } = this.#source;
    const sameScope = shared ? 'h.scope = t.scope AND ' : '';
    const [rows = [], [commit] = []] = await this.#source.batch([
      this.#select(
        `t.*, h.valid_until, h.run, h.agent, h.attempt FROM ${state} AS t LEFT JOIN ${history} AS h ON ${sameScope}h.version = t.version AND h.key = t.key`,
        '1 ORDER BY t.key',
      ),
      this.#select(`version, committed_at FROM ${commits} AS t`, '1 ORDER BY version DESC LIMIT 1'),
    ]);
    const keys = (rows as readonly KeyRow[]).map((row) => this.#toKey(row));
    return { type: 'content', content: { ...toVersion(commit as CommitRow | undefined), keys }, at: this.#now() };
  }

  async #locate(point: HistoryPoint): Promise<Located | { readonly message: string }> {
    const { history, commits } = this.#source;
    const newest = await this.#newest();
    if (point.type === 'time') {
      const [[row] = []] = await this.#source.batch([
        this.#select(`MAX(version) AS version FROM ${commits} AS t`, 'COALESCE(committed_at, 0) <= ?', point.at),
      ]);
      return { version: (row as { readonly version: number | null } | undefined)?.version ?? 0, at: point.at };
    }
    if (point.type === 'version') {
      if (point.version > (newest?.version ?? 0)) {
        return { message: `the scope "${this.#scope}" has no version ${point.version} yet: its newest is ${newest?.version ?? 0}` };
      }
      return { version: point.version, at: await this.#timeOf(point.version) };
    }
    const [[row] = []] = await this.#source.batch([
      this.#select(`MIN(version) AS first, MAX(version) AS last FROM ${history} AS t`, 'run = ?', point.run),
    ]);
    const { first = null, last = null } = (row ?? {}) as { readonly first?: number | null; readonly last?: number | null };
    if (first === null || last === null) return { message: `the run ${point.run} wrote nothing to the scope "${this.#scope}"` };
    return point.type === 'before-run'
      ? { version: first - 1, at: await this.#timeOf(first) }
      : { version: last, at: await this.#timeOf(last) };
  }

  async #newest(): Promise<CommitRow | undefined> {
    const { commits } = this.#source;
    const [[row] = []] = await this.#source.batch([
      this.#select(`version, committed_at FROM ${commits} AS t`, '1 ORDER BY version DESC LIMIT 1'),
    ]);
    return row as CommitRow | undefined;
  }

  async #timeOf(version: number): Promise<number> {
    const { commits } = this.#source;
    const [[row] = []] = await this.#source.batch([this.#select(`version, committed_at FROM ${commits} AS t`, 'version = ?', version)]);
    return (row as CommitRow | undefined)?.committed_at ?? this.#now();
  }

  /** A SELECT of this scope alone: `columns` name the table that has it `t`. */
  #select(columns: string, where: string, ...values: readonly (string | number)[]): SqlStatement {
    if (!this.#source.shared) return { query: `SELECT ${columns} WHERE ${where}`, values };
    return { query: `SELECT ${columns} WHERE t.scope = ? AND ${where}`, values: [this.#scope, ...values] };
  }

  #toKey({ key, value, version, written_at, valid_until, tainted, run, agent, attempt }: KeyRow): ScopeKey {
    return {
      key,
      value: decodeValue(this.#source.backend, this.#scope, key, value),
      tainted: tainted === 1,
      at: written_at,
      version,
      ...(valid_until === null ? {} : { valid_until }),
      ...(run === null ? {} : { run }),
      ...(agent === null ? {} : { agent }),
      ...(attempt === null ? {} : { attempt }),
    };
  }

  #toChange(row: ChangeRow): ScopeChange {
    const { key, value, version, written_at, valid_until, tainted, run, agent, attempt, committed_at } = row;
    return {
      key,
      ...(value === DELETED_TEXT ? { deleted: true } : { value: decodeValue(this.#source.backend, this.#scope, key, value) }),
      tainted: tainted === 1,
      at: written_at,
      version,
      run,
      agent,
      ...(valid_until === null ? {} : { valid_until }),
      ...(attempt === null ? {} : { attempt }),
      ...(committed_at === null ? {} : { committed_at }),
    };
  }
}

interface Located {
  readonly version: number;
  readonly at: number;
}

interface CommitRow {
  readonly version: number;
  readonly committed_at: number | null;
}

interface SizeRow {
  readonly position: number;
  readonly bytes: number;
}

/** A key without a row in the history, which someone deleted, has no writer. */
interface KeyRow {
  readonly key: string;
  readonly value: string;
  readonly version: number;
  readonly written_at: number;
  readonly valid_until: number | null;
  readonly tainted: number;
  readonly run: string | null;
  readonly agent: string | null;
  readonly attempt: number | null;
}

interface ChangeRow extends KeyRow {
  readonly run: string;
  readonly agent: string;
  readonly committed_at: number | null;
}

function toVersion(commit: CommitRow | undefined): { readonly version: number; readonly committed_at?: number } {
  const { version = 0, committed_at = null } = commit ?? {};
  return { version, ...(committed_at === null ? {} : { committed_at }) };
}

function endOfPage(sizes: readonly SizeRow[]): number | undefined {
  let bytes = 0;
  let end: number | undefined;
  for (const { position, bytes: size } of sizes) {
    bytes += size;
    if (end !== undefined && bytes > PAGE_BYTES) break;
    end = position;
  }
  return end;
}
