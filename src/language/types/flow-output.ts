import type { AgentModel } from '../model/body-model.ts';
import type { FlowStepModel, StepModel } from '../model/step-model.ts';
import { orNull } from './template-type.ts';
import { listOf, type Type, UNDEFINED } from './type.ts';
import { orUndefined, unionOf } from './union.ts';

/** What the values of steps are worked out from. */
export interface StepTypes {
  /** The output of an agent that succeeded. */
  outputOf(agent: AgentModel): Type;
  /** Whether a step may end without an output and the run goes on: it was skipped, or its failure is handled. */
  mayLackOutput(step: StepModel): boolean;
}

/** The value of a list of steps is that of its last (LANGUAGE §6.1). */
export function valueOfSteps(steps: readonly StepModel[], types: StepTypes): Type {
  const last = steps.at(-1);
  if (last === undefined) return UNDEFINED;
  const output = outputOfStep(last, types);
  return types.mayLackOutput(last) ? orUndefined(output) : output;
}

/** What a step gives when it succeeds. */
export function outputOfStep(step: StepModel, types: StepTypes): Type {
  if (step.type === 'agent') return types.outputOf(step.agent);
  if (step.type === 'run') return step.agent === undefined ? UNDEFINED : types.outputOf(step.agent);
  return outputOfFlowStep(step, types);
}

/** In a list stands null where an iteration or a branch gave nothing. */
function outputOfFlowStep(step: FlowStepModel, types: StepTypes): Type {
  const value = (steps: readonly StepModel[]): Type => valueOfSteps(steps, types);
  switch (step.type) {
    case 'parallel': {
      const branches = step.steps.map((branch) => value([branch]));
      if (step.waitFor !== 'all') return orUndefined(unionOf(branches));
      const tuple = branches.map(orNull);
      return { kind: 'list', items: unionOf(tuple), tuple };
    }
    case 'branch':
      return unionOf([value(step.then), value(step.else)]);
    case 'switch':
      return unionOf([...step.cases.map(({ steps }) => value(steps)), value(step.default)]);
    case 'foreach':
    case 'while':
      return listOf(orNull(value(step.steps)));
    case 'try':
      return unionOf([value(step.steps), value(step.catch)]);
    case 'map-reduce':
      return step.reduce.length === 0 ? listOf(orNull(value(step.map))) : value(step.reduce);
    default:
      return step satisfies never;
  }
}
