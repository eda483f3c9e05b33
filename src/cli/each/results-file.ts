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
import { BegunRows, readBegun } from './begun-rows.ts';
import { type Line, readLines } from './read-lines.ts';
import { parseRowResult, type RowResult } from './row-result.ts';

/** The results of a batch: a line of JSON for each row that ended, in the order in which they ended. */
export interface ResultsFile {
  /** True when a row of this key is done from an earlier batch. Of equal rows each done one counts once. */
  takeDone(key: string): boolean;
  /** The run that a row of this key has since an earlier batch, and whose end is not known. */
  takeEarlier(key: string): EarlierRun | undefined;
  /** A row of this key is run now. @throws OutputProblem when that cannot be written down. */
  begin(key: string, run: string): void;
  /** Adds a whole line. @throws OutputProblem when the file takes no more. */
  append(result: RowResult): void;
  close(): void;
}

export interface EarlierRun {
  readonly run: string;
  /** It waited for somebody when its batch was over; the others were at work when their batch was killed. */
  readonly waited: boolean;
}

/** How often each key succeeded in earlier batches. */
export type DoneRows = Map<string, number>;

/** What earlier batches left. */
export interface EarlierResults {
  readonly done: DoneRows;
  /** The runs that wait for somebody, by their ids; the value is the key of the row. */
  readonly waiting: ReadonlyMap<string, string>;
  /** There are lines that a batch which goes on takes out. */
  readonly surplus: boolean;
}

/**
 * Opens the results for a batch that goes on where an earlier one ended. Its successes stay, and which runs wait; its failures, and a last line that a
 * crash tore, are taken out, for those rows run again. `fresh` takes all out. Until this call nothing is written.
 * @throws UsageProblem when the file cannot be written, or holds something else than results.
 */
export async function openResults(file: string, shown: string, fresh: boolean): Promise<ResultsFile> {
  const begunFile = `${file}.begun`;
  const begun = fresh ? new Map<string, string>() : readBegun(begunFile);
  const { done, waiting, surplus } = await readResults(file, shown, begun);
  let target: number;
  try {
    if (fresh) writeFileSync(file, '');
    else if (surplus) await keepResults(file, waiting);
    target = openSync(file, 'a');
  } catch (error) {
    throw new UsageProblem(`the results ${shown} cannot be written: ${reasonOf(error)}`, { cause: error });
  }
  const earlier = [
    ...Array.from(fresh ? [] : waiting, ([run, key]) => ({ run, key, waited: true })),
    ...Array.from(begun, ([run, key]) => ({ run, key, waited: false })),
  ];
  const runs = Map.groupBy(earlier, ({ key }) => key);
  // A device keeps nothing that a later batch could go on with.
  const rows = statSync(file).isFile() ? new BegunRows(begunFile, begun) : undefined;
  return {
    takeDone: (key) => !fresh && takeOne(done, key),
    takeEarlier(key) {
      const found = runs.get(key)?.shift();
      if (found !== undefined) rows?.end(found.run);
      return found;
    },
    begin: (key, run) => rows?.begin(key, run),
    append(result) {
      try {
        appendFileSync(target, `${JSON.stringify(result)}\n`);
      } catch (error) {
        throw new OutputProblem(error);
      }
      if (result.run !== undefined) rows?.end(result.run);
    },
    close() {
      closeSync(target);
      rows?.close();
    },
  };
}

/**
 * Reads what earlier batches left; runs that have a result are taken out of `begun`. Of a run that waited and then went on both lines stand there: the later one counts.
 * @throws UsageProblem when the file holds something else than results, which must not be lost.
 */
export async function readResults(file: string, shown: string, begun?: Map<string, string>): Promise<EarlierResults> {
  const done: DoneRows = new Map();
  const waiting = new Map<string, string>();
  let surplus = false;
  const stats = statSync(file, { throwIfNoEntry: false });
  // A device or a pipe keeps nothing: reading it would wait, or never end (/dev/full).
  if (stats === undefined || !(stats.isFile() || stats.isDirectory())) return { done, waiting, surplus };
  try {
    for await (const line of readLines(createReadStream(file))) {
      const result = 'text' in line ? parseRowResult(line.text) : undefined;
      if (result?.status === 'succeeded') done.set(result.key, (done.get(result.key) ?? 0) + 1);
      if (result?.run !== undefined) begun?.delete(result.run);
      if (result?.run !== undefined && result.status === 'waiting') waiting.set(result.run, result.key);
      else if (result?.run !== undefined && waiting.delete(result.run)) surplus = true;
      if ((result?.status !== 'succeeded' && result?.status !== 'waiting') || !line.whole) surplus = true;
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
  return { done, waiting, surplus };
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
async function keepResults(file: string, waiting: EarlierResults['waiting']): Promise<void> {
  const target = realpathSync(file);
  const staging = `${target}.${process.pid}.tmp`;
  try {
    await pipeline(keptLines(target, waiting), createWriteStream(staging));
    renameSync(staging, target);
  } catch (error) {
    rmSync(staging, { force: true });
    throw error;
  }
}

async function* keptLines(file: string, waiting: EarlierResults['waiting']): AsyncGenerator<string, void> {
  for await (const line of readLines(createReadStream(file))) {
    const result = 'text' in line ? parseRowResult(line.text) : undefined;
    const waits = result?.status === 'waiting' && result.run !== undefined && waiting.has(result.run);
    if ('text' in line && (waits || result?.status === 'succeeded')) yield `${line.text}\n`;
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
