import type { JsonObject } from '../../program/json.ts';
import { FailureError } from '../failure.ts';
import type { BodyCall, BodyContext, BodyEnd } from './body-context.ts';
import { buildBodyOutput } from './body-output.ts';
import { commitBodyState, commitFailedState, openBodyState } from './body-state.ts';
import { undoBody } from './compensation/undo-body.ts';
import { runDependentSteps } from './flow/run-dependent-steps.ts';
import { runSteps } from './flow/run-steps.ts';
import { NO_LOCALS } from './locals.ts';
import { findError, throwIfStoppedAtEnd } from './replay/replay-body.ts';
import { Results } from './results.ts';
import type { RunContext } from './run-context.ts';
import { buildScope } from './scope.ts';
import { noteStateSecrets } from './secret-state.ts';
import type { StepContext } from './step-context.ts';

/**
 * Runs a body whose input was checked: state, steps, output, commit. Throws `AgentFailed` or another `FailureError` when it failed, `RunStop` when the
 * run is over. A failing `output` fails the body before anything of its state is written. An ensemble that does not succeed is undone first (LANGUAGE §2.4); an agent file is a
 * part of the ensemble that runs it.
 */
export async function runBody(call: BodyCall, run: RunContext): Promise<BodyEnd> {
  const results = new Results(undefined, run.held);
  try {
    return await runWith(call, run, results);
  } finally {
    results.release();
  }
}

async function runWith(call: BodyCall, run: RunContext, results: Results): Promise<BodyEnd> {
  const body: BodyContext = { ...call, state: await openBodyState(call, run) };
  if (call.path === '') run.replay?.onForked(({ values = {}, at }) => setForkValues(body, run, values, at));
  const { signal } = call;
  const context: StepContext = { run, body, results, locals: NO_LOCALS, signal, iteration: '', order: [] };
  const isEnsemble = call.kind === 'ensemble';
  let end: BodyEnd;
  try {
    call.opened?.(buildScope(context, { input: call.input, state: body.state.snapshot(), agent: undefined }));
    const { steps, dependencies, concurrency } = call.body;
    const last = await (dependencies === undefined
      ? runSteps(steps, context)
      : runDependentSteps({ steps, dependencies, concurrency }, context));
    end = buildBodyOutput(context, last);
    if (run.replay !== undefined) await throwIfStoppedAtEnd(body, run.replay);
  } catch (error) {
    const why = run.replay === undefined ? error : await findError(body, run.replay, error);
    if (isEnsemble) await undoBody(body, run);
    await commitFailedState(body, run);
    throw why;
  }
  try {
    await commitBodyState('succeeded', body, run);
  } catch (error) {
    // What undoing it has set since may still be written.
    if (isEnsemble && (await undoBody(body, run))) await commitFailedState(body, run);
    throw error;
  }
  if (isEnsemble) body.compensations.handOver();
  return end;
}

/** Who makes a fork says what the state is to hold instead. What the schema does not allow stays as it was. */
function setForkValues({ state }: BodyContext, { log, redactor }: RunContext, values: JsonObject, at: number): void {
  try {
    state.replace(values, at);
    noteStateSecrets(state, redactor);
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
    log.add({ type: 'warning', code: 'fork-values', message: error.failure.message });
  }
}
