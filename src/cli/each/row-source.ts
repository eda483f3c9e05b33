import { createReadStream, statSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import type { Io } from '../io.ts';
import { UsageProblem } from '../usage-problem.ts';
import { readLines } from './read-lines.ts';

/** Where the rows come from. */
export interface RowSource {
  /** As messages call it. */
  readonly shown: string;
  /** Absolute; undefined for stdin. */
  readonly file: string | undefined;
  open(): AsyncIterable<Uint8Array>;
  /** How many rows there are, broken ones included; undefined where counting them would use them up (stdin, a pipe). */
  count(): Promise<number | undefined>;
}

/**
 * The rows of a file, or of stdin for `-`.
 * @throws UsageProblem when there is no such file.
 */
export function openRowSource(reference: string, io: Io): RowSource {
  if (reference === '-') {
    return { shown: 'stdin', file: undefined, open: () => io.stdin.chunks(), count: () => Promise.resolve(undefined) };
  }
  const file = resolve(io.cwd, reference);
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats === undefined) throw new UsageProblem(`--each: there is no file ${reference}`);
  if (stats.isDirectory()) throw new UsageProblem(`--each: ${reference} is a folder`);
  const open = () => readOrExplain(file, reference);
  return { shown: reference, file, open, count: () => (stats.isFile() ? countRows(open()) : Promise.resolve(undefined)) };
}

/** `rows.results.jsonl` beside `rows.jsonl`. @throws UsageProblem for rows that have no file to be beside of. */
export function resultsFileOf({ file, shown }: RowSource, option: string | undefined, io: Io): string {
  if (option !== undefined) return resolve(io.cwd, option);
  if (file === undefined || !statSync(file).isFile()) {
    throw new UsageProblem(
      `--each ${shown === 'stdin' ? '-' : shown} needs --results FILE: the rows have no file beside which the results could stand`,
    );
  }
  const extension = extname(file);
  const stem = /^\.(jsonl|ndjson|json)$/.test(extension) ? basename(file, extension) : basename(file);
  return join(dirname(file), `${stem}.results.jsonl`);
}

async function* readOrExplain(file: string, reference: string): AsyncGenerator<Uint8Array, void> {
  try {
    yield* createReadStream(file) as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw new UsageProblem(`--each ${reference} cannot be read: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

async function countRows(chunks: AsyncIterable<Uint8Array>): Promise<number> {
  let rows = 0;
  for await (const line of readLines(chunks)) if (!('text' in line) || line.text.trim() !== '') rows += 1;
  return rows;
}
