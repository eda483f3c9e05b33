import type { JsonValue } from '../../../program/json.ts';
import type { SwitchStep } from '../../../program/program.ts';
import type { FlowEnd, FlowFrame } from './flow-frame.ts';
import { runSteps } from './run-steps.ts';

/** The list of the case that is the `value` as text, or that of `default`; gives the value of the list that ran. */
export async function runSwitch(frame: FlowFrame<SwitchStep>): Promise<FlowEnd> {
  const { step, context } = frame;
  frame.start();
  const turn = frame.recorded();
  const recorded = turn instanceof Promise ? await turn : turn;
  if (recorded?.type === 'step.decided') {
    frame.noteTaint(step.value);
    frame.decided(recorded);
    return runSteps(step.cases.find((one) => one.value === recorded.took)?.steps ?? step.default, context);
  }
  const { value } = frame.evaluate(step.value);
  const text = caseOf(value);
  const found = step.cases.find((one) => one.value === text);
  frame.decided({ took: found?.value ?? 'default', ...(value === undefined ? {} : { saw: value }) });
  return runSteps(found?.steps ?? step.default, context);
}

/** No list and no object is any case, nor is a value that is missing. */
function caseOf(value: JsonValue | undefined): string | undefined {
  return value === undefined || (typeof value === 'object' && value !== null) ? undefined : String(value);
}
