import type { ForeachStep } from '../../../program/program.ts';
import { NO_VALUE } from '../step-value.ts';
import { templateSource } from '../template-source.ts';
import type { FlowEnd, FlowFrame } from './flow-frame.ts';
import { readItems } from './read-items.ts';
import { runIterations } from './run-iterations.ts';

/** The steps for each item; gives the list of what the iterations gave. Also the `loop` of an agent (LANGUAGE §6.2), which may be skipped as a whole. */
export async function runForeach(frame: FlowFrame<ForeachStep>): Promise<FlowEnd> {
  const { step } = frame;
  if (isSkipped(frame)) return { ...NO_VALUE, skipped: true };
  const { outputs, tainted } = await runIterations(frame, readItems(frame, step.items), step);
  return { output: outputs, tainted, rounds: outputs.length };
}

/** Whether the agent of a `loop` is skipped: journalled as it is for one without a loop. */
function isSkipped(frame: FlowFrame<ForeachStep>): boolean {
  const { condition } = frame.step;
  if (condition === undefined) return false;
  const { value } = frame.evaluate(condition);
  if (value) return false;
  frame.context.run.log.add({ type: 'agent.skipped', agent: frame.path, condition: templateSource(condition), saw: value ?? null });
  return true;
}
