import type { Failure } from '../../../program/failure.ts';
import type { FlowStep } from '../../../program/program.ts';
import { FailureError } from '../../failure.ts';
import { AgentFailed } from '../agent-failed.ts';
import { buildAgentResult } from '../agent-result.ts';
import { BranchCancelled } from '../branch-cancelled.ts';
import type { StepContext } from '../step-context.ts';
import { NO_VALUE, type StepValue } from '../step-value.ts';
import { type FlowEnd, FlowFrame } from './flow-frame.ts';
import { FLOW_STEPS } from './index.ts';

/**
 * Runs a flow step (LANGUAGE §6) between its first and its last event, and leaves its result under its name. Throws `AgentFailed` when a step in it failed, or it did itself,
 * and nothing handles that; the reason of the context's signal when the run or the branch is over.
 */
export async function runFlow(step: FlowStep, context: StepContext): Promise<StepValue> {
  const frame = new FlowFrame(step, context);
  // The table's entry for a type takes steps of that type: TypeScript cannot relate the two by itself.
  const run = FLOW_STEPS[step.type] as (frame: FlowFrame) => Promise<FlowEnd>;
  let end: FlowEnd;
  try {
    end = await run(frame);
  } catch (error) {
    return failFlow(frame, error);
  }
  return finishFlow(frame, end);
}

function finishFlow({ step, context, path, startedAt }: FlowFrame, { output, tainted, rounds }: FlowEnd): StepValue {
  const { log, ports } = context.run;
  const durationMs = ports.clock.now() - startedAt;
  log.add({
    type: 'step.finished',
    step: path,
    ...(output === undefined ? {} : { output }),
    duration_ms: durationMs,
    tainted,
    ...(rounds === undefined ? {} : { rounds }),
  });
  if (step.name !== undefined) context.results.set(step.name, buildAgentResult({ output, attempts: 1, durationMs, tainted }));
  return { output, tainted };
}

function failFlow(frame: FlowFrame, error: unknown): StepValue {
  const { step, context, path, startedAt } = frame;
  const { log, ports } = context.run;
  if (!(error instanceof FailureError) || error instanceof BranchCancelled) {
    // The run or the branch is over: its own events say why.
    throw error;
  }
  frame.start();
  const failure: Failure = error.failure;
  const agent = error instanceof AgentFailed ? error.agent : undefined;
  const durationMs = ports.clock.now() - startedAt;
  const handled = step.handlesFailure;
  log.add({
    type: 'step.failed',
    step: path,
    failure,
    ...(agent === undefined ? {} : { agent }),
    duration_ms: durationMs,
    handled,
    tainted: false,
  });
  if (step.name !== undefined) context.results.set(step.name, buildAgentResult({ failure, attempts: 1, durationMs, tainted: false }));
  if (!handled) throw error instanceof AgentFailed ? error : new AgentFailed(failure, path);
  return NO_VALUE;
}
