import type { EventBody } from '../../program/run-event.ts';
import { FailureError, failure } from '../failure.ts';
import type { StateSet } from '../state/state-session.ts';
import type { ActionResult } from './actions/action.ts';
import { AgentFailed } from './agent-failed.ts';
import type { AgentFrame } from './agent-frame.ts';
import { type ActionFacts, type AgentEnd, buildAgentResult } from './agent-result.ts';
import { commitBodyState } from './body-state.ts';
import { findExcess } from './json-size.ts';
import type { AttemptsEnd } from './run-attempts.ts';
import { RunStop } from './run-stop.ts';
import { hideSecretKeys, noteStateSecrets } from './secret-state.ts';
import { buildWrites } from './state-writes.ts';
import { templatesReadTaint } from './taint.ts';

type Succeeded = Extract<AttemptsEnd, { readonly ok: true }>;
type Failed = Extract<AttemptsEnd, { readonly ok: false }>;

/**
 * The agent's work succeeded: sets what it sets in the state and journals both as one (DESIGN §3, rule 4). State that cannot be set fails the agent and
 * stays as it was.
 */
export async function finishAgent(frame: AgentFrame, { attempts, result }: Succeeded): Promise<void> {
  const { step, path, context, startedAt } = frame;
  const { run, body, results } = context;
  const tainted = frame.tainted || result.tainted === true;
  const end: AgentEnd = { ...result, attempts, durationMs: run.ports.clock.now() - startedAt, tainted };
  results.set(step.name, buildAgentResult(end));
  let set: StateSet | undefined;
  if (step.set.type !== 'none' || result.setState !== undefined) {
    try {
      set = applyWrites(frame, result, tainted);
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
    ...publicFacts(result),
    ...(result.logs === undefined || result.logs.length === 0 ? {} : { log_count: result.logs.length }),
  });
  if (set !== undefined && body.state.due('agent')) {
    try {
      await commitBodyState('agent', body, run);
    } catch (error) {
      throw error instanceof FailureError ? new AgentFailed(error.failure, path) : error;
    }
  }
  body.limits.check();
}

/** The agent failed. Throws `AgentFailed` unless something handles the failure (LANGUAGE §2.2). */
export function failAgent(frame: AgentFrame, { attempts, failure, facts, failedAgent }: Failed): void {
  const { step, path, context } = frame;
  const { run, body, results } = context;
  const durationMs = run.ports.clock.now() - frame.startedAt;
  const handled = step.handlesFailure;
  results.set(step.name, buildAgentResult({ ...facts, failure, attempts, durationMs, tainted: frame.tainted }));
  addFailed(frame, { failure, attempts, durationMs, handled, facts });
  body.limits.check();
  if (!handled) throw new AgentFailed(failure, failedAgent ?? path);
}

/** The run, or an agent file's body, is over while the agent was at work: says so in the journal. A defect is not the agent's. */
export function stopAgent(frame: AgentFrame, stop: unknown): void {
  if (!(stop instanceof RunStop) && !(stop instanceof FailureError)) return;
  const durationMs = frame.context.run.ports.clock.now() - frame.startedAt;
  addFailed(frame, { failure: stop.failure, attempts: frame.progress.attempts, durationMs, handled: false, facts: {} });
}

interface FailedEnd extends Pick<Failed, 'failure' | 'attempts' | 'facts'> {
  readonly durationMs: number;
  readonly handled: boolean;
}

function addFailed({ path, context, tainted }: AgentFrame, { failure, attempts, facts, durationMs, handled }: FailedEnd): void {
  context.run.log.add({
    type: 'agent.failed',
    agent: path,
    failure,
    attempts,
    duration_ms: durationMs,
    handled,
    tainted,
    ...publicFacts(facts),
  });
}

function applyWrites({ step, path, prepared, context, scope }: AgentFrame, result: ActionResult, tainted: boolean): StateSet {
  const writes = buildWrites(step, prepared, result, scope);
  for (const { key, value } of writes) {
    const excess = findExcess(value);
    if (excess !== undefined) throw failure('OUTPUT_TOO_LARGE', `The value for the state key "${key}" is ${excess}.`);
  }
  const taintedToo = tainted || prepared.fields.some(({ reads }) => templatesReadTaint(reads, context));
  return context.body.state.apply(path, writes, taintedToo, context.run.ports.clock.now());
}

function setEvents({ path, context }: AgentFrame, set: StateSet | undefined): readonly EventBody[] {
  if (set === undefined) return [];
  const warnings = set.untouched.map((key): EventBody => {
    const message = `The value for the state key "${key}" is undefined: the key stays as it was.`;
    return { type: 'warning', code: 'state-undefined', message, agent: path };
  });
  if (Object.keys(set.values).length === 0) return warnings;
  const plan = context.body.body.state;
  const values = hideSecretKeys(plan, set.values);
  const writes = hideSecretKeys(plan, set.writes);
  return [...warnings, { type: 'state.set', agent: path, values, writes, tainted: set.tainted }];
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
