import { existsSync, realpathSync } from 'node:fs';
import { relative } from 'node:path';
import { writeRunShapes } from '../../node/run-shapes.ts';
import { readDevVars } from '../../node/wrangler/dev-vars.ts';
import type { People } from '../approvals/question-desk.ts';
import { readPeople } from '../approvals/read-people.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { printJsonLine } from '../print-json.ts';
import { createQuietReporter } from '../reporters/quiet.ts';
import { loadProgram } from '../run/load-program.ts';
import { type OpenHost, openWhileInterruptible } from '../run/open-while-interruptible.ts';
import { readVariables } from '../run/read-variables.ts';
import type { RunOptions } from '../run/run-ensemble.ts';
import { ShapeRecorder } from '../run/shape-recorder.ts';
import { UsageProblem } from '../usage-problem.ts';
import { checkRows } from './check-rows.ts';
import { openProgress, type Progress } from './progress.ts';
import { readRows } from './read-rows.ts';
import { openResults, type ResultsFile, readResults } from './results-file.ts';
import { checkRow, readDefaults } from './row-input.ts';
import { openRowSource, type RowSource, resultsFileOf } from './row-source.ts';
import { type Batch, runRow } from './run-row.ts';
import { runRows } from './run-rows.ts';
import { showSummary } from './show-summary.ts';
import { Tally } from './tally.ts';
import { untilAborted } from './until-aborted.ts';

export interface EachOptions extends RunOptions {
  /** A file of JSON Lines, or `-`. */
  readonly each: string;
  readonly concurrency?: number;
  readonly results?: string;
  readonly fresh?: boolean;
}

const CONCURRENCY = 4;

/**
 * `ensemble run FILE --each ROWS`: a run for each row, several at once, and a line of results for each that ended. What an earlier batch did with the same results
 * is not done again. Only one line of the rows is held at a time.
 * @throws UsageProblem, ProjectProblem, OutputProblem; anything else is a defect.
 */
export async function runEach(file: string, pairs: readonly string[], options: EachOptions, io: Io, openHost: OpenHost): Promise<ExitCode> {
  if (options.each === '-' && options.input === '-') throw new UsageProblem('--each - and --input - cannot both read stdin');
  const loaded = await loadProgram(file, options, io);
  if (loaded === undefined) return EXIT.problemsInFile;
  const { project, program } = loaded;
  const variables = readVariables(options.var ?? [], readDevVars(project.root), io);
  // Nobody is asked: with thousands of rows there would be thousands of questions.
  const people: People = { ...readPeople(options, program, io), interactive: false };
  const source = openRowSource(options.each, io);
  const defaults = await readDefaults(options.input, pairs, program, io);
  const resultsFile = resultsFileOf(source, options.results, io);
  const shown = relative(io.cwd, resultsFile);
  if (source.file !== undefined && isSameFile(source.file, resultsFile)) throw new UsageProblem('--results names the file of the rows');
  if (options.dryRun) {
    const { done, waiting } = options.fresh ? { done: new Map(), waiting: new Map() } : await readResults(resultsFile, shown);
    return checkRows(source, defaults, program, { done, waiting }, options, io);
  }

  const progress = openProgress(io, options);
  // From the start of workerd to its end an interrupt must not end this process by itself: workerd would stay behind.
  const stopGuarding = io.onInterrupt(() => {});
  try {
    const host = await openWhileInterruptible(openHost, { project, program }, progress.notice, io);
    if (host === undefined) return EXIT.interrupted;
    try {
      // Read only now: until then another batch may have had the data folder, and these results.
      const results = await openResults(resultsFile, shown, options.fresh === true);
      const reporter = new ShapeRecorder(program, createQuietReporter());
      const batch: Batch = { host, program, variables, reporter, people, io, begin: (key, run) => results.begin(key, run) };
      try {
        return await runAll({ source, defaults, results, batch, progress, shown }, options, io);
      } finally {
        results.close();
        writeRunShapes(project, reporter.shapes());
      }
    } finally {
      await host.close();
    }
  } finally {
    progress.close();
    stopGuarding();
  }
}

interface Parts {
  readonly source: RowSource;
  readonly defaults: Awaited<ReturnType<typeof readDefaults>>;
  readonly results: ResultsFile;
  readonly batch: Batch;
  readonly progress: Progress;
  /** The results as messages call them. */
  readonly shown: string;
}

async function runAll({ source, defaults, results, batch, progress, shown }: Parts, options: EachOptions, io: Io): Promise<ExitCode> {
  const tally = new Tally(await source.count(), io.now());
  progress.begin(tally);
  // Each row that runs hears of an interrupt by itself; here it only keeps further ones from beginning.
  const interrupt = new AbortController();
  const stopListening = [
    io.onInterrupt(() => {
      if (!interrupt.signal.aborted) progress.notice('cancelling the rows that run; press Ctrl-C again to stop at once');
      interrupt.abort();
    }),
    io.stdout.onClosed(() => interrupt.abort()),
  ];
  try {
    await runRows(
      readRows(untilAborted(source.open(), interrupt.signal)),
      options.concurrency ?? CONCURRENCY,
      () => interrupt.signal.aborted,
      async (row) => {
        const checked = checkRow(row, defaults, batch.program);
        if (results.takeDone(checked.key)) {
          tally.skipped += 1;
          return;
        }
        const earlier = results.takeEarlier(checked.key);
        const result = await runRow(checked, batch, earlier);
        if (result === undefined) return;
        // A run that waits as before stands there already.
        const isKnown = result.status === 'waiting' && earlier?.waited === true && result.run === earlier.run;
        if (!isKnown) results.append(result);
        tally.add(result);
        if (options.json) printJsonLine(result, io);
      },
    );
  } finally {
    for (const stop of stopListening) stop();
    progress.close();
    showSummary(tally, { results: shown, interrupted: interrupt.signal.aborted, quiet: options.quiet === true }, io);
  }
  if (interrupt.signal.aborted) return io.stdout.closed ? EXIT.readerGone : EXIT.interrupted;
  if (tally.ended.failed > 0) return EXIT.runFailed;
  return tally.ended.waiting > 0 ? EXIT.runWaits : EXIT.done;
}

function isSameFile(a: string, b: string): boolean {
  return existsSync(b) && realpathSync(a) === realpathSync(b);
}
