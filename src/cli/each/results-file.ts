import {
  appendFileSync,
  closeSync,
  createReadStream,
  createWriteStream,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { OutputProblem } from '../output-problem.ts';
import { UsageProblem } from '../usage-problem.ts';
import { type Line, readLines } from './read-lines.ts';
import { parseRowResult, type RowResult } from './row-result.ts';

/** The results of a batch: a line of JSON for each row that ended, in the order in which they ended. */
export interface ResultsFile {
  /** True when a row of this key is done from an earlier batch. Of equal rows each done one counts once. */
  takeDone(key: string): boolean;
  /** Adds a whole line. @throws OutputProblem when the file takes no more. */
  append(result: RowResult): void;
  close(): void;
}

/** How often each key succeeded in earlier batches. */
export type DoneRows = Map<string, number>;

/**
 * Opens the results for a batch that goes on where an earlier one ended. Its successes stay; its failures, and a last line that a crash tore, are taken out, for
 * those rows run again. `fresh` takes all out. Until this call nothing is written.
 * @throws UsageProblem when the file cannot be written, or holds something else than results.
 */
export async function openResults(file: string, shown: string, fresh: boolean): Promise<ResultsFile> {
  const { done, surplus } = await readResults(file, shown);
  let target: number;
  try {
    if (fresh) writeFileSync(file, '');
    else if (surplus) await keepSuccesses(file);
    target = openSync(file, 'a');
  } catch (error) {
    throw new UsageProblem(`the results ${shown} cannot be written: ${reasonOf(error)}`, { cause: error });
  }
  return {
    takeDone: (key) => !fresh && takeOne(done, key),
    append(result) {
      try {
        appendFileSync(target, `${JSON.stringify(result)}\n`);
      } catch (error) {
        throw new OutputProblem(error);
      }
    },
    close: () => closeSync(target),
  };
}

/**
 * What an earlier batch left. `surplus`: there are lines that a batch which goes on takes out.
 * @throws UsageProblem when the file holds something else than results, which must not be lost.
 */
export async function readResults(file: string, shown: string): Promise<{ readonly done: DoneRows; readonly surplus: boolean }> {
  const done: DoneRows = new Map();
  let surplus = false;
  const stats = statSync(file, { throwIfNoEntry: false });
  // A device or a pipe keeps nothing: reading it would wait, or never end (/dev/full).
  if (stats === undefined || !(stats.isFile() || stats.isDirectory())) return { done, surplus };
  try {
    for await (const line of readLines(createReadStream(file))) {
      const result = 'text' in line ? parseRowResult(line.text) : undefined;
      if (result?.status === 'succeeded') done.set(result.key, (done.get(result.key) ?? 0) + 1);
      if (result?.status !== 'succeeded' || !line.whole) surplus = true;
      if (result === undefined && !isTorn(line)) {
        throw new UsageProblem(
          `${shown} holds something else than the results of a batch (line ${line.number}); name another file with --results`,
        );
      }
    }
  } catch (error) {
    if (error instanceof UsageProblem) throw error;
    throw new UsageProblem(`the results ${shown} cannot be read: ${reasonOf(error)}`, { cause: error });
  }
  return { done, surplus };
}

/** Only a last line can be torn, and then it begins as every result does: what else stands there is somebody's. */
function isTorn(line: Line & { readonly whole: boolean }): boolean {
  if (line.whole) return false;
  if ('problem' in line) return line.number > 1;
  const start = '{"line":';
  return line.text.startsWith(start) || start.startsWith(line.text);
}

export function takeOne(done: DoneRows, key: string): boolean {
  const count = done.get(key) ?? 0;
  if (count === 0) return false;
  if (count === 1) done.delete(key);
  else done.set(key, count - 1);
  return true;
}

/** Written beside the file first: a crash leaves the old results or the new ones. A link stays a link. */
async function keepSuccesses(file: string): Promise<void> {
  const target = realpathSync(file);
  const staging = `${target}.${process.pid}.tmp`;
  try {
    await pipeline(successesOf(target), createWriteStream(staging));
    renameSync(staging, target);
  } catch (error) {
    rmSync(staging, { force: true });
    throw error;
  }
}

async function* successesOf(file: string): AsyncGenerator<string, void> {
  for await (const line of readLines(createReadStream(file))) {
    if ('text' in line && parseRowResult(line.text)?.status === 'succeeded') yield `${line.text}\n`;
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
