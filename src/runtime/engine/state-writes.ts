import type { JsonObject, JsonValue } from '../../program/json.ts';
import type { AgentStep } from '../../program/program.ts';
import type { Scope } from '../expression/scope.ts';
import { failure } from '../failure.ts';
import { getOwn } from '../own-property.ts';
import type { StateWrite } from '../state/state-session.ts';
import type { ActionResult } from './actions/action.ts';
import type { PreparedAgent } from './prepare-agent.ts';

/**
 * What the agent writes to the state (LANGUAGE §4.2), evaluated but not yet applied. What a code body passed to `setState` wins over the expression or
 * output field of the same key; a key that `state.set` does not list fails with STATE_TYPE.
 */
export function buildWrites(step: AgentStep, prepared: PreparedAgent, result: ActionResult, scope: Scope): readonly StateWrite[] {
  const { setState } = result;
  const writes: StateWrite[] = [];
  if (step.set.type === 'fields') {
    for (const { key, evaluate } of prepared.fields) writes.push({ key, value: own(setState, key) ?? evaluate(scope) });
  } else if (step.set.type === 'same') {
    for (const key of step.set.keys) writes.push({ key, value: own(setState, key) ?? own(result.output, key) });
  }
  for (const key of Object.keys(setState ?? {})) {
    if (writes.some((write) => write.key === key)) continue;
    const hint = `List it: \`state: { set: [${key}] }\``;
    throw failure('STATE_TYPE', `The code calls setState with "${key}", which the agent's \`state.set\` does not declare. ${hint}.`);
  }
  return writes;
}

function own(value: JsonObject | JsonValue | undefined, key: string): JsonValue | undefined {
  return Array.isArray(value) ? undefined : (getOwn(value, key) as JsonValue | undefined);
}
