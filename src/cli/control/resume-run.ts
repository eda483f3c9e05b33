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
import { chooseProgram } from './program-to-resume.ts';
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
    const stored = await host.readProgram(run);
    if (stored === undefined)
      throw new ProjectProblem(`an earlier version of Ensemble compiled the run ${run}; this one cannot go on with it`);
    const vars = options.var === undefined ? {} : { vars: readVariables(options.var, readDevVars(project.root), io).vars };
    const chosen = chooseProgram(stored, options, project, (notice) => options.quiet !== true && tell(notice, io), io);
    if ('problems' in chosen) return EXIT.problemsInFile;
    checkOutcome(run, await host.call('resume', { run, ...chosen, ...vars }));
    if (options.detach !== true) return attachTo(run, options, io, { host, project });
    tellDetached(run, options, io);
    return EXIT.done;
  });
}
