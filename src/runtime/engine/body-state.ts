import { everyStep } from '../../program/inner-steps.ts';
import type { Body, StatePlan } from '../../program/program.ts';
import type { EventBody, RunEvent } from '../../program/run-event.ts';
import { FailureError } from '../failure.ts';
import type { Loaded } from '../state/backend.ts';
import { openState, restoreState } from '../state/open-state.ts';
import { parseScope } from '../state/scope-key.ts';
import type { CommitMoment, RecordedCommit, StateCommit, StateOptions, StateSession } from '../state/state-session.ts';
import type { BodyCall, BodyContext } from './body-context.ts';
import { prepareTemplate } from './evaluate.ts';
import { stateLine } from './replay/event-lines.ts';
import type { RunContext } from './run-context.ts';
import { buildOpeningScope } from './scope.ts';
import { hideSecretKeys, noteStateSecrets } from './secret-state.ts';
import { openingReadsTaint } from './taint.ts';
import { findReads } from './template-reads.ts';

type LoadedEvent = Extract<RunEvent, { readonly type: 'state.loaded' }>;

/** Opens the body's state (LANGUAGE §4.6: read before the first agent) and journals what it holds, or that it could not be read. Throws `FailureError`. */
export async function openBodyState(call: BodyCall, run: RunContext): Promise<StateSession> {
  const plan = call.body.state;
  const scope = buildOpeningScope(run, call, { input: call.input, state: {}, agent: agentOf(call.path) });
  const initial = plan.initial === undefined ? undefined : prepareTemplate(plan.initial)(scope);
  const options: StateOptions = {
    scope: parseScope(prepareTemplate(plan.key)(scope)),
    run: run.id,
    backend: call.stateBackend(plan),
    clock: run.ports.clock,
    commitId: nameSession(call.path, run),
    ...(initial === undefined ? {} : { initial, initialTainted: openingReadsTaint(findReads([plan.initial]), call) }),
  };
  hideSecretKeys(plan, call.path, run.redactor);
  if (!usesState(call.body)) return openState(plan, options);
  const state = await openOrRestore(plan, options, call, run);
  noteStateSecrets(state, run.redactor);
  run.log.add(loadedEvent(plan, state, call.path, state.loaded));
  return state;
}

/** The same in each life of the run, and another one for each time that the body is run: an agent file that is tried again, or that is over and is undone. */
function nameSession(path: string, { commitsAs, opened }: RunContext): string {
  const count = (opened.get(path) ?? 0) + 1;
  opened.set(path, count);
  return count === 1 ? `${commitsAs}/${path}` : `${commitsAs}/${path}~${count}`;
}

/** In a resumed run what the journal says was read. */
async function openOrRestore(plan: StatePlan, options: StateOptions, { path, signal }: BodyCall, run: RunContext): Promise<StateSession> {
  const { replay } = run;
  const recorded = replay === undefined || replay.isOver ? undefined : await replay.turn(stateLine(path), signal);
  if (recorded?.type === 'state.loaded') return restoreState(plan, options, loadedOf(recorded));
  try {
    if (recorded?.type === 'state.failed') throw new FailureError(recorded.failure);
    // Of another program.
    if (recorded !== undefined) await replay?.live(signal);
    return await openState(plan, options);
  } catch (error) {
    if (error instanceof FailureError) run.log.add(failedEvent(plan, options.scope, path, error));
    throw error;
  }
}

/** States into which a commit brought what the scope held, and with it what this run had written under another program. */
const readAgain = new WeakSet<StateSession>();

/**
 * Of a run whose program was replaced: whether the state holds already what an agent set whose end is taken from the record, because that was committed and the scope has been read since.
 * The record of the commit is taken then.
 */
export function takeHeldCommit(keys: readonly string[], { path, state }: BodyContext, { replay, log }: RunContext): boolean {
  if (replay?.isLoose !== true || !readAgain.has(state)) return false;
  const recorded = replay.peek(stateLine(path));
  if (recorded?.type !== 'state.committed' || !haveSame(recorded.keys, keys)) return false;
  replay.recall(recorded);
  log.add(recorded);
  return true;
}

/**
 * Writes what `persist` says is due at this moment, and journals it or that it could not be written. `isAgain`: it is due to an agent whose end is taken from the record. Throws `FailureError`.
 */
export async function commitBodyState(
  moment: CommitMoment,
  { body, path, state }: BodyContext,
  run: RunContext,
  isAgain = false,
): Promise<void> {
  if (!state.due(moment)) return;
  const plan = body.state;
  // Memory ends with the run: writing to it has no effect that a record would explain.
  if (plan.backend === 'memory') {
    await state.commit(moment);
    return;
  }
  const { replay, log } = run;
  const recall = async (keys: readonly string[]): Promise<RecordedCommit | undefined> => {
    // What is recorded was due to other agents.
    if (replay?.isLoose === true && moment === 'agent' && !isAgain) return void (await log.flush());
    const recorded = replay === undefined || replay.isOver ? undefined : await replay.turn(stateLine(path));
    if (recorded?.type === 'state.failed') return { type: 'failed', error: new FailureError(recorded.failure) };
    // Of another program only what it wrote tells whether it is the same.
    if (recorded?.type === 'state.committed' && (replay?.isLoose !== true || haveSame(recorded.keys, keys))) {
      replay?.recall(recorded);
      const [, next] = (recorded.merged ? replay?.rest(stateLine(path)) : undefined) ?? [];
      const loaded = next?.type === 'state.loaded' && moment === 'agent' ? loadedOf(next) : undefined;
      return { type: 'committed', version: recorded.version, merged: recorded.merged, loaded };
    }
    if (recorded !== undefined) await replay?.live();
    // What led here is written before the backend is.
    await log.flush();
    return undefined;
  };
  let committed: StateCommit | undefined;
  try {
    committed = await state.commit(moment, recall);
  } catch (error) {
    if (error instanceof FailureError) log.add(failedEvent(plan, state.scope, path, error));
    throw error;
  }
  if (committed === undefined) return;
  const { keys, merged, version, loaded } = committed;
  if (merged && moment === 'agent') readAgain.add(state);
  noteStateSecrets(state, run.redactor);
  const event: EventBody = { type: 'state.committed', scope: state.scope, backend: plan.backend, ...where(path, version), keys, merged };
  // The run goes on with what others wrote meanwhile: the journal must know it too.
  log.add(event, ...(merged && moment === 'agent' ? [loadedEvent(plan, state, path, loaded)] : []));
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

function haveSame(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((key) => others.includes(key));
}

function failedEvent({ backend }: StatePlan, scope: string, path: string, { failure }: FailureError): EventBody {
  return { type: 'state.failed', scope, backend, ...where(path, undefined), failure };
}

function loadedOf({ values, version, written_at: writtenAt = {}, tainted = [] }: LoadedEvent): Loaded {
  return { values, writtenAt, tainted, ...(version === undefined ? {} : { version }) };
}

function loadedEvent(plan: StatePlan, state: StateSession, path: string, loaded: Loaded): EventBody {
  const initial = Object.entries(state.snapshot()).filter(([key]) => !Object.hasOwn(loaded.values, key));
  return {
    type: 'state.loaded',
    scope: state.scope,
    backend: plan.backend,
    ...(plan.binding === undefined ? {} : { binding: plan.binding }),
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

const users = new WeakMap<Body, boolean>();

function usesState(body: Body): boolean {
  const known = users.get(body) ?? mentionsState(body);
  users.set(body, known);
  return known;
}

/** A body without any mention of state has nothing to load and nothing to say about it. */
function mentionsState({ state, steps }: Body): boolean {
  if (state.backend !== 'memory' || state.schema !== undefined || state.initial !== undefined) return true;
  return [...everyStep(steps)].some((step) => step.type === 'agent' && (step.useAll || step.use.length > 0 || step.set.type !== 'none'));
}
