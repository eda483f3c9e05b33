import type { Step } from './program.ts';
import { stepBlocks } from './step-blocks.ts';

/** The steps that lie directly in a step, in the order in which they may run: of an agent those of its `onError`, and what undoes it. */
export function innerSteps(step: Step): readonly Step[] {
  return stepBlocks(step).flatMap(({ steps }) => steps);
}

/** Every step of a list and all that lie in them, each before what it holds. */
export function* everyStep(steps: readonly Step[]): Generator<Step> {
  for (const step of steps) {
    yield step;
    yield* everyStep(innerSteps(step));
  }
}
