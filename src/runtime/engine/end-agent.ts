import type { EventBody } from '../../program/run-event.ts';
import { FailureError, failure } from '../failure.ts';
import type { StateSet } from '../state/state-session.ts';
import { AgentFailed } from './agent-failed.ts';
import type { AgentFrame } from './agent-frame.ts';
import { type ActionFacts, type AgentEnd, buildAgentResult } from './agent-result.ts';
import { commitBodyState } from './body-state.ts';
import { BranchCancelled } from './branch-cancelled.ts';
import { noteSuccess } from './compensation/note-success.ts';
import { elapsedMs } from './elapsed-ms.ts';
import { findExcess } from './json-size.ts';
import { withOwnName } from './own-name.ts';
import type { AttemptsEnd } from './run-attempts.ts';
import { RunStop } from './run-stop.ts';
import { noteStateSecrets } from './secret-state.ts';
import { buildWrites } from './state-writes.ts';
import { templatesReadTaint } from './taint.ts';

type Succeeded = Extract<AttemptsEnd, { readonly ok: true }>;
type Failed = Extract<AttemptsEnd, { readonly ok: false }>;

/**
 * The agent's work succeeded: sets what it sets in the state and journals both as one (DESIGN §3, rule 4). State that cannot be set fails the agent and
 * stays as it was: gives that failure when something handles it.
 */
export async function finishAgent(frame: AgentFrame, { attempts, result, cached }: Succeeded): Promise<AgentFailed | undefined> {
  const { step, path, context, startedAt } = frame;
  const { run, body, results } = context;
  const tainted = frame.tainted || result.tainted === true;
  const end: AgentEnd = { ...result, attempts, durationMs: elapsedMs(run.ports.clock, startedAt), tainted, cached };
  results.set(step.name, buildAgentResult(end));
  let set: StateSet | undefined;
  if (step.set.type !== 'none' || result.setState !== undefined) {
    try {
      set = applyWrites(frame, { attempts, result }, tainted);
    } catch (error) {
      if (!(error instanceof FailureError)) throw error;
      return failAgent({ ...frame, tainted }, { attempts, ok: false, failure: error.failure, facts: result });
    }
    noteStateSecrets(body.state, run.redactor);
  }
  run.log.add(...setEvents(frame, set), {
    type: 'agent.finished',
    agent: path,
    ...(result.output === undefined ? {} : { output: result.output }),
    attempts,
    duration_ms: end.durationMs,
    tainted,
    ...(cached ? { cached } : {}),
    ...publicFacts(result),
    ...(result.logs === undefined || result.logs.length === 0 ? {} : { log_count: result.logs.length }),
  });
  // From here on the agent has succeeded, even when what follows ends the run. What came from the cache did nothing that could be undone.
  if (!cached) noteSuccess(frame);
  if (set !== undefined && body.state.due('agent')) {
    try {
      await commitBodyState('agent', body, run);
    } catch (error) {
      throw error instanceof FailureError ? new AgentFailed(error.failure, path, { attempt: attempts, tainted }) : error;
    }
  }
  body.limits.check();
  return undefined;
}

/** The agent failed. Throws `AgentFailed` unless something handles the failure (LANGUAGE §2.2), and gives it otherwise. */
export function failAgent(frame: AgentFrame, end: Failed): AgentFailed {
  const { attempts, failure, facts, failedAgent } = end;
  const { step, path, context, undoes } = frame;
  const tainted = frame.tainted || end.tainted === true;
  const { run, body, results } = context;
  const durationMs = elapsedMs(run.ports.clock, frame.startedAt);
  // Whatever undoes the rest still runs (LANGUAGE §2.4).
  const handled = step.handlesFailure || undoes !== undefined;
  results.set(step.name, buildAgentResult({ ...facts, failure, attempts, durationMs, tainted }));
  addFailed({ ...frame, tainted }, { failure, attempts, durationMs, handled, facts });
  body.limits.check();
  const failed = new AgentFailed(failure, failedAgent ?? path, { attempt: attempts, tainted });
  if (!handled) throw failed;
  return failed;
}

/**
 * The run, a body or the branch is over while the agent was at work: says so in the journal and in its result, which a `finally` may read. One whose branch nobody waits for any
 * longer fails for nobody. A defect is not the agent's.
 */
export function stopAgent(frame: AgentFrame, stop: unknown): void {
  if (!(stop instanceof RunStop) && !(stop instanceof FailureError)) return;
  const { step, context, startedAt, tainted, progress } = frame;
  const { failure } = stop;
  const { attempts } = progress;
  const durationMs = elapsedMs(context.run.ports.clock, startedAt);
  context.results.set(step.name, buildAgentResult({ failure, attempts, durationMs, tainted }));
  addFailed(frame, { failure, attempts, durationMs, handled: stop instanceof BranchCancelled, stopped: true, facts: {} });
}

interface FailedEnd extends Pick<Failed, 'failure' | 'attempts' | 'facts'> {
  readonly durationMs: number;
  readonly handled: boolean;
  readonly stopped?: true;
}

function addFailed({ path, context, tainted }: AgentFrame, { failure, attempts, facts, durationMs, handled, stopped }: FailedEnd): void {
  context.run.log.add({
    type: 'agent.failed',
    agent: path,
    failure,
    attempts,
    duration_ms: durationMs,
    handled,
    ...(stopped === undefined ? {} : { stopped }),
    tainted,
    ...publicFacts(facts),
  });
}

function applyWrites(
  { step, path, prepared, context, scope }: AgentFrame,
  { attempts, result }: Pick<Succeeded, 'attempts' | 'result'>,
  tainted: boolean,
): StateSet {
  const own = withOwnName(step, context);
  const writes = buildWrites(step, prepared, result, own === context ? scope : { ...scope, agents: own.results });
  for (const { key, value } of writes) {
    const excess = findExcess(value);
    if (excess !== undefined) throw failure('OUTPUT_TOO_LARGE', `The value for the state key "${key}" is ${excess}.`);
  }
  const taintedToo = tainted || prepared.fields.some(({ reads }) => templatesReadTaint(reads, own));
  return context.body.state.apply(path, writes, taintedToo, context.run.ports.clock.now(), context.order, attempts);
}

function setEvents({ path }: AgentFrame, set: StateSet | undefined): readonly EventBody[] {
  if (set === undefined) return [];
  const warnings = set.untouched.map((key): EventBody => {
    const message = `The value for the state key "${key}" is undefined: the key stays as it was.`;
    return { type: 'warning', code: 'state-undefined', message, agent: path };
  });
  if (Object.keys(set.values).length === 0) return warnings;
  return [...warnings, { type: 'state.set', agent: path, values: set.values, writes: set.writes, tainted: set.tainted }];
}

function publicFacts({
  response,
  usage,
  model,
}: ActionFacts): Pick<Extract<EventBody, { type: 'agent.finished' }>, 'response' | 'usage' | 'model'> {
  return {
    ...(response === undefined ? {} : { response }),
    ...(usage === undefined ? {} : { usage }),
    ...(model === undefined ? {} : { model }),
  };
}
