import { blocksOf, everyStep } from '../model/step-model.ts';
import type { Check } from './check.ts';
import { describeStep, headSpan } from './flow/describe-step.ts';

/** A flow step without any step in it does nothing. One empty way of several may be meant: `cases: { done: [] }`. */
export const emptyStep: Check = {
  codes: ['empty-step'],
  check({ model }, findings, { complete }) {
    // Steps that could not be read are no missing ones.
    if (!complete) return;
    for (const step of everyStep([...model.steps, ...(model.flow ?? [])])) {
      if (step.type === 'agent' || step.type === 'run') continue;
      // Without its `steps` a `try` has nothing that could fail.
      const blocks = step.type === 'try' ? blocksOf(step).filter(({ kind }) => kind === 'steps') : blocksOf(step);
      if (blocks.some(({ steps }) => steps.length > 0)) continue;
      findings.report('empty-step', headSpan(step), `${describeStep(step)} holds no steps: it does nothing`, {
        help: 'give it steps, or take it out',
      });
    }
  },
};
