import type { ParallelStep, Step } from '../../../program/program.ts';
import { FailureError, failure } from '../../failure.ts';
import { AgentFailed } from '../agent-failed.ts';
import { BranchCancelled } from '../branch-cancelled.ts';
import { isStop } from '../is-stop.ts';
import { ListSize, MAX_OUTPUT_SIZE } from '../json-size.ts';
import { stepLine } from '../replay/event-lines.ts';
import type { StepContext } from '../step-context.ts';
import { NO_VALUE, type StepValue } from '../step-value.ts';
import type { FlowEnd, FlowFrame } from './flow-frame.ts';
import { runBeside } from './run-beside.ts';
import { runStep } from './run-step.ts';
import type { SideBySide } from './side-by-side.ts';

/** All branches at once. `waitFor: all` gives the list of their values, `any` and `first` the value of the one that decided. */
export async function runParallel(frame: FlowFrame<ParallelStep>): Promise<FlowEnd> {
  const { step } = frame;
  frame.start({ branches: step.steps.length });
  return step.waitFor === 'all' ? runAll(frame) : race(frame, step.waitFor);
}

/** The first failure that nothing handles cancels the other branches. */
async function runAll(frame: FlowFrame<ParallelStep>): Promise<FlowEnd> {
  const values: StepValue[] = [];
  const size = new ListSize(MAX_OUTPUT_SIZE);
  await runBranches(frame, async (branch, step, context) => {
    const value = await runStep(step, context);
    values[branch] = value;
    const excess = size.add(value.output ?? null);
    if (excess !== undefined) throw failure('OUTPUT_TOO_LARGE', `The output is ${excess}.`);
  });
  const output = values.map(({ output }) => output ?? null);
  size.end(output);
  return { output, isMeasured: true, tainted: values.some(({ tainted }) => tainted) };
}

/**
 * The branch that decides is journalled before the others are cancelled. One whose agent was skipped takes no part; with `any` one that failed does not win either,
 * whether that is handled or not. When none decides the failure is that of the first branch, in listed order, whose failure nothing handles.
 */
async function race(frame: FlowFrame<ParallelStep>, waitFor: 'any' | 'first'): Promise<FlowEnd> {
  const failures: FailureError[] = [];
  let decision: (() => StepValue) | undefined;
  await runBranches(frame, async (branch, step, context, group) => {
    const end = await endOf(step, context);
    const decides = waitFor === 'any' ? end.succeeded : !end.skipped;
    if (decision !== undefined) return;
    if (!decides) {
      if (end.error !== undefined) failures[branch] = end.error;
      return;
    }
    const { error, value } = end;
    // Meanwhile another one may come.
    if (context.run.replay !== undefined && ((await isDecidedByAnother(frame, branch)) || decision !== undefined)) return;
    frame.decided({ took: String(branch) });
    decision = () => {
      if (error !== undefined) throw error;
      return value;
    };
    const what = waitFor === 'any' ? 'another branch succeeded' : 'another branch ended';
    group.stopAfter(-1, new BranchCancelled(`Cancelled, because ${what} before this one.`));
  });
  if (decision !== undefined) return decision();
  const [failed] = failures.filter((error) => error !== undefined);
  if (failed === undefined) return NO_VALUE;
  throw allFailed(failed, frame.step.steps.length);
}

/** In a resumed run it is the record that says which branch came first. */
async function isDecidedByAnother(frame: FlowFrame<ParallelStep>, branch: number): Promise<boolean> {
  const { replay } = frame.context.run;
  if (replay === undefined || replay.isLive) return false;
  const recorded = replay.peek(stepLine(frame.path));
  if (recorded?.type === 'step.decided' && recorded.took !== String(branch)) return true;
  await frame.throwIfStoppedAgain(await frame.recorded());
  return false;
}

type Branch = (branch: number, step: Step, context: StepContext, group: SideBySide) => Promise<void>;

function runBranches({ step, context, path }: FlowFrame<ParallelStep>, run: Branch): Promise<void> {
  const { steps } = step;
  return runBeside(context, { path, count: steps.length, concurrency: steps.length }, async (branch, inner, group) => {
    const one = steps[branch];
    if (one !== undefined) await run(branch, one, inner, group);
  });
}

interface BranchEnd {
  readonly value: StepValue;
  readonly skipped: boolean;
  readonly succeeded: boolean;
  /** Nothing handled it. */
  readonly error?: FailureError;
}

/** How a branch ended; throws only what ends it from outside. */
async function endOf(step: Step, context: StepContext): Promise<BranchEnd> {
  try {
    const value = await runStep(step, context);
    const result = step.name === undefined ? undefined : context.results.get(step.name);
    return { value, skipped: result?.skipped === true, succeeded: result?.success !== false };
  } catch (error) {
    if (isStop(error, context) || !(error instanceof FailureError)) throw error;
    return { value: NO_VALUE, skipped: false, succeeded: false, error };
  }
}

function allFailed(error: FailureError, count: number): FailureError {
  const { failure } = error;
  const message = `None of the ${count} branches succeeded. The first failure: ${failure.message}`;
  const told = { ...failure, message };
  return error instanceof AgentFailed ? new AgentFailed(told, error.agent, error) : new FailureError(told);
}
