import type { JsonValue } from '../../../program/json.ts';
import type { BodyAction, CalledFile } from '../../../program/program.ts';
import type { Scope } from '../../expression/scope.ts';
import { FailureError, failure } from '../../failure.ts';
import { createStateBackends } from '../../state/state-backends.ts';
import type { BodyCall, BodyEnd } from '../body-context.ts';
import { fingerprintFile } from '../cache/file-fingerprint.ts';
import { checkBodyInput } from '../check-body-input.ts';
import { CompensationLog } from '../compensation/compensation-log.ts';
import { openLifetime } from '../lifetime.ts';
import type { RunContext } from '../run-context.ts';
import { LimitStop } from '../run-limits.ts';
import type { ActionCall, ActionContext, PreparedAction } from './action.ts';

/** Files that run files that run …: deeper than this is an error (LANGUAGE §6.5). */
const MAX_DEPTH = 16;

/** Runs the steps of an agent file or ensemble over their own state and results; their events carry the path `outer/inner` in the same journal. Each try starts them anew. */
export function prepareBody({ file }: BodyAction, { context, path, step, scope, tainted }: ActionContext): PreparedAction {
  const { run, body: outer } = context;
  const called = run.program.files[file];
  if (called === undefined) throw new Error(`the program runs a file ${file} that it does not hold`);
  const depth = outer.depth + 1;
  if (depth > MAX_DEPTH) throw failure('RECURSION', `Ensembles and agent files run each other more than ${MAX_DEPTH} levels deep.`);
  const { body } = called;
  const input = checkBodyInput(body, scope.input as JsonValue, `The input of "${step.name}"`);
  const call: ActionCall = async (signal) => {
    const { kind, name } = called;
    const bodyCall: BodyCall = {
      body,
      kind,
      path,
      depth,
      beside: outer.beside || context.order.length > 0,
      input,
      inputTainted: tainted,
      trigger: undefined,
      root: kind === 'ensemble' ? { ...outer.root, ensemble: name } : outer.root,
      limits: outer.limits,
      compensations: kind === 'ensemble' ? new CompensationLog(outer.compensations) : outer.compensations,
      stateBackend: kind === 'ensemble' ? createStateBackends(run.ports) : outer.stateBackend,
      signal,
    };
    const end = await runWithLimits(called, bodyCall, run);
    return { output: end.output, tainted: end.tainted };
  };
  return { call, given: () => input, worker: () => fingerprintFile(called, run.program) };
}

/**
 * An ensemble's own limits hold for it, beside those around it: what it uses counts against both. One that goes beyond its own is over at once, whatever in it handles
 * failures; for whoever runs it that is a failure like any other.
 */
async function runWithLimits({ limits: plan, name }: CalledFile, call: BodyCall, run: RunContext): Promise<BodyEnd> {
  if (Object.keys(plan).length === 0) return run.runBody(call);
  const limits = call.limits.within(plan, { startedAt: run.ports.clock.now(), subject: `The ensemble "${name}"` });
  const lifetime = openLifetime({ path: call.path, limits, outer: call.signal }, run);
  lifetime.limit();
  const opened = (scope: Scope): void => {
    limits.open(scope);
    lifetime.limit();
  };
  try {
    return await run.runBody({ ...call, limits, signal: lifetime.signal, opened });
  } catch (error) {
    throw error instanceof LimitStop && error.limits === limits ? new FailureError(error.failure) : error;
  } finally {
    const closing = lifetime.close();
    if (closing !== undefined) await closing;
  }
}
