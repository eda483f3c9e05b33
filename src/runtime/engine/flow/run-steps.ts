import type { Step } from '../../../program/program.ts';
import { journalPause } from '../journal-pause.ts';
import type { StepContext } from '../step-context.ts';
import { NO_VALUE, type StepValue } from '../step-value.ts';
import { runStep } from './run-step.ts';

/**
 * Runs steps one after another and gives the value of the last. Throws what a step throws, and the reason of the context's signal once that fires: no step begins
 * after it.
 */
export async function runSteps(steps: readonly Step[], context: StepContext): Promise<StepValue> {
  const { signal } = context;
  let last = NO_VALUE;
  for (const step of steps) {
    if (signal.aborted) throw signal.reason;
    last = await runStep(step, context);
    const pause = journalPause(context);
    if (pause !== undefined) await pause;
  }
  if (signal.aborted) throw signal.reason;
  return last;
}
