import { findProject } from '../../node/find-project.ts';
import type { Host } from '../../node/host.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { chooseReporter, REPORTERS } from '../reporters/index.ts';
import { type OpenHost, openWhileInterruptible } from '../run/open-while-interruptible.ts';
import { createPaint } from '../terminal/paint.ts';
import { UsageProblem } from '../usage-problem.ts';
import { drawRun } from './draw-run.ts';
import { buildRunTree } from './run-tree.ts';

export interface ShowOptions {
  readonly json?: boolean;
}

const RUN_ID = /^[0-9a-z]{26}$/;

/**
 * `ensemble show`: what the journal of a run says, as a tree or as its events.
 * @throws UsageProblem when there is no such run in the data of this project.
 */
export async function showRun(run: string, options: ShowOptions, io: Io, openHost: OpenHost): Promise<ExitCode> {
  if (!RUN_ID.test(run)) {
    throw new UsageProblem(`"${run}" is no run id: 26 letters and digits, as ensemble run prints it behind the name of the ensemble`);
  }
  const project = findProject(io.cwd);
  const stopGuarding = io.onInterrupt(() => {});
  try {
    // Only what the host has to tell is shown, none of the events.
    const reporter = REPORTERS[chooseReporter(io, { quiet: false })](io);
    const host = await openWhileInterruptible(openHost, { project }, (text) => reporter.notice(text), io).finally(() => reporter.close());
    if (host === undefined) return EXIT.interrupted;
    try {
      await showFrom(host, run, options, io);
    } finally {
      await host.close();
    }
  } finally {
    stopGuarding();
  }
  return EXIT.done;
}

async function showFrom(host: Host, run: string, { json }: ShowOptions, io: Io): Promise<void> {
  const recorded = await host.readRun(run);
  if (recorded === undefined) {
    throw new UsageProblem(
      `there is no run ${run} in the data of this project\nRun ensemble show in the project that the run was started in.`,
    );
  }
  if (json !== true) {
    const tree = await buildRunTree(recorded.events, recorded.program);
    io.stdout.write(drawRun(tree, createPaint(io.stdout, io.env)));
    return;
  }
  const reporter = REPORTERS.json(io);
  for await (const event of recorded.events) reporter.event(event);
}
