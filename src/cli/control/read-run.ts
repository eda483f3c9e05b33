import type { Host } from '../../node/host.ts';
import type { RunEvent, RunStatus } from '../../program/run-event.ts';
import { fold } from '../../runtime/journal/fold.ts';
import type { RunSnapshot } from '../../runtime/journal/run-snapshot.ts';
import { whereOf } from '../run/where-of.ts';
import { UsageProblem } from '../usage-problem.ts';

export const OVER: ReadonlySet<RunStatus> = new Set(['succeeded', 'failed', 'cancelled']);

export interface RunNow {
  readonly snapshot: RunSnapshot;
  /** What is asked and not answered yet, in the order in which it was asked. */
  readonly questions: readonly Extract<RunEvent, { readonly type: 'run.waiting' }>[];
}

/**
 * How a run stands by its journal.
 * @throws UsageProblem when the host has no such run.
 */
export async function readRun(host: Host, run: string): Promise<RunNow> {
  const found = await findRecorded(host, run);
  if (found === undefined) throw unknownRun(run, host);
  return found;
}

/** The same; undefined when there is no such run. */
export async function findRecorded(host: Host, run: string): Promise<RunNow | undefined> {
  const recorded = await host.events(run);
  if (recorded === undefined) return undefined;
  const questions = new Map<string, Extract<RunEvent, { readonly type: 'run.waiting' }>>();
  const events: RunEvent[] = [];
  for await (const event of recorded) {
    events.push(event);
    if (event.type === 'run.waiting') {
      if (event.reason === 'approval') questions.set(event.agent, event);
    } else if (ENDS_A_QUESTION.has(event.type) && 'agent' in event) questions.delete(event.agent ?? '');
  }
  return { snapshot: fold(events), questions: [...questions.values()] };
}

const ENDS_A_QUESTION: ReadonlySet<RunEvent['type']> = new Set(['run.answered', 'attempt.failed', 'agent.failed', 'agent.finished']);

export function unknownRun(run: string, host: Pick<Host, 'origin'> = {}): UsageProblem {
  return new UsageProblem(`there is no run ${run} ${whereOf(host)}\nensemble runs lists those that there are.`);
}
