import type { JsonObject, JsonSchema, JsonValue } from '../../program/json.ts';
import { findExcess } from '../../runtime/engine/json-size.ts';
import { checkInput } from '../../runtime/schema/check-input.ts';
import { coerceInput } from '../../runtime/schema/coerce-input.ts';
import type { Io } from '../io.ts';
import { parseJson, readJsonOption } from '../read-json.ts';
import { UsageProblem } from '../usage-problem.ts';

/**
 * The run's input: what `--input` holds (JSON, `@file`, `-` for stdin) with the `key=value` pairs over it, defaults filled in.
 * A value of `key=value` gets the type that the ensemble declares for it; `key:=json` is taken as JSON.
 * @throws UsageProblem that lists every field that is wrong.
 */
export async function readInput(
  option: string | undefined,
  pairs: readonly string[],
  schema: JsonSchema | undefined,
  io: Io,
): Promise<JsonValue> {
  const checked = checkGiven(await readGiven(option, pairs, schema, io), schema);
  if ('value' in checked) return checked.value;
  throw new UsageProblem([checked.problem, ...checked.fields.map((field) => `  ${field}`)].join('\n'));
}

/** What the command line gives as input, before anything is checked; undefined when it gives none. */
export async function readGiven(
  option: string | undefined,
  pairs: readonly string[],
  schema: JsonSchema | undefined,
  io: Io,
): Promise<JsonValue | undefined> {
  const given = option === undefined ? undefined : await readJsonOption(option, '--input', io);
  const fields = readPairs(pairs, schema);
  if (pairs.length === 0) return given;
  if (given !== undefined && !isObject(given)) throw new UsageProblem('key=value needs an --input that is an object, to add to');
  return { ...given, ...fields };
}

/** The input as the run gets it, defaults filled in; or what is wrong with it, and with which of its fields. */
export function checkGiven(
  input: JsonValue | undefined,
  schema: JsonSchema | undefined,
): { readonly value: JsonValue } | { readonly problem: string; readonly fields: readonly string[] } {
  const excess = findExcess(input);
  if (excess !== undefined) return { problem: `the input is ${excess}`, fields: [] };
  const checked = checkInput(schema, input);
  if ('value' in checked) return checked;
  const fields = checked.problems.map(({ path, message }) => `${path === '' ? 'the input' : path}: ${message}`);
  return { problem: 'the input does not fit what the ensemble asks for:', fields };
}

function readPairs(pairs: readonly string[], schema: JsonSchema | undefined): JsonObject {
  const texts: Record<string, string> = Object.create(null);
  const values: Record<string, JsonValue> = Object.create(null);
  for (const pair of pairs) {
    const [, key = '', sign, text = ''] = /^([^=:]+)(:=|=)(.*)$/s.exec(pair) ?? [];
    if (sign === undefined) throw new UsageProblem(`"${pair}" is not key=value; other input goes into --input`);
    if (key in texts || key in values) throw new UsageProblem(`"${key}" is given twice`);
    if (sign === '=') texts[key] = text;
    else values[key] = parseJson(text, `the value of ${key}:=`);
  }
  return { ...coerceInput(schema, texts), ...values };
}

/** An object of JSON, not a list. */
export function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
