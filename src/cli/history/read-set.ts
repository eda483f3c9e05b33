import type { JsonObject, JsonSchema, JsonValue } from '../../program/json.ts';
import type { StatePlan } from '../../program/program.ts';
import { findExcess } from '../../runtime/engine/json-size.ts';
import { FailureError } from '../../runtime/failure.ts';
import { setOwn } from '../../runtime/own-property.ts';
import { coerceInput } from '../../runtime/schema/coerce-input.ts';
import { prepareKeyRules } from '../../runtime/state/key-rules.ts';
import { parseJson } from '../read-json.ts';
import { UsageProblem } from '../usage-problem.ts';

/**
 * The state values that `--set key=value` and `--set key:=json` give; a text gets the type that the state's schema declares for its key.
 * @throws UsageProblem for a malformed one, a key that the schema does not declare, or a value that does not fit.
 */
export function readSet(options: readonly string[], plan: StatePlan): JsonObject {
  const values: { [key: string]: JsonValue } = {};
  for (const option of options) {
    const [, key = '', sign, text = ''] = /^([^=]+?)(:=|=)(.*)$/s.exec(option) ?? [];
    if (sign === undefined) throw new UsageProblem(`--set takes key=value, or key:=json; found "${option}"`);
    if (Object.hasOwn(values, key)) throw new UsageProblem(`--set ${key} is given twice`);
    const value = sign === '=' ? coerceInput(schemaOf(plan), { [key]: text })[key] : parseJson(text, `the value of --set ${key}:=`);
    const excess = findExcess(value);
    if (excess !== undefined) throw new UsageProblem(`--set ${key}: the value is ${excess}`);
    checkValue(key, value ?? null, plan);
    setOwn(values, key, value ?? null);
  }
  return values;
}

function schemaOf({ schema = {} }: StatePlan): JsonSchema {
  return { type: 'object', properties: Object.fromEntries(Object.entries(schema).map(([key, plan]) => [key, plan.schema])) };
}

function checkValue(key: string, value: JsonValue, plan: StatePlan): void {
  try {
    const problem = prepareKeyRules(plan).find(key, '--set').check(value);
    if (problem !== undefined) throw new UsageProblem(`--set ${key}${problem}`);
  } catch (error) {
    if (error instanceof FailureError) throw new UsageProblem(error.failure.message, { cause: error });
    throw error;
  }
}
