import type { Failure } from '../../program/failure.ts';
import type { JsonValue } from '../../program/json.ts';
import type { AgentStep } from '../../program/program.ts';
import type { Usage } from '../../program/run-event.ts';
import { FailureError, failure } from '../failure.ts';
import { OperationFailure } from '../operations/operation-failure.ts';
import type { CodeLog } from '../ports.ts';
import { checkSchema } from '../schema/check-schema.ts';
import type { ActionCall, ActionResult } from './actions/action.ts';
import { CodeFailure } from './actions/code-failure.ts';
import { AgentFailed } from './agent-failed.ts';
import type { AgentFrame } from './agent-frame.ts';
import type { ActionFacts } from './agent-result.ts';
import { runAttempt } from './attempt.ts';
import type { CacheLead } from './cache/cache-lead.ts';
import { findExcess } from './json-size.ts';
import { listProblems } from './list-problems.ts';
import { logEvents } from './log-events.ts';
import { retryDelay } from './retry-delay.ts';
import { openTotalTimeout, timeoutInPause } from './total-timeout.ts';

/** How the tries of an agent ended. `failedAgent` is the inner agent to which a failure belongs, where the action is an agent file; `tainted`: that one read something tainted. */
export type AttemptsEnd = { readonly attempts: number } & (
  | {
      readonly ok: true;
      readonly result: ActionResult;
      /** It was not tried: the result comes from the cache. */
      readonly cached?: true;
      /** Others may wait for how the agent ends. */
      readonly lead?: CacheLead;
    }
  | {
      readonly ok: false;
      readonly failure: Failure;
      readonly facts: ActionFacts;
      readonly failedAgent?: string;
      readonly tainted?: boolean;
    }
);

/**
 * Tries until one succeeds or the failure stands (LANGUAGE §2.3). A try that did not succeed is journalled before the pause after it. Throws the reason of the
 * context's signal once that fires, and `RunStop` when a failed model call went beyond a limit.
 */
export async function runAttempts(frame: AgentFrame, call: ActionCall): Promise<AttemptsEnd> {
  const { step, context } = frame;
  const total = openTotalTimeout(step.totalTimeoutMs, context.signal, context.run.ports.clock);
  try {
    return await tryUntil(total.signal, frame, call);
  } finally {
    total.close();
  }
}

async function tryUntil(signal: AbortSignal, frame: AgentFrame, call: ActionCall): Promise<AttemptsEnd> {
  const { step, path, context, progress } = frame;
  const { log, ports } = context.run;
  const { limits } = context.body;
  let usage: Usage | undefined;
  for (let attempts = 1; ; attempts += 1) {
    progress.attempts = attempts;
    if (attempts > 1) log.add({ type: 'attempt.started', agent: path, attempt: attempts });
    const tried = await tryOnce(signal, frame, call);
    if (tried.facts.usage !== undefined) {
      limits.countUsage(tried.facts.usage);
      usage = addUsage(usage, tried.facts.usage);
    }
    if (tried.ok) return { attempts, ok: true, result: usage === undefined ? tried.facts : { ...tried.facts, usage } };
    const { error } = tried;
    const retryInMs = retryDelay(step.retry, error.failure, attempts, () => ports.random());
    const failed = { type: 'attempt.failed', agent: path, attempt: attempts, failure: error.failure } as const;
    log.add(retryInMs === undefined ? failed : { ...failed, retry_in_ms: retryInMs });
    const facts = usage === undefined ? tried.facts : { ...tried.facts, usage };
    if (retryInMs === undefined) {
      const end = { attempts, ok: false, failure: error.failure, facts } as const;
      return error instanceof AgentFailed ? { ...end, failedAgent: error.agent, tainted: error.tainted } : end;
    }
    limits.check();
    await log.flush();
    try {
      await ports.clock.sleep(retryInMs, signal);
    } catch (reason) {
      context.signal.throwIfAborted();
      return { attempts, ok: false, failure: timeoutInPause(reason, error.failure), facts };
    }
  }
}

/** An isolate answers an abort at once; one that is busy and does not is not waited for. */
const GRACE_MS = { operation: 0, code: 250, body: Number.POSITIVE_INFINITY } as const;

type Tried =
  | { readonly ok: true; readonly facts: ActionResult }
  | { readonly ok: false; readonly facts: ActionFacts; readonly error: FailureError };

async function tryOnce(signal: AbortSignal, { step, path, context }: AgentFrame, call: ActionCall): Promise<Tried> {
  const { run } = context;
  let open = true;
  const announce = (logs: readonly CodeLog[]): void => {
    if (open && logs.length > 0) run.log.add(...logEvents(path, logs));
  };
  let leaveTurn: (() => void) | undefined;
  try {
    if (step.action.type === 'code') leaveTurn = await run.ports.code.turn?.(signal);
    const options = { signal, timeoutMs: step.timeoutMs, clock: run.ports.clock, graceMs: GRACE_MS[step.action.type] };
    const tried = runAttempt((attemptSignal) => call(attemptSignal, announce), options);
    const facts = tried instanceof Promise ? await tried : tried;
    const error = findOutputProblem(step, facts.output);
    return error === undefined ? { ok: true, facts } : { ok: false, facts, error };
  } catch (error) {
    // The run is over: whatever the call says about that is no failure of its own.
    context.signal.throwIfAborted();
    if (!(error instanceof FailureError)) throw error;
    return { ok: false, facts: factsOf(error), error };
  } finally {
    leaveTurn?.();
    open = false;
  }
}

function factsOf(error: FailureError): ActionFacts {
  if (error instanceof OperationFailure) return error.known;
  return error instanceof CodeFailure ? { logs: error.logs } : {};
}

/** What is wrong with an output of the agent: too large to keep, or not what `schema.output` says. */
export function findOutputProblem(step: AgentStep, output: JsonValue | undefined): FailureError | undefined {
  const excess = findExcess(output);
  if (excess !== undefined) return failure('OUTPUT_TOO_LARGE', `The output is ${excess}.`);
  if (step.outputSchema === undefined) return undefined;
  const problems = checkSchema(step.outputSchema, output);
  if (problems.length === 0) return undefined;
  return failure('OUTPUT_INVALID', `The output does not satisfy \`schema.output\`: ${listProblems(problems)}.`);
}

function addUsage(sum: Usage | undefined, usage: Usage): Usage {
  const tokens = {
    input_tokens: (sum?.input_tokens ?? 0) + usage.input_tokens,
    output_tokens: (sum?.output_tokens ?? 0) + usage.output_tokens,
  };
  if (sum?.cost_usd === undefined && usage.cost_usd === undefined) return tokens;
  return { ...tokens, cost_usd: (sum?.cost_usd ?? 0) + (usage.cost_usd ?? 0) };
}
