import type { Project } from '../../node/find-project.ts';
import type { Host } from '../../node/host.ts';
import { ProjectProblem } from '../../node/project-problem.ts';
import type { ForkAsk, ForkOutcome } from '../../program/host-calls.ts';
import type { Program } from '../../program/program.ts';
import { createRunId } from '../../program/run-id.ts';
import { suggest } from '../../program/suggest.ts';
import { type AttachOptions, attachTo } from '../control/attach-run.ts';
import { readPresentProgram } from '../control/present-program.ts';
import { diffPrograms } from '../control/program-diff.ts';
import { unknownRun } from '../control/read-run.ts';
import { tell } from '../control/tell.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { listNames } from '../reporters/words.ts';
import type { OpenHost } from '../run/open-while-interruptible.ts';
import { readInput } from '../run/read-input.ts';
import { showDiagnostics } from '../run/show-diagnostics.ts';
import { tellDetached } from '../run/tell-detached.ts';
import { withHost } from '../run/with-host.ts';
import { findRun } from '../runs/find-run.ts';
import { harmlessLine } from '../terminal/harmless.ts';
import { UsageProblem } from '../usage-problem.ts';
import { agentOfCheckpoint } from './checkpoints.ts';
import { readEvents } from './read-record.ts';
import { readSet } from './read-set.ts';

export interface ForkOptions extends AttachOptions {
  /** The path of the agent that runs first, or the number of a checkpoint of its. */
  readonly from: string;
  /** `key=value` and `key:=json`. */
  readonly set?: readonly string[];
  readonly input?: string;
  readonly withCurrent?: boolean;
  readonly detach?: boolean;
}

/**
 * `ensemble fork`: a new run that keeps what another one did before an agent, and goes on from there; the old one stays as it is. Followed as `run` does, unless `--detach`.
 * @throws UsageProblem for a run or agent that is not there, or values that do not fit; ProjectProblem when the present file cannot be used.
 */
export function forkRun(text: string, options: ForkOptions, io: Io, openHost: OpenHost): Promise<ExitCode> {
  return withHost(io, openHost, async (host, project) => {
    const from = await findRun(text, host);
    const program = await chooseProgram(from, options, { host, project }, io);
    if (program === undefined) return EXIT.problemsInFile;
    const values = readSet(options.set ?? [], program.body.state);
    const run = createRunId(io.now());
    const ask: ForkAsk = {
      ...{ from, run, program },
      agent: await agentNamed(options.from, from, host),
      ...(Object.keys(values).length === 0 ? {} : { values }),
      ...(options.input === undefined ? {} : { input: await readInput(options.input, [], program.body.input, io) }),
    };
    checkForked(ask, await host.call('fork', ask));
    if (options.detach !== true) return attachTo(run, options, io, { host, project, onInterrupt: 'cancel' });
    tellDetached(run, options, host, io);
    return EXIT.done;
  });
}

/** The run's own program, or with `--with-current` its file as it is now; undefined when that has errors, which are on stderr then. */
async function chooseProgram(
  run: string,
  { withCurrent, quiet }: ForkOptions,
  { host, project }: { readonly host: Host; readonly project: Project },
  io: Io,
): Promise<Program | undefined> {
  const stored = await host.readProgram(run);
  if (stored === undefined) {
    if ((await host.events(run)) === undefined) throw unknownRun(run);
    throw new ProjectProblem(`an earlier version of Ensemble compiled the run ${run}; this one cannot go on from it`);
  }
  const present = readPresentProgram(stored.file, project);
  if (withCurrent !== true) {
    const changed = present.type === 'compiled' && diffPrograms(stored, present.program).length > 0;
    if (changed && quiet !== true) tell(`${stored.file} has changed since; the fork runs it as it was (--with-current: as it is now)`, io);
    return stored;
  }
  if (present.type === 'compiled') return present.program;
  if (present.type === 'missing')
    throw new ProjectProblem(`${harmlessLine(stored.file)} is gone; without --with-current the fork runs it as it was`);
  showDiagnostics(present.errors, project.root, io);
  return undefined;
}

async function agentNamed(from: string, run: string, host: Host): Promise<string> {
  return /^\d+$/.test(from) ? agentOfCheckpoint((await readEvents(run, host)).events, Number(from)) : from;
}

function checkForked({ from, agent, run }: ForkAsk, outcome: ForkOutcome): void {
  switch (outcome.type) {
    case 'started':
      return;
    case 'unknown':
      throw unknownRun(from);
    case 'exists':
      throw new ProjectProblem(`there is a run ${run} already; run the command again`);
    case 'unknown-agent': {
      const near = suggest(agent, outcome.agents);
      const there = outcome.agents.length === 0 ? 'no agent of it has begun' : `these did: ${listNames(outcome.agents)}`;
      throw new UsageProblem(`no agent "${agent}" began in that run${near === undefined ? '' : `; did you mean "${near}"?`}\n${there}`);
    }
    default:
      outcome satisfies never;
  }
}
