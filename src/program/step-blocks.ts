import type { Step } from './program.ts';

/** One of the lists of steps that a step holds. */
export interface StepBlock {
  readonly name: 'steps' | 'then' | 'else' | 'case' | 'default' | 'catch' | 'finally' | 'map' | 'reduce' | 'onError' | 'compensate';
  /** Of a `case`: the value that it is for. */
  readonly value?: string;
  readonly steps: readonly Step[];
  /** Its steps run once for each item or round, and their paths say which: `inner[3]`. */
  readonly repeats: boolean;
}

/** The lists of steps that lie directly in a step, in the order in which they may run; without the empty ones. */
export function stepBlocks(step: Step): readonly StepBlock[] {
  return blocksOf(step).filter(({ steps }) => steps.length > 0);
}

function blocksOf(step: Step): readonly StepBlock[] {
  switch (step.type) {
    case 'agent':
      return [once('onError', step.handlers ?? []), once('compensate', step.compensate === undefined ? [] : [step.compensate])];
    case 'parallel':
      return [once('steps', step.steps)];
    case 'foreach':
    case 'while':
      return [{ name: 'steps', steps: step.steps, repeats: true }];
    case 'branch':
      return [once('then', step.then), once('else', step.else)];
    case 'switch':
      return [...step.cases.map(({ value, steps }) => ({ ...once('case', steps), value })), once('default', step.default)];
    case 'try':
      return [once('steps', step.steps), once('catch', step.catch), once('finally', step.finally)];
    case 'map-reduce':
      return [{ name: 'map', steps: step.map, repeats: true }, once('reduce', step.reduce)];
    default:
      return step satisfies never;
  }
}

function once(name: StepBlock['name'], steps: readonly Step[]): StepBlock {
  return { name, steps, repeats: false };
}
