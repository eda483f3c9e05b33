import { join, relative } from 'node:path';
import { compile } from '../../language/compile.ts';
import type { SourceFile } from '../../language/project-index.ts';
import type { Host } from '../../node/host.ts';
import type { LocalHostOptions } from '../../node/local-host.ts';
import { openProjectIndex } from '../../node/project/project-index.ts';
import { readSettings } from '../../node/project/read-settings.ts';
import { createRunId } from '../../node/run-id.ts';
import { writeRunShapes } from '../../node/run-shapes.ts';
import { readDevVars } from '../../node/wrangler/dev-vars.ts';
import type { Program } from '../../program/program.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { chooseReporter, REPORTERS } from '../reporters/index.ts';
import type { Reporter } from '../reporters/reporter.ts';
import { harmlessLine } from '../terminal/harmless.ts';
import { buildPlan } from './build-plan.ts';
import { findEnsembleFile } from './find-ensemble-file.ts';
import { type FollowedRun, followRun } from './follow-run.ts';
import { noticeText } from './notice-text.ts';
import { readInput } from './read-input.ts';
import { readVariables } from './read-variables.ts';
import { ShapeRecorder } from './shape-recorder.ts';
import { showDiagnostics } from './show-diagnostics.ts';
import { showFailure } from './show-failure.ts';
import { showOutput } from './show-output.ts';
import { showPlan } from './show-plan.ts';

export interface RunOptions {
  readonly input?: string;
  readonly var?: readonly string[];
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly dryRun?: boolean;
}

/** Opens the host that runs; a test brings its own. */
export type OpenHost = (options: LocalHostOptions) => Promise<Host>;

/**
 * `ensemble run`: compile, check the input, run, print the output.
 * @throws UsageProblem, ProjectProblem; anything else is a defect.
 */
export async function runEnsemble(
  file: string,
  pairs: readonly string[],
  options: RunOptions,
  io: Io,
  openHost: OpenHost,
): Promise<ExitCode> {
  const { project, source } = findEnsembleFile(file, io.cwd);
  const { settings, diagnostics: badSettings } = readSettings(project.root);
  const { program, diagnostics } = compile(source, openProjectIndex(project.root, { variables: settings.env }), settings);
  const errors = [...badSettings, ...diagnostics].filter(({ severity }) => severity === 'error');
  showDiagnostics(errors, project.root, io);
  if (!options.quiet) tellOfWarnings(diagnostics.filter(({ severity }) => severity === 'warning').length, source, project.root, io);
  if (program === undefined || errors.length > 0) return EXIT.problemsInFile;
  const variables = readVariables(options.var ?? [], readDevVars(project.root), io);
  const input = await readInput(options.input, pairs, program.body.input, io);
  if (options.dryRun) {
    const plan = buildPlan(program, input);
    if (options.json) io.stdout.write(`${JSON.stringify(plan, null, 2)}\n`);
    else showPlan(plan, io);
    return EXIT.done;
  }

  const reporter = REPORTERS[chooseReporter(io, options)](io);
  const request = { run: createRunId(io.now()), input, ...variables };
  // From the start of workerd to its end an interrupt must not end this process by itself: workerd would stay behind.
  const stopGuarding = io.onInterrupt(() => {});
  try {
    const host = await openWhileInterruptible(openHost, { project, program }, reporter, io);
    if (host === undefined) return EXIT.interrupted;
    try {
      const recorder = new ShapeRecorder(program, reporter);
      const followed = await followRun(host, program, request, recorder, io);
      reporter.close();
      writeRunShapes(project, recorder.shapes());
      return conclude(followed, program, project.root, options, io);
    } finally {
      await host.close();
    }
  } finally {
    reporter.close();
    stopGuarding();
  }
}

/** Warnings in full would stand between the author and the output, run after run. */
function tellOfWarnings(count: number, { path }: SourceFile, root: string, io: Io): void {
  if (count === 0) return;
  const file = harmlessLine(relative(io.cwd, join(root, path)));
  io.stderr.write(`${count} warning${count === 1 ? '' : 's'} (ensemble validate ${file} shows ${count === 1 ? 'it' : 'them'})\n`);
}

/** Waiting for the data folder can take as long as another run does: an interrupt ends it. Undefined = interrupted. */
async function openWhileInterruptible(
  openHost: OpenHost,
  options: LocalHostOptions,
  reporter: Reporter,
  io: Io,
): Promise<Host | undefined> {
  const interrupt = new AbortController();
  const stopListening = io.onInterrupt(() => interrupt.abort());
  try {
    const host = await openHost({
      ...options,
      signal: interrupt.signal,
      notice: (notice) => reporter.notice(noticeText(notice, io.cwd)),
    });
    if (!interrupt.signal.aborted) return host;
    await host.close();
    return undefined;
  } catch (error) {
    if (interrupt.signal.aborted) return undefined;
    throw error;
  } finally {
    stopListening();
  }
}

function conclude(followed: FollowedRun, program: Program, root: string, options: RunOptions, io: Io): ExitCode {
  const interruption = io.stdout.closed ? EXIT.readerGone : EXIT.interrupted;
  if (followed.type === 'abandoned') return interruption;
  if (followed.type === 'waiting') {
    const { agent, prompt } = followed.event;
    if (options.quiet) io.stderr.write(`${harmlessLine(agent)} waits${prompt === undefined ? '' : `: ${harmlessLine(prompt)}`}\n`);
    return EXIT.runWaits;
  }
  const { event, interrupted } = followed;
  if (event.status === 'succeeded') {
    if (!options.json) showOutput(event.output, io);
    return EXIT.done;
  }
  if (interrupted && event.status === 'cancelled') return interruption;
  showFailure(event, program, root, io);
  return event.failure?.code === 'DEFECT' ? EXIT.defect : EXIT.runFailed;
}
