import type { Host } from '../../node/host.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { REPORTERS } from '../reporters/index.ts';
import type { OpenHost } from '../run/open-while-interruptible.ts';
import { withHost } from '../run/with-host.ts';
import { findRun } from '../runs/find-run.ts';
import { createPaint } from '../terminal/paint.ts';
import { UsageProblem } from '../usage-problem.ts';
import { drawRun } from './draw-run.ts';
import { buildRunTree } from './run-tree.ts';

export interface ShowOptions {
  readonly json?: boolean;
}

/**
 * `ensemble show`: what the journal of a run says, as a tree or as its events.
 * @throws UsageProblem when there is no such run in the data of this project.
 */
export function showRun(text: string, options: ShowOptions, io: Io, openHost: OpenHost): Promise<ExitCode> {
  return withHost(io, openHost, async (host) => {
    await showFrom(host, await findRun(text, host), options, io);
    return EXIT.done;
  });
}

async function showFrom(host: Host, run: string, { json }: ShowOptions, io: Io): Promise<void> {
  const events = await host.events(run);
  if (events === undefined) {
    throw new UsageProblem(
      `there is no run ${run} in the data of this project\nRun ensemble show in the project that the run was started in.`,
    );
  }
  if (json !== true) {
    const tree = await buildRunTree(events, await host.readProgram(run));
    io.stdout.write(drawRun(tree, createPaint(io.stdout, io.env)));
    return;
  }
  const reporter = REPORTERS.json(io);
  for await (const event of events) reporter.event(event);
}
