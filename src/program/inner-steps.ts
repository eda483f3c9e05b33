import type { Step } from './program.ts';

/** The steps that lie directly in a step, in the order in which they may run: of an agent those of its `onError`, and what undoes it. */
export function innerSteps(step: Step): readonly Step[] {
  switch (step.type) {
    case 'agent':
      return [...(step.handlers ?? []), ...(step.compensate === undefined ? [] : [step.compensate])];
    case 'parallel':
    case 'foreach':
    case 'while':
      return step.steps;
    case 'branch':
      return [...step.then, ...step.else];
    case 'switch':
      return [...step.cases.flatMap(({ steps }) => steps), ...step.default];
    case 'try':
      return [...step.steps, ...step.catch, ...step.finally];
    case 'map-reduce':
      return [...step.map, ...step.reduce];
    default:
      return step satisfies never;
  }
}

/** Every step of a list and all that lie in them, each before what it holds. */
export function* everyStep(steps: readonly Step[]): Generator<Step> {
  for (const step of steps) {
    yield step;
    yield* everyStep(innerSteps(step));
  }
}
