import type { BodyCall, BodyContext, BodyEnd } from './body-context.ts';
import { buildBodyOutput } from './body-output.ts';
import { commitBodyState, commitFailedState, openBodyState } from './body-state.ts';
import { runSteps } from './flow/run-steps.ts';
import { NO_LOCALS } from './locals.ts';
import { Results } from './results.ts';
import type { RunContext } from './run-context.ts';
import { buildScope } from './scope.ts';
import type { StepContext } from './step-context.ts';

/**
 * Runs a body whose input was checked: state, steps, output, commit. Throws `AgentFailed` or another `FailureError` when it failed, `RunStop` when the
 * run is over. A failing `output` fails the body before anything of its state is written.
 */
export async function runBody(call: BodyCall, run: RunContext): Promise<BodyEnd> {
  const body: BodyContext = { ...call, state: await openBodyState(call, run) };
  const { signal } = call;
  const context: StepContext = { run, body, results: new Results(), locals: NO_LOCALS, signal, iteration: '', order: [] };
  let end: BodyEnd;
  try {
    call.opened?.(buildScope(context, { input: call.input, state: body.state.snapshot(), agent: undefined }));
    const last = await runSteps(call.body.steps, context);
    end = buildBodyOutput(context, last);
  } catch (error) {
    await commitFailedState(body, run);
    throw error;
  }
  await commitBodyState('succeeded', body, run);
  return end;
}
