import type { StepContext } from './step-context.ts';

/** How many events may wait for the journal before it holds up what runs side by side. */
const FAR_AHEAD = 1_024;
/** And how many characters of values. */
const FAR_AHEAD_CHARACTERS = 16 * 1024 * 1024;

/**
 * What a step waits for before the next one begins, so that agents that do little never get far ahead of a slower journal; undefined when it need not.
 *
 * Where something else is at work beside it, who waited would fall behind that, and the order of events would depend on how fast the journal is. There nobody waits before it is
 * really far behind.
 */
export function journalPause({ run, body, order }: Pick<StepContext, 'run' | 'body' | 'order'>): Promise<void> | undefined {
  const { writing, behind, behindSize } = run.log;
  const isAlone = !body.beside && order.length === 0;
  return isAlone || behind >= FAR_AHEAD || behindSize >= FAR_AHEAD_CHARACTERS ? writing : undefined;
}
