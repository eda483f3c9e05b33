import type { JsonObject, JsonSchema, JsonValue } from '../../program/json.ts';
import type { StateKeyPlan } from '../../program/program.ts';
import type { ScopeEdit, ScopeSchema } from '../../program/state-calls.ts';
import { findExcess } from '../../runtime/engine/json-size.ts';
import { FailureError } from '../../runtime/failure.ts';
import { getOwn, setOwn } from '../../runtime/own-property.ts';
import { prepareKeyRules } from '../../runtime/state/key-rules.ts';
import type { Io } from '../io.ts';
import { parseJson, readJson } from '../read-json.ts';
import { isObject, readGiven } from '../run/read-input.ts';
import { UsageProblem } from '../usage-problem.ts';

/** The keys and values that a command line gives: an object of JSON, `key=value` with the type that the schema declares, `key:=json`. */
export async function readValues(
  pairs: readonly string[],
  json: string | undefined,
  schema: ScopeSchema | undefined,
  io: Io,
): Promise<JsonObject> {
  const given = json === undefined ? {} : await readObject(json, io);
  const fields = await readGiven(undefined, pairs, schema === undefined ? undefined : toJsonSchema(schema), io);
  const values: { [key: string]: JsonValue } = {};
  for (const [key, value] of [...Object.entries(given), ...Object.entries(fields ?? {})]) setOwn(values, key, value);
  if (Object.keys(values).length === 0) throw new UsageProblem('there is nothing to set: give key=value, key:=json or --values OBJECT');
  return values;
}

/**
 * The values as edits, each checked against what the ensemble declares.
 * @throws UsageProblem for a key that it does not declare or a value that does not fit; nothing is written then.
 */
export function checkValues(values: JsonObject, schema: ScopeSchema | undefined, now: number): readonly ScopeEdit[] {
  const rules = prepareKeyRules({
    backend: 'memory',
    key: { type: 'constant', value: '' },
    persist: 'on_success',
    onConflict: 'merge',
    ...(schema === undefined ? {} : { schema: toKeyPlans(schema) }),
  });
  return Object.entries(values).map(([key, value]) => {
    const excess = findExcess(value);
    if (excess !== undefined) throw new UsageProblem(`the value of "${key}" is ${excess}`);
    const problem = problemOf(() => rules.find(key, 'ensemble state set').check(value));
    if (problem !== undefined)
      throw new UsageProblem(problem.startsWith(':') || problem.startsWith(',') ? `the value of "${key}"${problem}` : problem);
    const validForMs = (getOwn(schema, key) as ScopeSchema[string] | undefined)?.valid_for_ms;
    return { key, value, ...(validForMs === undefined ? {} : { valid_until: now + validForMs }) };
  });
}

function problemOf(check: () => string | undefined): string | undefined {
  try {
    return check();
  } catch (error) {
    if (error instanceof FailureError) return error.failure.message;
    throw error;
  }
}

async function readObject(text: string, io: Io): Promise<JsonObject> {
  const value = await readOption(text, io);
  if (isObject(value)) return value;
  throw new UsageProblem('--values takes an object: its keys are the keys of the scope');
}

async function readOption(text: string, io: Io): Promise<JsonValue> {
  if (text === '-') return await readJson('-', '--values', io);
  return text.startsWith('@') ? await readJson(text.slice(1), `--values ${text}`, io) : parseJson(text, '--values');
}

function toJsonSchema(schema: ScopeSchema): JsonSchema {
  const properties: { [key: string]: JsonValue } = {};
  for (const [key, plan] of Object.entries(schema)) setOwn(properties, key, plan.schema);
  return { type: 'object', properties };
}

function toKeyPlans(schema: ScopeSchema): Readonly<Record<string, StateKeyPlan>> {
  const plans: { [key: string]: StateKeyPlan } = {};
  for (const [key, plan] of Object.entries(schema)) setOwn(plans, key, { schema: plan.schema, reducer: 'replace', secret: plan.secret });
  return plans;
}
