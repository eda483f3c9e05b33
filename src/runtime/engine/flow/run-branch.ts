import type { BranchStep } from '../../../program/program.ts';
import type { FlowEnd, FlowFrame } from './flow-frame.ts';
import { runSteps } from './run-steps.ts';

/** `condition`, then the one list or the other; gives the value of the list that ran. */
export async function runBranch(frame: FlowFrame<BranchStep>): Promise<FlowEnd> {
  const { step, context } = frame;
  frame.start();
  const turn = frame.recorded();
  const recorded = turn instanceof Promise ? await turn : turn;
  if (recorded?.type === 'step.decided') {
    frame.noteTaint(step.condition);
    frame.decided(recorded);
    return runSteps(recorded.took === 'then' ? step.then : step.else, context);
  }
  const { value } = frame.evaluate(step.condition);
  const took = value ? 'then' : 'else';
  frame.decided({ took, ...(value === undefined ? {} : { saw: value }) });
  return runSteps(step[took], context);
}
