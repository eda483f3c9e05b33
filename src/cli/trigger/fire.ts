import { fireAtDev } from '../../node/dev/fire-at-dev.ts';
import type { FireAsk, FiredRun } from '../../node/dev/fire-request.ts';
import { findProject } from '../../node/find-project.ts';
import { ProjectProblem } from '../../node/project-problem.ts';
import { attachTo } from '../control/attach-run.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { printJsonLine } from '../print-json.ts';
import { withHost } from '../run/with-host.ts';

export interface FireOptions {
  readonly wait?: boolean;
  readonly json?: boolean;
}

/**
 * Fires a trigger at `ensemble dev` and shows the ids of the runs that began; with `wait` how each of them ended, which is then the exit code. 3 also when a run that should have begun did not.
 * @throws ProjectProblem when no `ensemble dev` is up, or nothing there answers to the trigger.
 */
export async function fire(ask: FireAsk, options: FireOptions, io: Io): Promise<ExitCode> {
  const reply = await fireAtDev(findProject(io.cwd), ask);
  if (reply.type === 'refused') throw new ProjectProblem(reply.message);
  const { runs, expected = 0 } = reply;
  if (options.json === true) printJsonLine({ runs, expected: Math.max(expected, runs.length) }, io);
  else for (const { run } of runs) io.stdout.write(`${run}\n`);
  const missing = Math.max(expected, 1) - runs.length;
  if (missing > 0) {
    const what = runs.length === 0 ? 'no run has begun' : `${missing} of ${expected} runs have not begun`;
    io.stderr.write(`${what}: what ensemble dev shows may say why\n`);
    return EXIT.runFailed;
  }
  return options.wait === true ? follow(runs, options, io) : EXIT.done;
}

/** One after the other: what is over by then is told at once. */
function follow(runs: readonly FiredRun[], { json }: FireOptions, io: Io): Promise<ExitCode> {
  return withHost(io, openShared, async (host, project) => {
    let worst: ExitCode = EXIT.done;
    for (const { run } of runs) {
      const code = await attachTo(run, { quiet: true, ...(json === undefined ? {} : { json }) }, io, { host, project });
      if (code === EXIT.interrupted) return code;
      worst = code > worst ? code : worst;
    }
    return worst;
  });
}

/** `ensemble dev` is the host: that it is shared is its purpose, whatever the environment says. */
const openShared: Parameters<typeof withHost>[1] = async (options) =>
  (await import('../../node/host-process/open-shared-host.ts')).openSharedHost(options);
