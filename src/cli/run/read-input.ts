import { resolve } from 'node:path';
import { decodeUtf8, readText, UnreadableText } from '../../node/read-text.ts';
import type { JsonObject, JsonSchema, JsonValue } from '../../program/json.ts';
import { findExcess } from '../../runtime/engine/json-size.ts';
import { checkInput } from '../../runtime/schema/check-input.ts';
import { coerceInput } from '../../runtime/schema/coerce-input.ts';
import type { Io } from '../io.ts';
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
  const given = option === undefined ? undefined : await readOption(option, io);
  const fields = readPairs(pairs, schema);
  let input = given;
  if (pairs.length > 0) {
    if (given !== undefined && !isObject(given)) throw new UsageProblem('key=value needs an --input that is an object, to add to');
    input = { ...given, ...fields };
  }
  const excess = findExcess(input);
  if (excess !== undefined) throw new UsageProblem(`the input is ${excess}`);
  const checked = checkInput(schema, input);
  if ('value' in checked) return checked.value;
  const lines = checked.problems.map(({ path, message }) => `  ${path === '' ? 'the input' : path}: ${message}`);
  throw new UsageProblem(`the input does not fit what the ensemble asks for:\n${lines.join('\n')}`);
}

async function readOption(option: string, io: Io): Promise<JsonValue> {
  if (option === '-') return parseJson(await readStdin(io), 'stdin');
  if (!option.startsWith('@')) return parseJson(option, '--input');
  const file = option.slice(1);
  let text: string;
  try {
    text = readText(resolve(io.cwd, file));
  } catch (error) {
    if (!(error instanceof UnreadableText)) throw error;
    throw new UsageProblem(`--input ${option} cannot be read: ${error.message}`, { cause: error });
  }
  return parseJson(text, file);
}

async function readStdin(io: Io): Promise<string> {
  const bytes = await io.readStdin();
  try {
    return decodeUtf8(bytes);
  } catch (error) {
    if (!(error instanceof UnreadableText)) throw error;
    throw new UsageProblem(`stdin cannot be read: ${error.message}`, { cause: error });
  }
}

function parseJson(text: string, from: string): JsonValue {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (error) {
    const found = text.trim() === '' ? 'it is empty' : error instanceof Error ? error.message : String(error);
    const help = from === '--input' ? `\nIt takes JSON in quotes, as --input '{"name":"value"}', @file, or - for stdin.` : '';
    throw new UsageProblem(`${from} is not JSON: ${found}${help}`, { cause: error });
  }
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

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
