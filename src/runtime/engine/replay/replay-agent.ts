import type { AgentStep } from '../../../program/program.ts';
import type { RunEvent } from '../../../program/run-event.ts';
import { FailureError } from '../../failure.ts';
import type { CodeLog } from '../../ports.ts';
import type { RecordedSet } from '../../state/state-session.ts';
import { AgentFailed } from '../agent-failed.ts';
import type { AgentFrame } from '../agent-frame.ts';
import { buildAgentResult } from '../agent-result.ts';
import { commitBodyState, takeHeldCommit } from '../body-state.ts';
import { noteSuccess } from '../compensation/note-success.ts';
import { failAgent, finishAgent, stopAgent } from '../end-agent.ts';
import { findExcess } from '../json-size.ts';
import { noteStateSecrets } from '../secret-state.ts';
import type { AgentEndEvent, AgentRecord } from './agent-records.ts';
import { agentLine } from './event-lines.ts';

type Finished = Extract<RunEvent, { readonly type: 'agent.finished' }>;
type Over = AgentRecord & { readonly end: AgentEndEvent };

/**
 * Whether the record alone says how the agent ended: nothing of it is evaluated or called again. Of one that runs a file that holds only where none of its steps ran: else they are walked
 * again, since what undoes them, what they used and what they left in the state in memory counts further on.
 */
export function isOver(step: AgentStep, record: AgentRecord | undefined): record is Over {
  const end = record?.end;
  if (record === undefined || end === undefined) return false;
  if (step.action.type !== 'body') return true;
  return end.type === 'agent.finished' ? end.cached === true : !record.tried && end.stopped !== true;
}

/** Whether it is over still: waits for what stopped it to stop it again. What another program leads to may not; then it is at work. */
export async function staysOver({ context: { run, signal } }: AgentFrame, { end }: Over): Promise<boolean> {
  return end.type === 'agent.finished' || end.stopped !== true || run.replay === undefined || (await run.replay.stopped(signal));
}

/** Ends an agent as it had ended, at the same place among all others. Throws and gives what its end did. */
export async function replayEnd(frame: AgentFrame, record: Over): Promise<AgentFailed | undefined> {
  const { path, context, progress, step } = frame;
  const { run, body } = context;
  const { end } = record;
  progress.attempts = end.attempts;
  if (end.type === 'agent.failed' && end.stopped) return stopAgain(frame, record);
  if (run.replay !== undefined) await run.replay.turn(agentLine(path));
  if (end.usage !== undefined) body.limits.countUsage(end.usage);
  if (end.type === 'agent.finished') return isSetAgain(frame) ? finishAgent(frame, asTried(end)) : finishAgain(frame, end);
  const { failure, attempts, tainted, response, usage, model } = end;
  const logs = step.action.type === 'code' && (record.tried || record.logs.length > 0) ? record.logs : undefined;
  return failAgent({ ...frame, tainted }, { attempts, ok: false, failure, facts: { response, usage, model, logs } });
}

/** What the agent sets is worked out again where that is compared; but what a code body passed to `setState` only the record knows. */
function isSetAgain({ step, context }: AgentFrame): boolean {
  return context.run.replay?.isChecked === true && step.action.type === 'operation';
}

function asTried({ attempts, output, tainted, cached, response, usage, model }: Finished): Parameters<typeof finishAgent>[1] {
  return { attempts, ok: true, result: { output, tainted, response, usage, model }, ...(cached ? { cached } : {}) };
}

/** The agent succeeded: leaves its result, and in the state what it set. The place of its end is reached. */
export async function finishAgain(frame: AgentFrame, end: Finished): Promise<AgentFailed | undefined> {
  const { step, path, context, record } = frame;
  const { run, body, results } = context;
  const { attempts, tainted, output, cached, response, usage, model, duration_ms: durationMs } = end;
  // Noted for `held`: it was small enough.
  findExcess(output);
  results.set(
    step.name,
    buildAgentResult({ output, response, usage, model, logs: logsOf(frame, end), attempts, durationMs, tainted, cached }),
  );
  const set = record?.set;
  if (set !== undefined && !takeHeldCommit(Object.keys(set.values), body, run)) {
    try {
      setAgain(frame, set, attempts);
    } catch (error) {
      if (!(error instanceof FailureError)) throw error;
      return failAgent({ ...frame, tainted }, { attempts, ok: false, failure: error.failure, facts: {} });
    }
    noteStateSecrets(body.state, run.redactor);
  }
  const { seq: _seq, at: _at, run: _run, ...body_ } = end;
  run.log.add(body_);
  if (!cached) noteSuccess(frame);
  if (set !== undefined && body.state.due('agent')) {
    try {
      await commitBodyState('agent', body, run, true);
    } catch (error) {
      throw error instanceof FailureError ? new AgentFailed(error.failure, path, { attempt: attempts, tainted }) : error;
    }
  }
  body.limits.check();
  return undefined;
}

/** Where another program leads, what was there before is something else: what the agent wrote is joined to that. */
function setAgain({ path, context: { run, body, order } }: AgentFrame, set: RecordedSet & { readonly at: number }, attempts: number): void {
  if (run.replay?.isLoose !== true) {
    body.state.replaySet(path, set, set.at, order, attempts);
    return;
  }
  const writes = Object.entries(set.writes).map(([key, value]) => ({ key, value }));
  const { values, writes: written, tainted } = body.state.apply(path, writes, set.tainted.length > 0, set.at, order, attempts);
  run.log.add({ type: 'state.set', agent: path, values, writes: written, tainted });
}

/** What it was a part of is stopped again. */
async function stopAgain(frame: AgentFrame, { usage }: Over): Promise<never> {
  const { path, context } = frame;
  const { signal, run, body } = context;
  if (usage !== undefined) body.limits.countUsage(usage);
  if (run.replay !== undefined) await run.replay.turn(agentLine(path));
  stopAgent(frame, signal.reason);
  throw signal.reason;
}

function logsOf({ step, record }: AgentFrame, { log_count: count = 0 }: Finished): readonly CodeLog[] | undefined {
  if (step.action.type !== 'code') return undefined;
  return count === 0 ? [] : (record?.logs.slice(-count) ?? []);
}
