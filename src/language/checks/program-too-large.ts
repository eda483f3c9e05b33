import type { AgentModel } from '../model/body-model.ts';
import { agentBlocks, everyStep } from '../model/step-model.ts';
import type { Check } from './check.ts';

/** A file of the largest size that is allowed has fewer, each written out. */
const MAX_STEPS = 50_000;

/**
 * A program is kept with every run. Each file is in it once, however many others run it; but each entry of `flow` has its agent's `onError` and `compensate` for itself, so that a
 * short file may have a great many steps.
 */
export const programTooLarge: Check = {
  codes: ['program-too-large'],
  check({ model }, findings) {
    let steps = 0;
    for (const step of everyStep(model.flow ?? model.steps)) {
      steps += 1 + (step.type === 'run' && step.agent !== undefined ? heldBy(step.agent) : 0);
    }
    if (steps <= MAX_STEPS) return;
    findings.report(
      'program-too-large',
      model.name.span,
      `the ${model.kind} has ${steps.toLocaleString('en')} steps, more than ${MAX_STEPS.toLocaleString('en')}`,
      {
        help: 'each entry of `flow` has the `onError` and `compensate` of its agent for itself: let a `foreach` run the agent instead',
      },
    );
  },
};

const counts = new WeakMap<AgentModel, number>();

function heldBy(agent: AgentModel): number {
  let count = counts.get(agent);
  if (count === undefined) {
    count = 0;
    for (const { steps } of agentBlocks(agent)) for (const _ of everyStep(steps)) count++;
    counts.set(agent, count);
  }
  return count;
}
