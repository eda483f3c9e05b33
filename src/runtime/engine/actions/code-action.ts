import type { JsonValue } from '../../../program/json.ts';
import type { CodeAction } from '../../../program/program.ts';
import { toJson } from '../../expression/to-json.ts';
import { FailureError } from '../../failure.ts';
import type { CodeScope } from '../../ports.ts';
import type { AgentResult } from '../agent-result.ts';
import type { ActionCall, ActionContext, ActionResult } from './action.ts';
import { CodeFailure } from './code-failure.ts';

/** Evaluates what the body is given, once for all tries: its holes, its config and only those agents that it names. */
export function prepareCode(action: CodeAction, context: ActionContext): ActionCall {
  const { run, body, step, prepared, scope } = context;
  const codeScope: CodeScope = {
    input: scope.input as JsonValue,
    state: scope.state as JsonValue,
    env: pickVariables(action, run.ports.env),
    holes: prepared.holes.map((evaluate) => evaluate(scope)),
    agents: pickResults(action.agents, body.results),
    config: prepared.config?.(scope) ?? {},
  };
  return (signal) => callCode(action, context, codeScope, signal, step.timeoutMs);
}

async function callCode(
  action: CodeAction,
  { run }: ActionContext,
  scope: CodeScope,
  signal: AbortSignal,
  timeoutMs: number | undefined,
): Promise<ActionResult> {
  // Code without network has no effect that anyone can see: its record may be written later (DESIGN §1).
  if (action.network) {
    await run.log.flush();
    signal.throwIfAborted();
  }
  const outcome = await run.ports.code.call(action.module, scope, signal, timeoutMs);
  if (outcome.ok) return { output: outcome.value, setState: outcome.setState, logs: outcome.logs };
  const { code, message, details, logs } = outcome;
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

function pickResults(names: readonly string[], results: ReadonlyMap<string, AgentResult>): Readonly<Record<string, JsonValue>> {
  const picked: Record<string, JsonValue> = Object.create(null);
  for (const name of names) {
    const result = results.get(name);
    if (result !== undefined) picked[name] = toJson(result) as JsonValue;
  }
  return picked;
}
