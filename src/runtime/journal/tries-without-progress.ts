import type { RunEvent } from '../../program/run-event.ts';

const PROGRESS: ReadonlySet<RunEvent['type']> = new Set([
  'agent.finished',
  'agent.failed',
  'agent.skipped',
  'attempt.failed',
  'step.finished',
  'step.failed',
  'run.waiting',
  // Somebody wants the run to go on.
  'run.continued',
]);

/** How often the run was resumed after a crash since it last got anywhere: since an agent, a try of one or a step ended, or one began to wait. That a fork begins is no such try. */
export function triesWithoutProgress(events: Iterable<RunEvent>): number {
  let tries = 0;
  let before: RunEvent['type'] | undefined;
  for (const { type } of events) {
    if (PROGRESS.has(type)) tries = 0;
    else if (type === 'run.resumed' && before !== 'run.forked') tries += 1;
    before = type;
  }
  return tries;
}
