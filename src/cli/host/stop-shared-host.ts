import { findProject } from '../../node/find-project.ts';
import { stopHost } from '../../node/host-process/control-host.ts';
import { ProjectProblem } from '../../node/project-problem.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';

export interface StopOptions {
  readonly force?: boolean;
}

/** How long the runs that are at work may go on before they are cut. */
const GRACE_MS = 10_000;

/**
 * `ensemble host stop`.
 * @throws ProjectProblem when the host does not end.
 */
export async function stopSharedHost(options: StopOptions, io: Io): Promise<ExitCode> {
  const force = options.force === true;
  const stopped = await stopHost(findProject(io.cwd), { waitMs: force ? 0 : GRACE_MS, kill: force });
  if (stopped.type === 'stuck') {
    throw new ProjectProblem(`the host (pid ${stopped.pid}) does not end; ensemble host stop --force kills it`);
  }
  io.stderr.write(stopped.type === 'none' ? 'No host is up for this project.\n' : `Stopped the host (pid ${stopped.pid}).\n`);
  return EXIT.done;
}
