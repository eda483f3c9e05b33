import type { TryStep } from '../../../program/program.ts';
import { FailureError } from '../../failure.ts';
import { AgentFailed } from '../agent-failed.ts';
import { isStop } from '../is-stop.ts';
import { withLocals } from '../locals.ts';
import { RunStop } from '../run-stop.ts';
import type { StepContext } from '../step-context.ts';
import type { StepValue } from '../step-value.ts';
import { withError } from '../with-error.ts';
import type { FlowEnd, FlowFrame } from './flow-frame.ts';
import { runSteps } from './run-steps.ts';

/** How `steps` and `catch` ended. */
type Tried =
  | { readonly ok: true; readonly value: StepValue; readonly caught: AgentFailed | undefined }
  | { readonly ok: false; readonly error: unknown };

/**
 * `steps`; when one of them fails `catch`, with `error` in scope; in any case `finally`. Gives the value of `steps`, or that of `catch` when it caught. A failure in `finally` takes
 * the place of whatever failed before it, but not of a stop: the run that is over, the branch that is no longer waited for.
 */
export async function runTry(frame: FlowFrame<TryStep>): Promise<FlowEnd> {
  frame.start();
  const tried = await runAndCatch(frame);
  try {
    await runFinally(frame, tried);
  } catch (error) {
    if (tried.ok || !isStop(tried.error, frame.context)) throw error;
  }
  if (!tried.ok) throw tried.error;
  const { value, caught } = tried;
  // That it was `catch` that ran is something that the failure tells.
  return { ...value, tainted: value.tainted || caught?.tainted === true };
}

async function runAndCatch(frame: FlowFrame<TryStep>): Promise<Tried> {
  const { step, context } = frame;
  let caught: AgentFailed;
  try {
    return { ok: true, value: await runSteps(step.steps, context), caught: undefined };
  } catch (error) {
    if (isStop(error, context) || !(error instanceof FailureError)) return { ok: false, error };
    caught = error instanceof AgentFailed ? error : new AgentFailed(error.failure, frame.path);
  }
  const inner = withError(context, caught);
  try {
    const turn = frame.recorded();
    if (turn instanceof Promise) await frame.throwIfStoppedAgain(await turn);
    frame.decided({ took: 'catch', ...(inner.locals.error === undefined ? {} : { saw: inner.locals.error }) });
    return { ok: true, value: await runSteps(step.catch, inner), caught };
  } catch (error) {
    return { ok: false, error };
  }
}

/**
 * Nothing stops it, so that it can clean up: neither the signal of what is around it nor limits, in which it counts all the same. Its `error` is what the try fails with or what it
 * caught, if there is any.
 */
async function runFinally(frame: FlowFrame<TryStep>, tried: Tried): Promise<void> {
  const { step, context } = frame;
  if (step.finally.length === 0) return;
  const body = { ...context.body, limits: context.body.limits.lifted() };
  const sheltered: StepContext = { ...context, body, signal: new AbortController().signal };
  const failed = tried.ok ? tried.caught : failureOf(tried.error, frame.path);
  const bound =
    failed === undefined ? { ...sheltered, locals: withLocals(context.locals, { error: undefined }, false) } : withError(sheltered, failed);
  await runSteps(step.finally, bound);
}

function failureOf(error: unknown, path: string): AgentFailed | undefined {
  if (error instanceof AgentFailed) return error;
  return error instanceof FailureError || error instanceof RunStop ? new AgentFailed(error.failure, path) : undefined;
}
