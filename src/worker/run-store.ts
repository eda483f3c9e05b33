import type { RunRequest } from '../program/run-request.ts';
import { splitText } from './text-pieces.ts';

/**
 * Facts about the run that a host needs before it looks into the journal, or that are no part of the run's story:
 * - `cancelled`: somebody wished so (the reason); noted before it is answered, and carried out by the loop, now or when there is one again.
 * - `rested`: the `seq` of the next event when all that was at work only waited.
 * - `tries-from`: resumes before this `seq` do not count as tries without progress.
 * - `excused`: the host ended in good order, so that the next resume does not count as one either.
 * - `lacking`: JSON text, the bindings that were missing already when the run began.
 * - `unsealed`: secrets were left out of what is kept, because the host has no key to seal them with.
 * - `secrets-gone`: of a run that is over, that there were secrets, which are not kept longer.
 * - `life`: the name of the life of the run that may write, which is at work in an instance of Workflows.
 * - `instance`: how many such instances the run had before its present one.
 * - `kept NAME`: what the step of that name gave, when the platform is not to keep it: JSON text, or `sealed N` for what is sealed as N.
 * - `told-loss`: a warning in the journal says that secrets are not to be had.
 */
export type NoteName =
  | 'cancelled'
  | 'rested'
  | 'tries-from'
  | 'excused'
  | 'lacking'
  | 'unsealed'
  | 'secrets-gone'
  | 'told-loss'
  | 'life'
  | 'instance'
  | `kept ${string}`;

/** The program and the request of the run, beside its journal. No table is there before the first write: who asks for a run that does not exist must leave nothing behind. */
export class RunStore {
  readonly #sql: SqlStorage;
  #exists: boolean;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    this.#exists = sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'run'").toArray().length > 0;
  }

  exists(): boolean {
    return this.#exists;
  }

  /** `request` as it may be shown. */
  write(program: string, request: RunRequest): void {
    // A handful of rows needs no index; and as rows of an index a program beyond 1 kB would take a page of 4 kB of its own, in each run.
    this.#sql.exec(
      'CREATE TABLE IF NOT EXISTS run (id INTEGER PRIMARY KEY, name TEXT NOT NULL, piece INTEGER NOT NULL, text TEXT NOT NULL)',
    );
    this.#writeText('program', program);
    this.#writeText('request', JSON.stringify(request));
    this.#exists = true;
  }

  /** As JSON text, the way it came. */
  readProgram(): string {
    return this.#readText('program') ?? '';
  }

  readRequest(): RunRequest {
    return JSON.parse(this.#readText('request') ?? '') as RunRequest;
  }

  readNote(name: NoteName): string | undefined {
    return this.#exists ? this.#readText(name) : undefined;
  }

  writeNote(name: NoteName, text: string): void {
    this.#writeText(name, text);
  }

  /** How many steps' ends are kept. */
  countKept(): number {
    return this.#sql.exec<{ count: number }>("SELECT count(DISTINCT name) AS count FROM run WHERE name LIKE 'kept %'").one().count;
  }

  clearNote(name: NoteName): void {
    this.#sql.exec('DELETE FROM run WHERE name = ?', name);
  }

  /** The run is over: only what it ran, and with what, is of use. */
  clearNotes(): void {
    this.#sql.exec("DELETE FROM run WHERE name NOT IN ('program', 'request')");
  }

  #writeText(name: string, text: string): void {
    this.#sql.exec('DELETE FROM run WHERE name = ?', name);
    for (const [piece, part] of splitText(text).entries())
      this.#sql.exec('INSERT INTO run (name, piece, text) VALUES (?, ?, ?)', name, piece, part);
  }

  #readText(name: string): string | undefined {
    const rows = this.#sql.exec<{ text: string }>('SELECT text FROM run WHERE name = ? ORDER BY piece', name).toArray();
    return rows.length === 0 ? undefined : rows.map(({ text }) => text).join('');
  }
}
