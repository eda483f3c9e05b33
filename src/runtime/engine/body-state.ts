import { everyStep } from '../../program/inner-steps.ts';
import type { Body, StatePlan } from '../../program/program.ts';
import type { EventBody } from '../../program/run-event.ts';
import { FailureError } from '../failure.ts';
import type { Loaded } from '../state/backend.ts';
import { openState } from '../state/open-state.ts';
import { parseScope } from '../state/scope-key.ts';
import type { CommitMoment, StateSession } from '../state/state-session.ts';
import type { BodyCall, BodyContext } from './body-context.ts';
import { prepareTemplate } from './evaluate.ts';
import type { RunContext } from './run-context.ts';
import { buildOpeningScope } from './scope.ts';
import { hideSecretKeys, noteStateSecrets } from './secret-state.ts';
import { openingReadsTaint } from './taint.ts';
import { findReads } from './template-reads.ts';

/** Opens the body's state (LANGUAGE §4.6: read before the first agent) and journals what it holds. Throws `FailureError`. */
export async function openBodyState(call: BodyCall, run: RunContext): Promise<StateSession> {
  const plan = call.body.state;
  const scope = buildOpeningScope(run, call, { input: call.input, state: {}, agent: agentOf(call.path) });
  const initial = plan.initial === undefined ? undefined : prepareTemplate(plan.initial)(scope);
  const state = await openState(plan, {
    scope: parseScope(prepareTemplate(plan.key)(scope)),
    run: run.id,
    backend: call.stateBackend(plan),
    clock: run.ports.clock,
    commitId: `${run.id}/${call.path}`,
    ...(initial === undefined ? {} : { initial, initialTainted: openingReadsTaint(findReads([plan.initial]), call) }),
  });
  hideSecretKeys(plan, call.path, run.redactor);
  noteStateSecrets(state, run.redactor);
  if (usesState(call.body)) run.log.add(loadedEvent(plan, state, call.path, state.loaded));
  return state;
}

/** Writes what `persist` says is due at this moment, and journals it. Throws `FailureError`. */
export async function commitBodyState(moment: CommitMoment, { body, path, state }: BodyContext, run: RunContext): Promise<void> {
  if (!state.due(moment)) return;
  // Memory ends with the run: writing to it has no effect that a record would explain.
  const lasting = body.state.backend !== 'memory';
  if (lasting) await run.log.flush();
  const committed = await state.commit(moment);
  if (committed === undefined || !lasting) return;
  const { keys, merged, version, loaded } = committed;
  const plan = body.state;
  noteStateSecrets(state, run.redactor);
  run.log.add({ type: 'state.committed', scope: state.scope, backend: plan.backend, ...where(path, version), keys, merged });
  // The run goes on with what others wrote meanwhile: the journal must know it too.
  if (merged && moment === 'agent') run.log.add(loadedEvent(plan, state, path, loaded));
}

/** The same for a body that did not succeed: what ended it is told, not that its state could not be written on top. */
export async function commitFailedState(context: BodyContext, run: RunContext): Promise<void> {
  try {
    await commitBodyState('failed', context, run);
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
    const message = `The state could not be written after the failure: ${error.failure.message}`;
    run.log.add({ type: 'warning', code: 'state-not-written', message, ...where(context.path, undefined) });
  }
}

function loadedEvent(plan: StatePlan, state: StateSession, path: string, loaded: Loaded): EventBody {
  const initial = Object.entries(state.snapshot()).filter(([key]) => !Object.hasOwn(loaded.values, key));
  return {
    type: 'state.loaded',
    scope: state.scope,
    backend: plan.backend,
    ...where(path, loaded.version),
    values: loaded.values,
    ...(initial.length === 0 ? {} : { initial: Object.fromEntries(initial) }),
    ...(Object.keys(loaded.writtenAt).length === 0 ? {} : { written_at: loaded.writtenAt }),
    ...(state.taintedKeys.length === 0 ? {} : { tainted: state.taintedKeys }),
  };
}

function where(path: string, version: number | undefined): { readonly agent?: string; readonly version?: number } {
  return { ...(path === '' ? {} : { agent: path }), ...(version === undefined ? {} : { version }) };
}

function agentOf(path: string): string | undefined {
  return path === '' ? undefined : path;
}

/** A body without any mention of state has nothing to load and nothing to say about it. */
function usesState({ state, steps }: Body): boolean {
  if (state.backend !== 'memory' || state.schema !== undefined || state.initial !== undefined) return true;
  return [...everyStep(steps)].some((step) => step.type === 'agent' && (step.useAll || step.use.length > 0 || step.set.type !== 'none'));
}
