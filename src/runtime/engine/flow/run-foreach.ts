import type { Template } from '../../../program/expression.ts';
import type { ForeachStep } from '../../../program/program.ts';
import { MAX_OUTPUT_SIZE } from '../json-size.ts';
import { agentLine, stepLine } from '../replay/event-lines.ts';
import { NO_VALUE } from '../step-value.ts';
import { templateSource } from '../template-source.ts';
import type { FlowEnd, FlowFrame } from './flow-frame.ts';
import { readItems } from './read-items.ts';
import { runIterations } from './run-iterations.ts';

/** The steps for each item; gives the list of what the iterations gave. Also the `loop` of an agent (LANGUAGE §6.2), which may be skipped as a whole. */
export async function runForeach(frame: FlowFrame<ForeachStep>): Promise<FlowEnd> {
  const { step } = frame;
  if (step.condition !== undefined && (await isSkipped(frame, step.condition))) return { ...NO_VALUE, skipped: true };
  const { steps, breakWhen } = step;
  const plan = { steps, breakWhen, max: MAX_OUTPUT_SIZE, what: 'The output' };
  const { outputs, tainted } = await runIterations(frame, readItems(frame, step.items), plan);
  return { output: outputs, isMeasured: true, tainted, rounds: outputs.length };
}

/** Whether the agent of a `loop` is skipped: journalled as it is for one without a loop. */
async function isSkipped(frame: FlowFrame<ForeachStep>, condition: Template): Promise<boolean> {
  const { run, signal } = frame.context;
  const recorded = await run.replay?.turnOfEither(stepLine(frame.path), agentLine(frame.path), signal);
  // What was decided stays so.
  if (recorded?.type === 'step.started' && recorded.items !== undefined) return false;
  const isRecorded = recorded?.type === 'agent.skipped';
  if (isRecorded) frame.noteTaint(condition);
  const { value } = isRecorded ? { value: recorded.saw } : frame.evaluate(condition);
  if (value) return false;
  run.log.add({ type: 'agent.skipped', agent: frame.path, condition: templateSource(condition), saw: value ?? null });
  return true;
}
