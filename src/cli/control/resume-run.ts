import type { Project } from '../../node/find-project.ts';
import type { Host } from '../../node/host.ts';
import { ProjectProblem } from '../../node/project-problem.ts';
import { readDevVars } from '../../node/wrangler/dev-vars.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import type { OpenHost } from '../run/open-while-interruptible.ts';
import { readVariables } from '../run/read-variables.ts';
import { tellDetached } from '../run/tell-detached.ts';
import { withHost } from '../run/with-host.ts';
import { findRun } from '../runs/find-run.ts';
import { type AttachOptions, attachTo } from './attach-run.ts';
import { checkOutcome } from './check-outcome.ts';
import { chooseProgram, type ProgramToResume } from './program-to-resume.ts';
import { OVER, readRun } from './read-run.ts';
import { tell } from './tell.ts';

export interface ResumeOptions extends AttachOptions {
  readonly var?: readonly string[];
  readonly detach?: boolean;
  readonly withCurrent?: boolean;
}

/**
 * `ensemble resume`: lets a paused run go on, or one that nobody runs any more, and follows it as `attach` does.
 * @throws UsageProblem when there is no such run; ProjectProblem when it is over or at work, and when its file has changed.
 */
export function resumeRun(text: string, options: ResumeOptions, io: Io, openHost: OpenHost): Promise<ExitCode> {
  return withHost(io, openHost, async (host, project) => {
    const run = await findRun(text, host);
    const { snapshot } = await readRun(host, run);
    if (OVER.has(snapshot.status))
      throw new ProjectProblem(`the run ${run} is over: it ${snapshot.status === 'cancelled' ? 'was cancelled' : snapshot.status}`);
    const vars = options.var === undefined ? {} : { vars: readVariables(options.var, readDevVars(project.root), io).vars };
    // Whatever a file of this machine says now: a deployed run goes on as it was started.
    const chosen = host.origin === undefined ? await choose(run, host, project, options, io) : {};
    if ('problems' in chosen) return EXIT.problemsInFile;
    checkOutcome(run, await host.call('resume', { run, ...chosen, ...vars }), host);
    if (options.detach !== true) return attachTo(run, options, io, { host, project });
    tellDetached(run, options, host, io);
    return EXIT.done;
  });
}

async function choose(run: string, host: Host, project: Project, options: ResumeOptions, io: Io): Promise<ProgramToResume> {
  const stored = await host.readProgram(run);
  if (stored === undefined)
    throw new ProjectProblem(`an earlier version of Ensemble compiled the run ${run}; this one cannot go on with it`);
  return chooseProgram(stored, options, project, (notice) => options.quiet !== true && tell(notice, io), io);
}
