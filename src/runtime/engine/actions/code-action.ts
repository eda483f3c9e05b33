import type { JsonValue } from '../../../program/json.ts';
import type { CodeAction } from '../../../program/program.ts';
import { toJson } from '../../expression/to-json.ts';
import { FailureError } from '../../failure.ts';
import { setOwn } from '../../own-property.ts';
import type { CodeLog, CodeScope } from '../../ports.ts';
import { deadlineOf } from '../deadline.ts';
import type { Results } from '../results.ts';
import type { RunContext } from '../run-context.ts';
import type { StepContext } from '../step-context.ts';
import type { ActionContext, ActionResult, Announce, PreparedAction } from './action.ts';
import { CodeFailure } from './code-failure.ts';

/** Evaluates what the body is given, once for all tries: its holes, its config and only those agents that it names. */
export function prepareCode(action: CodeAction, { context, path, step, prepared, scope }: ActionContext): PreparedAction {
  const { run, results } = context;
  const codeScope: CodeScope = {
    input: scope.input as JsonValue,
    state: scope.state as JsonValue,
    env: pickVariables(action, run.ports.env),
    holes: prepared.holes.map((evaluate) => evaluate(scope)),
    agents: pickResults(action.agents, results),
    config: prepared.config?.(scope) ?? {},
  };
  const timeoutMs = step.timeoutMs ?? step.totalTimeoutMs;
  return {
    call: (signal, announce) =>
      callCode(action, run, codeScope, { agent: path, signal, announce, timeoutMs, dueInMs: dueSooner(context, timeoutMs) }),
    given: () => ({
      ...codeScope,
      // A hole without a value is not one that is null.
      holes: codeScope.holes.map((value) => (value === undefined ? [] : [value])),
      agents: pickStable(action.agents, results),
    }),
    worker: () => run.program.modules[action.module]?.source ?? '',
  };
}

interface Try {
  readonly agent: string;
  readonly signal: AbortSignal;
  readonly announce: Announce;
  readonly timeoutMs: number | undefined;
  readonly dueInMs: number | undefined;
}

/** What is left to all that the agent is part of, where that is less than its own time. */
function dueSooner({ run, signal }: StepContext, timeoutMs = Number.POSITIVE_INFINITY): number | undefined {
  const deadline = deadlineOf(signal);
  if (deadline === undefined) return undefined;
  const leftMs = deadline - run.ports.clock.now();
  return leftMs < timeoutMs ? leftMs : undefined;
}

async function callCode(
  action: CodeAction,
  run: RunContext,
  scope: CodeScope,
  { agent, signal, announce, timeoutMs, dueInMs }: Try,
): Promise<ActionResult> {
  // Code without network has no effect that anyone can see: its record may be written later (DESIGN §1).
  if (action.network) {
    await run.log.flush();
    signal.throwIfAborted();
  }
  const early: CodeLog[] = [];
  const onLogs = (lines: readonly CodeLog[]): void => {
    early.push(...lines);
    announce(lines);
  };
  const settle = (): Promise<void> | undefined => run.log.flush();
  const outcome = await run.ports.code.call(action.module, scope, signal, { agent, timeoutMs, dueInMs, settle, onLogs });
  announce(outcome.logs);
  const logs = early.length === 0 ? outcome.logs : [...early, ...outcome.logs];
  if (outcome.ok) return { output: outcome.value, setState: outcome.setState, logs };
  const { code, message, details } = outcome;
  // Cut short from outside: that is the failure, whatever the body made of it.
  if (signal.reason instanceof FailureError) throw new CodeFailure(signal.reason.failure, logs);
  throw new CodeFailure({ code, message, retryable: code === 'CODE_ERROR', ...(details === undefined ? {} : { details }) }, logs);
}

/** A body is handed no variable that it does not read: another agent's secret among them. */
function pickVariables({ usesEnv, envNames }: CodeAction, env: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  if (!usesEnv) return {};
  if (envNames === undefined) return env;
  return Object.fromEntries(envNames.flatMap((name) => (Object.hasOwn(env, name) ? [[name, env[name] ?? '']] : [])));
}

/** Of earlier agents what does not change by itself from run to run: not how long they took, nor the headers of a response with its date. */
function pickStable(names: readonly string[], results: Results): JsonValue {
  const stable: Record<string, JsonValue> = Object.create(null);
  for (const name of names) {
    const result = results.get(name);
    if (result === undefined) continue;
    const { output, outputs, executed, failed, error, failure, response } = result;
    setOwn(stable, name, toJson({ output, outputs, executed, failed, error, code: failure?.code, status: response?.status }) ?? null);
  }
  return stable;
}

function pickResults(names: readonly string[], results: Results): Readonly<Record<string, JsonValue>> {
  const picked: Record<string, JsonValue> = Object.create(null);
  for (const name of names) {
    const result = results.get(name);
    if (result !== undefined) picked[name] = toJson(result) as JsonValue;
  }
  return picked;
}
