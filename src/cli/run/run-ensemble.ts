import { createRunId } from '../../node/run-id.ts';
import { writeRunShapes } from '../../node/run-shapes.ts';
import { readDevVars } from '../../node/wrangler/dev-vars.ts';
import type { Program } from '../../program/program.ts';
import { type ApprovalOptions, readPeople } from '../approvals/read-people.ts';
import { showUnanswered } from '../approvals/show-unanswered.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { buildPlan } from '../plan/build-plan.ts';
import { showPlan } from '../plan/show-plan.ts';
import { chooseReporter, REPORTERS } from '../reporters/index.ts';
import { type FollowedRun, followRun } from './follow-run.ts';
import { ItemRecorder } from './item-recorder.ts';
import { loadProgram } from './load-program.ts';
import { type OpenHost, openWhileInterruptible } from './open-while-interruptible.ts';
import { readInput } from './read-input.ts';
import { readVariables } from './read-variables.ts';
import { ShapeRecorder } from './shape-recorder.ts';
import { showFailure } from './show-failure.ts';
import { showOutput } from './show-output.ts';

export interface RunOptions extends ApprovalOptions {
  readonly input?: string;
  readonly var?: readonly string[];
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly dryRun?: boolean;
}

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
  const loaded = loadProgram(file, options, io);
  if (loaded === undefined) return EXIT.problemsInFile;
  const { project, program } = loaded;
  const variables = readVariables(options.var ?? [], readDevVars(project.root), io);
  const input = await readInput(options.input, pairs, program.body.input, io);
  const people = readPeople(options, program, io);
  if (options.dryRun) {
    const plan = buildPlan(program, input);
    if (options.json) io.stdout.write(`${JSON.stringify(plan, null, 2)}\n`);
    else showPlan(plan, io);
    return EXIT.done;
  }

  const reporter = REPORTERS[chooseReporter(io, options)](io, program);
  const request = { run: createRunId(io.now()), input, ...variables };
  // From the start of workerd to its end an interrupt must not end this process by itself: workerd would stay behind.
  const stopGuarding = io.onInterrupt(() => {});
  try {
    const host = await openWhileInterruptible(openHost, { project, program }, (text) => reporter.notice(text), io);
    if (host === undefined) return EXIT.interrupted;
    try {
      const recorder = new ShapeRecorder(program, reporter);
      const items = new ItemRecorder(program, recorder);
      const followed = await followRun(
        host,
        program,
        request,
        items,
        { ...people, ...(reporter.hold === undefined ? {} : { hold: reporter.hold }) },
        io,
      );
      reporter.close();
      writeRunShapes(project, recorder.shapes());
      return conclude(followed, { program, items, root: project.root }, options, io);
    } finally {
      await host.close();
    }
  } finally {
    reporter.close();
    stopGuarding();
  }
}

interface RunDone {
  readonly program: Program;
  readonly items: ItemRecorder;
  readonly root: string;
}

function conclude(followed: FollowedRun, { program, items, root }: RunDone, options: RunOptions, io: Io): ExitCode {
  const interruption = io.stdout.closed ? EXIT.readerGone : EXIT.interrupted;
  if (followed.type === 'abandoned') return interruption;
  if (followed.type === 'waiting') {
    showUnanswered(followed.event, followed.why, io);
    return EXIT.runWaits;
  }
  const { event, interrupted } = followed;
  if (event.status === 'succeeded') {
    if (!options.json) showOutput(event.output, io);
    return EXIT.done;
  }
  if (interrupted && event.status === 'cancelled') return interruption;
  showFailure(event, program, root, io, event.agent === undefined ? [] : items.itemsOf(event.agent));
  return event.failure?.code === 'DEFECT' ? EXIT.defect : EXIT.runFailed;
}
