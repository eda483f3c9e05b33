import { findStep } from '../../program/find-step.ts';
import type { Program, StatePlan } from '../../program/program.ts';
import type { RunEvent } from '../../program/run-event.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { listNames } from '../reporters/words.ts';
import type { OpenHost } from '../run/open-while-interruptible.ts';
import { showOutput } from '../run/show-output.ts';
import { withHost } from '../run/with-host.ts';
import { UsageProblem } from '../usage-problem.ts';
import { readEvents } from './read-record.ts';
import { eventsUntil, foldState, parsePoint, scopesOf } from './state-at.ts';

export interface StateAtOptions {
  /** The path of an agent or flow step, or the number of a checkpoint. Absent = as it stands now, or at the end. */
  readonly at?: string;
  /** The path of the agent whose file's state is meant. Absent = the ensemble's own. */
  readonly scope?: string;
}

/**
 * `ensemble state RUN [--at AGENT]`: the state of a run as it stood then, as JSON on stdout.
 * @throws UsageProblem for a run, a point or a scope that is not there.
 */
export function showStateAt(text: string, options: StateAtOptions, io: Io, openHost: OpenHost): Promise<ExitCode> {
  return withHost(io, openHost, async (host) => {
    const { run, events: all } = await readEvents(text, host);
    const events = options.at === undefined ? all : eventsUntil(all, parsePoint(options.at));
    const scope = options.scope ?? '';
    const plan = planOf(await host.readProgram(run), scope);
    const state = foldState(events, { scope, plan, now: momentOf(events, options, io) });
    if (state === undefined && scope !== '') refuse(scope, events);
    showOutput(state ?? {}, io);
    return EXIT.done;
  });
}

/** A point of the past is looked at as of then; a run that goes on, as of now. */
function momentOf(events: readonly RunEvent[], { at }: StateAtOptions, io: Io): number {
  const last = events.at(-1);
  return last !== undefined && (at !== undefined || last.type === 'run.finished') ? last.at : io.now();
}

function planOf(program: Program | undefined, scope: string): StatePlan | undefined {
  if (program === undefined || scope === '') return program?.body.state;
  const step = findStep(program, scope)?.step;
  return step?.type === 'agent' && step.action.type === 'body' ? program.files[step.action.file]?.body.state : undefined;
}

function refuse(scope: string, events: readonly RunEvent[]): never {
  const others = scopesOf(events).filter((path) => path !== '');
  const there = others.length === 0 ? 'by then no agent that runs a file had begun' : `these had: ${listNames(others)}`;
  throw new UsageProblem(`no state of an agent file "${scope}" was open then; ${there}`);
}
