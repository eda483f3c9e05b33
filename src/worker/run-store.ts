import type { RunRequest } from '../program/run-request.ts';
import { splitText } from './text-pieces.ts';

/**
 * The program and the request of the run, beside its journal: what a resumed run needs. The values of
 * secret variables are not kept: nothing on disk may hold them.
 */
export class RunStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec('CREATE TABLE IF NOT EXISTS run (name TEXT NOT NULL, piece INTEGER NOT NULL, text TEXT NOT NULL, PRIMARY KEY (name, piece))');
  }

  exists(): boolean {
    return this.#sql.exec("SELECT 1 FROM run WHERE name = 'request'").toArray().length > 0;
  }

  write(program: string, request: RunRequest): void {
    this.#writeText('program', program);
    this.#writeText('request', JSON.stringify(request));
  }

  /** As JSON text, the way it came. */
  readProgram(): string {
    return this.#readText('program');
  }

  readRequest(): RunRequest {
    return JSON.parse(this.#readText('request')) as RunRequest;
  }

  #writeText(name: string, text: string): void {
    for (const [piece, part] of splitText(text).entries()) this.#sql.exec('INSERT INTO run VALUES (?, ?, ?)', name, piece, part);
  }

  #readText(name: string): string {
    const rows = this.#sql.exec<{ text: string }>('SELECT text FROM run WHERE name = ? ORDER BY piece', name);
    return rows
      .toArray()
      .map(({ text }) => text)
      .join('');
  }
}
