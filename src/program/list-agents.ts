import type { Place } from './expression.ts';
import type { AgentStep, Program, Step } from './program.ts';

export interface ListedAgent {
  readonly step: AgentStep;
  /** The file it stands in, relative to the project's root. */
  readonly file: string;
  readonly place: Place;
}

/** Every agent of the program in the order in which it is written, those of agent files after the agent that uses the file. */
export function* listAgents(program: Program): Generator<ListedAgent> {
  yield* agentsIn(program.body.steps, program.file);
}

function* agentsIn(steps: readonly Step[], file: string): Generator<ListedAgent> {
  for (const step of steps) {
    if (step.type !== 'agent') {
      yield* agentsIn(innerSteps(step), file);
      continue;
    }
    yield { step, file, place: step.place };
    if (step.action.type === 'body') yield* agentsIn(step.action.body.steps, step.action.file);
  }
}

function innerSteps(step: Exclude<Step, AgentStep>): readonly Step[] {
  switch (step.type) {
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
