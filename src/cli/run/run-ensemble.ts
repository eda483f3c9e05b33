import { randomBytes } from 'node:crypto';
import { writeRunShapes } from '../../node/run-shapes.ts';
import { readDevVars } from '../../node/wrangler/dev-vars.ts';
import { createRunId } from '../../program/run-id.ts';
import { type ApprovalOptions, readPeople } from '../approvals/read-people.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { buildPlan } from '../plan/build-plan.ts';
import { showPlan } from '../plan/show-plan.ts';
import { printJson } from '../print-json.ts';
import { chooseReporter, REPORTERS } from '../reporters/index.ts';
import { concludeRun } from './conclude-run.ts';
import { followRun } from './follow-run.ts';
import { ItemRecorder } from './item-recorder.ts';
import { loadProgram } from './load-program.ts';
import { type OpenHost, openWhileInterruptible } from './open-while-interruptible.ts';
import { readInput } from './read-input.ts';
import { readVariables } from './read-variables.ts';
import { ShapeRecorder } from './shape-recorder.ts';
import { startedRun } from './started-run.ts';
import { tellDetached } from './tell-detached.ts';

export interface RunOptions extends ApprovalOptions {
  readonly input?: string;
  readonly var?: readonly string[];
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly dryRun?: boolean;
  readonly detach?: boolean;
  /** Other commands use the same host. */
  readonly sharesHost: boolean;
}

/**
 * `ensemble run`: compile, check the input, run, print the output.
 * @throws UsageProblem, ReferenceProblem, ProjectProblem; anything else is a defect.
 */
export async function runEnsemble(
  file: string,
  pairs: readonly string[],
  options: RunOptions,
  io: Io,
  openHost: OpenHost,
): Promise<ExitCode> {
  const loaded = await loadProgram(file, options, io);
  if (loaded === undefined) return EXIT.problemsInFile;
  const { project, program } = loaded;
  const variables = readVariables(options.var ?? [], readDevVars(project.root), io);
  const input = await readInput(options.input, pairs, program.body.input, io);
  const people = readPeople(options, program, io);
  if (options.dryRun) {
    const plan = buildPlan(program, input);
    if (options.json) printJson(plan, io);
    else showPlan(plan, io);
    return EXIT.done;
  }

  const reporter = REPORTERS[chooseReporter(io, options)](io, program);
  const request = { run: createRunId(io.now(), randomBytes(16)), input, ...variables };
  // From the start of workerd to its end an interrupt must not end this process by itself: workerd would stay behind.
  const stopGuarding = io.onInterrupt(() => {});
  try {
    const host = await openWhileInterruptible(openHost, { project, program }, (text) => reporter.notice(text), io);
    if (host === undefined) return EXIT.interrupted;
    try {
      if (options.detach) {
        await host.call('start', { program, request });
        reporter.close();
        tellDetached(request.run, options, host, io);
        return EXIT.done;
      }
      const recorder = new ShapeRecorder(program, reporter);
      const items = new ItemRecorder(program, recorder);
      const followed = await followRun(
        startedRun(host, program, request),
        items,
        { ...people, ...(reporter.hold === undefined ? {} : { hold: reporter.hold }) },
        io,
      );
      reporter.close();
      writeRunShapes(project, recorder.shapes());
      return concludeRun(followed, { run: request.run, host, program, items, root: project.root }, options, io);
    } finally {
      await host.close();
    }
  } finally {
    reporter.close();
    stopGuarding();
  }
}
