import type { Step } from '../../../program/program.ts';
import { runAgent } from '../run-agent.ts';
import type { StepContext } from '../step-context.ts';
import type { StepValue } from '../step-value.ts';
import { runFlow } from './run-flow.ts';

/** Runs one step of whatever kind and gives its value. Throws as `runSteps` does. */
export function runStep(step: Step, context: StepContext): Promise<StepValue> {
  return step.type === 'agent' ? runAgent(step, context) : runFlow(step, context);
}
