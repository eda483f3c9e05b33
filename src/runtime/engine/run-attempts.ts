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
import { addUsage } from './add-usage.ts';
import { AgentFailed } from './agent-failed.ts';
import type { AgentFrame } from './agent-frame.ts';
import type { ActionFacts } from './agent-result.ts';
import { runAttempt } from './attempt.ts';
import type { CacheLead } from './cache/cache-lead.ts';
import type { HeldOutputs } from './held-outputs.ts';
import { findExcess } from './json-size.ts';
import { listProblems } from './list-problems.ts';
import { logEvents } from './log-events.ts';
import { attemptLine, endLines } from './replay/event-lines.ts';
import type { RecordedRun } from './replay/recorded-run.ts';
import { retryDelay } from './retry-delay.ts';
import { runAsStep } from './run-as-step.ts';
import { openStopping, type Stopping } from './stopping.ts';
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
 *
 * In a resumed run the try that was cut short is made again, under the same number, and what is left of a pause is waited for.
 */
export function runAttempts(frame: AgentFrame, call: ActionCall): Promise<AttemptsEnd> {
  const { step, context } = frame;
  return step.totalTimeoutMs === undefined ? tryUntil(context.signal, frame, call) : tryInTime(frame, call);
}

async function tryInTime(frame: AgentFrame, call: ActionCall): Promise<AttemptsEnd> {
  const { step, context } = frame;
  const openStopping = step.action.type === 'body' ? () => openTimeStopping(frame, false) : undefined;
  const total = openTotalTimeout(step.totalTimeoutMs, context.signal, context.run.ports.clock, openStopping);
  try {
    return await tryUntil(total.signal, frame, call);
  } finally {
    const closing = total.close();
    if (closing !== undefined) await closing;
  }
}

function tryUntil(signal: AbortSignal, frame: AgentFrame, call: ActionCall): Promise<AttemptsEnd> {
  const { replay } = frame.context.run;
  return replay === undefined ? tryWith(signal, frame, call, undefined) : tryAgain(replay, signal, frame, call);
}

/** In a resumed run: goes on where the record ends. */
async function tryAgain(replay: RecordedRun, signal: AbortSignal, frame: AgentFrame, call: ActionCall): Promise<AttemptsEnd> {
  const { step, context, progress } = frame;
  const { limits } = context.body;
  const isFile = step.action.type === 'body';
  const cut = isFile ? undefined : frame.record;
  const usage = cut?.usage;
  if (usage !== undefined) limits.countUsage(usage);
  if (cut !== undefined) progress.attempts = cut.pauseUntil === undefined ? cut.attempt : cut.attempt - 1;
  if (!replay.isLive && !isFile) await replay.live(signal);
  if (cut?.stands !== undefined) return { attempts: cut.attempt, ok: false, failure: cut.stands, facts: { logs: cut.logs, usage } };
  return tryWith(signal, frame, call, usage);
}

function tryWith(signal: AbortSignal, frame: AgentFrame, call: ActionCall, used: Usage | undefined): Promise<AttemptsEnd> {
  const { step, context } = frame;
  const { steps } = context.run.ports;
  const work = (pause: Pause): Promise<AttemptsEnd> => tryFrom(signal, frame, call, used, pause);
  const isOwnWork = steps === undefined || step.action.type === 'body' || onlyWaits(frame);
  return isOwnWork ? work(pauseFor) : runAsStep(steps, frame, used, work, pauseFor);
}

/** What comes between a try that failed and the next one. */
export type Pause = (ms: number, signal: AbortSignal, frame: AgentFrame, failure: Failure) => Promise<void>;

function onlyWaits({ step, context }: AgentFrame): boolean {
  return step.action.type === 'operation' && context.run.operations.get(step.action.operation)?.waits === true;
}

async function tryFrom(
  signal: AbortSignal,
  frame: AgentFrame,
  call: ActionCall,
  used: Usage | undefined,
  pause: Pause,
): Promise<AttemptsEnd> {
  const { step, path, context, progress } = frame;
  const { log, ports, replay } = context.run;
  const { limits } = context.body;
  const isFile = step.action.type === 'body';
  const cut = isFile ? undefined : frame.record;
  let usage = used;
  const first = cut?.attempt ?? 1;
  if (cut?.pauseUntil !== undefined) await ports.clock.sleep(Math.max(0, cut.pauseUntil - ports.clock.now()), signal);
  for (let attempts = first; ; attempts += 1) {
    progress.attempts = attempts;
    const isCut = cut !== undefined && cut.pauseUntil === undefined && attempts === first;
    if (attempts > 1 && !isCut) log.add({ type: 'attempt.started', agent: path, attempt: attempts });
    const tried = (isCut ? takeVerdict(frame) : undefined) ?? (await tryOnce(signal, frame, call));
    if (tried.facts.usage !== undefined) {
      limits.countUsage(tried.facts.usage);
      usage = addUsage(usage, tried.facts.usage);
    }
    if (tried.ok) return { attempts, ok: true, result: usage === undefined ? tried.facts : { ...tried.facts, usage } };
    const { error } = tried;
    // Its file may have been undoing itself when what is around it was stopped: then no end of this try is recorded.
    const recorded = isFile && replay !== undefined ? await replay.turn(attemptLine(path), context.signal) : undefined;
    const retryInMs =
      recorded?.type === 'attempt.failed' ? recorded.retry_in_ms : retryDelay(step.retry, error.failure, attempts, () => ports.random());
    log.add({
      type: 'attempt.failed',
      agent: path,
      attempt: attempts,
      failure: error.failure,
      ...(retryInMs === undefined ? {} : { retry_in_ms: retryInMs }),
      ...(tried.facts.usage === undefined ? {} : { usage: tried.facts.usage }),
    });
    const facts = usage === undefined ? tried.facts : { ...tried.facts, usage };
    if (retryInMs === undefined) {
      const end = { attempts, ok: false, failure: error.failure, facts } as const;
      return error instanceof AgentFailed ? { ...end, failedAgent: error.agent, tainted: error.tainted } : end;
    }
    limits.check();
    await log.flush();
    try {
      await pause(retryInMs, signal, frame, error.failure);
    } catch (reason) {
      context.signal.throwIfAborted();
      return { attempts, ok: false, failure: timeoutInPause(reason, error.failure), facts };
    }
  }
}

/** In a resumed run a pause is over when the record says that the next try began. */
async function pauseFor(ms: number, signal: AbortSignal, { path, context: { run } }: AgentFrame): Promise<void> {
  const { ports, replay } = run;
  if (replay?.peek(attemptLine(path))?.type === 'attempt.started') await replay.turn(attemptLine(path));
  else await ports.clock.sleep(ms, signal);
}

/** The host knows how the try ended that was cut short. */
function takeVerdict({ path, context: { run } }: AgentFrame): Tried | undefined {
  const verdict = run.verdicts.get(path);
  if (verdict === undefined) return undefined;
  run.verdicts.delete(path);
  return { ok: false, facts: {}, error: new FailureError(verdict) };
}

/** What fires when the time of a try of an agent that runs a file is over, or that of all its tries. */
function openTimeStopping({ path, context }: AgentFrame, isOneTry: boolean): Stopping {
  return openStopping(path, context.run, ({ failure }) =>
    failure.code === 'TIMEOUT' && failure.retryable === isOneTry ? new FailureError(failure) : undefined,
  );
}

/** An isolate answers an abort at once; one that is busy and does not is not waited for. */
const GRACE_MS = { operation: 0, code: 250, body: Number.POSITIVE_INFINITY } as const;

type Tried =
  | { readonly ok: true; readonly facts: ActionResult }
  | { readonly ok: false; readonly facts: ActionFacts; readonly error: FailureError };

async function tryOnce(signal: AbortSignal, frame: AgentFrame, call: ActionCall): Promise<Tried> {
  const { step, path, context } = frame;
  const { run } = context;
  let open = true;
  const announce = (logs: readonly CodeLog[]): void => {
    if (open && logs.length > 0) run.log.add(...logEvents(path, logs));
  };
  let leaveTurn: (() => void) | undefined;
  try {
    if (step.action.type === 'code') leaveTurn = await run.ports.code.turn?.(signal);
    const options = {
      signal,
      timeoutMs: step.timeoutMs,
      clock: run.ports.clock,
      graceMs: GRACE_MS[step.action.type],
      openStopping: step.action.type === 'body' ? () => openTimeStopping(frame, true) : undefined,
    };
    const tried = runAttempt((attemptSignal) => call(attemptSignal, announce), options);
    const facts = tried instanceof Promise ? await tried : tried;
    const error = findOutputProblem(step, facts.output, run.held);
    return error === undefined ? { ok: true, facts } : { ok: false, facts, error };
  } catch (error) {
    // The run is over: whatever the call says about that is no failure of its own, unless it is recorded as one.
    if (step.action.type !== 'body' || run.replay?.nextOf(endLines(path))?.type !== 'attempt.failed') context.signal.throwIfAborted();
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

/** What is wrong with an output of the agent: too large to keep, by itself or beside what the run holds, or not what `schema.output` says. */
export function findOutputProblem(step: AgentStep, output: JsonValue | undefined, held: HeldOutputs): FailureError | undefined {
  const excess = findExcess(output) ?? held.findExcess(output);
  if (excess !== undefined) return failure('OUTPUT_TOO_LARGE', `The output is ${excess}.`);
  if (step.outputSchema === undefined) return undefined;
  const problems = checkSchema(step.outputSchema, output);
  if (problems.length === 0) return undefined;
  return failure('OUTPUT_INVALID', `The output does not satisfy \`schema.output\`: ${listProblems(problems)}.`);
}
