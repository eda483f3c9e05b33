import type { JsonValue } from '../../program/json.ts';
import type { AgentStep } from '../../program/program.ts';
import type { RunEvent } from '../../program/run-event.ts';
import type { Scope } from '../expression/scope.ts';
import { FailureError, failure } from '../failure.ts';
import type { PreparedAction } from './actions/action.ts';
import { prepareAction } from './actions/prepare-action.ts';
import type { AgentFailed } from './agent-failed.ts';
import type { AgentFrame } from './agent-frame.ts';
import { SKIPPED_RESULT, TAINTED_SKIPPED_RESULT } from './agent-result.ts';
import { type CacheCall, finishCached, runCached } from './cache/run-cached.ts';
import { failAgent, finishAgent, stopAgent } from './end-agent.ts';
import { type Evaluate, prepareTemplate } from './evaluate.ts';
import { runSteps } from './flow/run-steps.ts';
import { withOwnName } from './own-name.ts';
import { prepareAgent } from './prepare-agent.ts';
import type { AgentRecord } from './replay/agent-records.ts';
import { agentLine } from './replay/event-lines.ts';
import { finishAgain, isOver, replayEnd, staysOver } from './replay/replay-agent.ts';
import { type AttemptsEnd, runAttempts } from './run-attempts.ts';
import type { RunContext } from './run-context.ts';
import { buildScope } from './scope.ts';
import { readerOf } from './state-reader.ts';
import type { StepContext } from './step-context.ts';
import { stepPath } from './step-path.ts';
import { NO_VALUE, type StepValue } from './step-value.ts';
import { conditionReadsTaint, readsTaint } from './taint.ts';
import { templateSource } from './template-source.ts';
import { withError } from './with-error.ts';

/**
 * Runs one agent, leaves its result in `context.results` (LANGUAGE §2) and gives what it gave. Throws `AgentFailed` when it failed and nothing handles that, or when a step
 * of its `onError` did; the reason of the context's signal when the run, the body or the branch is over. Every way out is journalled first. `undoes` is the path of the agent
 * that this one compensates.
 */
export async function runAgent(step: AgentStep, context: StepContext, undoes?: string): Promise<StepValue> {
  const { run, body, results } = context;
  const { replay, inbox } = run;
  const prepared = prepareAgent(step);
  const path = stepPath(step, context);
  const begun = replay === undefined || replay.isOver ? undefined : await replay.turn(agentLine(path), context.signal);
  if (begun === undefined) {
    if (inbox?.isPaused) await inbox.whenContinued(context.signal);
    // A resumed run that is cancelled is, like its agents, let go when its record is used up.
    context.signal.throwIfAborted();
  }
  const state = readerOf(context).view(step.use, step.useAll);
  const scope = buildScope(context, { input: body.input, state, agent: path });
  const record = begun?.type === 'agent.started' ? replay?.agents.read(path, begun, replay.isLoose) : undefined;
  const isChecked = replay?.isChecked === true;
  const decision =
    (isChecked ? undefined : decideAgain(begun, step, record)) ??
    (prepared.condition === undefined ? GO : decide(prepared.condition, scope));
  if (decision.type === 'skip' && (isChecked || begun?.type !== 'agent.started')) {
    const condition = step.condition === undefined ? '' : templateSource(step.condition);
    run.log.add({ type: 'agent.skipped', agent: path, condition, saw: decision.saw });
    const tainted = conditionReadsTaint(step, context);
    results.set(step.name, tainted ? TAINTED_SKIPPED_RESULT : SKIPPED_RESULT);
    return tainted ? { output: undefined, tainted } : NO_VALUE;
  }
  const startedAt = run.ports.clock.now();
  body.limits.countStep(startedAt);
  const operation = operationOf(step, run) ?? prepared.operation;
  run.log.add({ type: 'agent.started', agent: path, operation, ...(undoes === undefined ? {} : { compensates: undoes }) });
  const frame: AgentFrame = {
    step,
    prepared,
    context,
    path,
    start: nameStart(path, run),
    scope,
    undoes,
    startedAt,
    tainted: taintsByItself(step, run) || readsTaint(step, prepared.readsInput, context),
    record,
    progress: { attempts: 1 },
  };
  let failed: AgentFailed | undefined;
  if (isOver(step, record) && (await staysOver(frame, record))) failed = await replayEnd(frame, record);
  else {
    let end: AttemptsEnd;
    try {
      end = decision.type === 'fail' ? beforeAnyTry(decision.error) : await act(frame);
    } catch (stop) {
      if (replay !== undefined) await replay.turn(agentLine(path));
      stopAgent(frame, stop);
      throw stop;
    }
    failed = await endAgent(frame, end);
  }
  if (failed !== undefined && step.handlers !== undefined) await runSteps(step.handlers, withError(withOwnName(step, context), failed));
  return results.get(step.name) ?? NO_VALUE;
}

async function endAgent(frame: AgentFrame, end: AttemptsEnd): Promise<AgentFailed | undefined> {
  const { path, context } = frame;
  const { replay } = context.run;
  if (replay !== undefined && !replay.isOver) {
    const recorded = await replay.turn(agentLine(path));
    if (recorded?.type === 'agent.finished' && end.ok && !replay.isChecked) return finishAgain(frame, recorded);
  }
  if (!end.ok) return failAgent(frame, end);
  return end.lead === undefined ? finishAgent(frame, end) : finishCached(frame, end, end.lead);
}

/** What is recorded stays decided: an agent that had begun goes on, one that was skipped is. Undefined: it is to be decided, or the condition may be what the agent failed of. */
function decideAgain(begun: RunEvent | undefined, step: AgentStep, record: AgentRecord | undefined): Decision | undefined {
  if (begun?.type === 'agent.skipped') return { type: 'skip', saw: begun.saw };
  return begun !== undefined && isOver(step, record) ? GO : undefined;
}

/** The steps of a file that is tried again start again, under the same paths. */
function nameStart(path: string, { starts }: RunContext): string {
  const count = (starts.get(path) ?? 0) + 1;
  starts.set(path, count);
  return count === 1 ? path : `${path} (${count})`;
}

/** An agent that runs a file is called by what that is. */
function operationOf({ action }: AgentStep, { program }: RunContext): string | undefined {
  return action.type === 'body' ? program.files[action.file]?.kind : undefined;
}

type Decision =
  | { readonly type: 'go' }
  | { readonly type: 'skip'; readonly saw: JsonValue }
  | { readonly type: 'fail'; readonly error: FailureError };
const GO: Decision = { type: 'go' };

function decide(condition: Evaluate, scope: Scope): Decision {
  try {
    const saw = condition(scope);
    return saw ? GO : { type: 'skip', saw: saw ?? null };
  } catch (error) {
    if (error instanceof FailureError) return { type: 'fail', error };
    throw error;
  }
}

function act(frame: AgentFrame): AttemptsEnd | Promise<AttemptsEnd> {
  let action: PreparedAction;
  let cache: CacheCall | undefined;
  try {
    action = prepareWork(frame);
    cache = prepareCache(frame);
  } catch (error) {
    if (error instanceof FailureError) return beforeAnyTry(error);
    throw error;
  }
  return cache === undefined ? runAttempts(frame, action.call) : runCached(frame, action, cache);
}

function prepareWork({ step, prepared, context, path, start, scope, tainted, record }: AgentFrame): PreparedAction {
  if (step.rejectTainted && readsTaint(step, prepared.readsInput, context)) {
    throw failure(
      'TAINTED',
      'The agent has `reject_tainted: true` and what it reads came from outside (`${x.tainted}` tells of which agent).',
    );
  }
  const own = prepared.input === undefined ? scope : { ...scope, input: prepared.input(scope) ?? null };
  return prepareAction({ context, path, start, step, prepared, scope: own, tainted, record });
}

function prepareCache({ step: { cache: plan }, scope }: AgentFrame): CacheCall | undefined {
  if (plan === undefined) return undefined;
  return { plan, key: plan.key === undefined ? undefined : prepareTemplate(plan.key)(scope) };
}

/** Its condition, input, config or cache key could not be evaluated, which no further try would change. */
function beforeAnyTry({ failure }: FailureError): AttemptsEnd {
  return { attempts: 1, ok: false, failure, facts: {} };
}

function taintsByItself({ action }: AgentStep, run: RunContext): boolean {
  return action.type === 'operation' && run.operations.get(action.operation)?.taints === true;
}
