import type { RunFilter, RunSummary } from '../program/host-calls.ts';
import type { RunReport } from '../program/run-report.ts';
import type { AgentTally, StatisticsFilter } from '../program/run-statistics.ts';
import { packTallies, unpackTallies } from './packed-tallies.ts';

const TABLES = [
  `CREATE TABLE IF NOT EXISTS runs (
    id INTEGER PRIMARY KEY, run TEXT NOT NULL UNIQUE, ensemble TEXT NOT NULL, file TEXT NOT NULL, status TEXT NOT NULL, started_at INTEGER NOT NULL,
    events INTEGER NOT NULL, summary TEXT NOT NULL)`,
  'CREATE INDEX IF NOT EXISTS runs_by_start ON runs (started_at DESC, run DESC)',
  'CREATE INDEX IF NOT EXISTS runs_by_status ON runs (status, started_at DESC, run DESC)',
  'CREATE INDEX IF NOT EXISTS runs_by_ensemble ON runs (ensemble, started_at DESC, run DESC)',
  // Apart from the runs: a list does not read them. The same ids.
  'CREATE TABLE IF NOT EXISTS tallies (id INTEGER PRIMARY KEY, agents TEXT NOT NULL)',
];

/** What a filter takes when it does not say how many. */
export const DEFAULT_LIMIT = 100;

/** A run with what its agents did, when it is over. */
export interface RunEnd {
  readonly summary: RunSummary;
  readonly agents: readonly AgentTally[];
}

/** One row a run. */
export class RunTable {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    for (const table of TABLES) sql.exec(table);
  }

  /** Puts the report in place of an older one. Reports may come in any order; that of a run with more events is the newer. */
  write({ summary, events, agents }: RunReport): void {
    const { run, ensemble, file, status, started_at } = summary;
    const written = this.#sql.exec(
      `INSERT INTO runs (run, ensemble, file, status, started_at, events, summary) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (run) DO UPDATE SET
        ensemble = excluded.ensemble, file = excluded.file, status = excluded.status, started_at = excluded.started_at,
        events = excluded.events, summary = excluded.summary
        WHERE excluded.events >= runs.events`,
      run,
      ensemble,
      file,
      status,
      started_at,
      events,
      JSON.stringify(summary),
    ).rowsWritten;
    if (written === 0 || agents === undefined) return;
    this.#sql.exec('INSERT OR REPLACE INTO tallies SELECT id, ? FROM runs WHERE run = ?', packTallies(agents), run);
  }

  find(run: string): RunSummary | undefined {
    const [row] = this.#sql.exec<{ summary: string }>('SELECT summary FROM runs WHERE run = ?', run).toArray();
    return row === undefined ? undefined : (JSON.parse(row.summary) as RunSummary);
  }

  /** Newest first; those of one moment by their ids. `beforeAt`: when the run of `before` started, if that one may be elsewhere. */
  list(filter: RunFilter, beforeAt?: number): readonly RunSummary[] {
    const { ensemble, statuses, since, until, part, before, limit = DEFAULT_LIMIT } = filter;
    const where = new Where();
    if (statuses !== undefined) where.add(`status IN (${statuses.map(() => '?').join(', ')})`, ...statuses);
    if (ensemble !== undefined) where.add('(ensemble = ? OR file = ?)', ensemble, ensemble);
    if (since !== undefined) where.add('started_at >= ?', since);
    if (until !== undefined) where.add('started_at < ?', until);
    if (part !== undefined) where.add('(substr(run, 1, length(?)) = ? OR substr(run, -length(?)) = ?)', part, part, part, part);
    if (before !== undefined) {
      // Ids sort by time: that still says where to go on when the run was deleted meanwhile.
      const last = beforeAt ?? this.startOf(before);
      if (last === undefined) where.add('run < ?', before);
      else where.add('(started_at, run) < (?, ?)', last, before);
    }
    return this.#sql
      .exec<{ summary: string }>(`SELECT summary FROM runs ${where} ORDER BY started_at DESC, run DESC LIMIT ?`, ...where.values, limit)
      .toArray()
      .map(({ summary }) => JSON.parse(summary) as RunSummary);
  }

  /** Epoch ms. */
  startOf(run: string): number | undefined {
    return this.#sql.exec<{ started_at: number }>('SELECT started_at FROM runs WHERE run = ?', run).toArray()[0]?.started_at;
  }

  /** Oldest first. */
  *ends({ ensemble, since }: StatisticsFilter): Generator<RunEnd> {
    const where = new Where();
    if (ensemble !== undefined) where.add('(ensemble = ? OR file = ?)', ensemble, ensemble);
    if (since !== undefined) where.add('started_at >= ?', since);
    const rows = this.#sql.exec<{ summary: string; agents: string | null }>(
      `SELECT summary, agents FROM runs LEFT JOIN tallies USING (id) ${where} ORDER BY started_at, run`,
      ...where.values,
    );
    for (const { summary, agents } of rows) {
      yield { summary: JSON.parse(summary) as RunSummary, agents: agents === null ? [] : unpackTallies(agents) };
    }
  }

  delete(run: string): void {
    this.#sql.exec('DELETE FROM tallies WHERE id = (SELECT id FROM runs WHERE run = ?)', run);
    this.#sql.exec('DELETE FROM runs WHERE run = ?', run);
  }

  *ids(): Generator<string> {
    for (const { run } of this.#sql.exec<{ run: string }>('SELECT run FROM runs')) yield run;
  }
}

/** Conditions that all must hold, with the values of their placeholders. */
class Where {
  readonly values: (string | number)[] = [];
  readonly #conditions: string[] = [];

  add(condition: string, ...values: readonly (string | number)[]): void {
    this.#conditions.push(condition);
    this.values.push(...values);
  }

  toString(): string {
    return this.#conditions.length === 0 ? '' : `WHERE ${this.#conditions.join(' AND ')}`;
  }
}
