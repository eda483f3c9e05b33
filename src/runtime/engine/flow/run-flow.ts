import type { FlowStep } from '../../../program/program.ts';
import { FailureError, failure } from '../../failure.ts';
import { AgentFailed } from '../agent-failed.ts';
import { type AgentResult, buildAgentResult, SKIPPED_RESULT, TAINTED_SKIPPED_RESULT } from '../agent-result.ts';
import { BranchCancelled } from '../branch-cancelled.ts';
import { isStop } from '../is-stop.ts';
import { findExcess } from '../json-size.ts';
import { agentLine, stepLine } from '../replay/event-lines.ts';
import { RunStop } from '../run-stop.ts';
import type { StepContext } from '../step-context.ts';
import { stepPath } from '../step-path.ts';
import { NO_VALUE, type StepValue } from '../step-value.ts';
import { type FlowEnd, FlowFrame } from './flow-frame.ts';
import { FLOW_STEPS } from './index.ts';

/**
 * Runs a flow step (LANGUAGE §6) between its first and its last event, and leaves its result under its name. Throws `AgentFailed` when a step in it failed, or it did itself,
 * and nothing handles that; the reason of the context's signal when the run or the branch is over.
 */
export async function runFlow(step: FlowStep, context: StepContext): Promise<StepValue> {
  const { replay } = context.run;
  const path = stepPath(step, context);
  if (replay !== undefined && !replay.isOver) {
    // A loop that is skipped as a whole says so in the way of an agent.
    const isLoop = step.type === 'foreach' && step.loop;
    const begun = await (isLoop
      ? replay.turnOfEither(stepLine(path), agentLine(path), context.signal)
      : replay.turn(stepLine(path), context.signal));
    // It may have been stopped the moment its record was used up.
    if (begun === undefined) context.signal.throwIfAborted();
  }
  const frame = new FlowFrame(step, context);
  // The table's entry for a type takes steps of that type: TypeScript cannot relate the two by itself.
  const run = FLOW_STEPS[step.type] as (frame: FlowFrame) => Promise<FlowEnd>;
  let end: FlowEnd;
  try {
    end = await run(frame);
    const excess = end.isMeasured ? undefined : findExcess(end.output);
    if (excess !== undefined) throw failure('OUTPUT_TOO_LARGE', `The output is ${excess}.`);
  } catch (error) {
    const stop = replay !== undefined && isTold(frame, error) ? await frame.findStopAtEnd(error) : undefined;
    return failFlow(frame, stop ?? error);
  }
  const stop = replay === undefined || end.skipped ? undefined : await frame.findStopAtEnd();
  return stop === undefined ? finishFlow(frame, end) : failFlow(frame, stop);
}

function finishFlow(frame: FlowFrame, { output, rounds, skipped, ...end }: FlowEnd): StepValue {
  const { context, path } = frame;
  if (skipped) {
    leaveResult(frame, frame.tainted ? TAINTED_SKIPPED_RESULT : SKIPPED_RESULT);
    return frame.tainted ? { output: undefined, tainted: true } : NO_VALUE;
  }
  const tainted = end.tainted || frame.tainted;
  const durationMs = frame.durationMs();
  context.run.log.add({
    type: 'step.finished',
    step: path,
    ...(output === undefined ? {} : { output }),
    duration_ms: durationMs,
    tainted,
    ...(rounds === undefined ? {} : { rounds }),
  });
  const outputs = frame.kind === 'loop' && Array.isArray(output) ? output : undefined;
  leaveResult(frame, buildAgentResult({ output, outputs, attempts: 1, durationMs, tainted }));
  return { output, tainted };
}

/** Whether `failFlow` will write anything. */
function isTold(frame: FlowFrame, error: unknown): error is FailureError | RunStop {
  if (!(error instanceof FailureError || error instanceof RunStop)) return false;
  return frame.isStarted || !isStop(error, frame.context);
}

function failFlow(frame: FlowFrame, error: unknown): StepValue {
  const { step, context, path } = frame;
  if (!(error instanceof FailureError || error instanceof RunStop)) throw error;
  const stopped = isStop(error, context);
  if (!stopped) frame.start();
  else if (!frame.isStarted) throw error;
  const { failure } = error;
  const inner = error instanceof AgentFailed ? error : undefined;
  const tainted = inner?.tainted === true || frame.tainted;
  const attempt = inner?.attempt ?? 1;
  const durationMs = frame.durationMs();
  // A branch that nobody waits for any longer fails for nobody.
  const handled = stopped ? error instanceof BranchCancelled : step.handlesFailure;
  context.run.log.add({
    type: 'step.failed',
    step: path,
    failure,
    ...(inner === undefined ? {} : { agent: inner.agent }),
    duration_ms: durationMs,
    handled,
    tainted,
  });
  leaveResult(frame, buildAgentResult({ failure, attempts: attempt, durationMs, tainted }));
  if (stopped) throw error;
  // That it came to fail may tell of what the step's own expressions read.
  if (!handled) throw inner?.tainted === tainted ? inner : new AgentFailed(failure, inner?.agent ?? path, { attempt, tainted });
  return NO_VALUE;
}

function leaveResult({ step, context }: FlowFrame, result: AgentResult): void {
  if (step.name !== undefined) context.results.set(step.name, result);
}
