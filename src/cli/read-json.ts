import { resolve } from 'node:path';
import { decodeUtf8, readText, UnreadableText } from '../node/read-text.ts';
import type { JsonValue } from '../program/json.ts';
import { isDeeper } from '../program/json-depth.ts';
import { MAX_OUTPUT_DEPTH } from '../runtime/engine/json-size.ts';
import type { Io } from './io.ts';
import { UsageProblem } from './usage-problem.ts';

/**
 * The JSON of a file, relative to the working folder, or of stdin for `-`. `shown` is how a message calls the option that names it.
 * @throws UsageProblem when it cannot be read or is no JSON.
 */
export async function readJson(file: string, shown: string, io: Io): Promise<JsonValue> {
  try {
    return file === '-' ? parseJson(decodeUtf8(await io.readStdin()), 'stdin') : parseJson(readText(resolve(io.cwd, file)), file);
  } catch (error) {
    if (!(error instanceof UnreadableText)) throw error;
    throw new UsageProblem(`${file === '-' ? 'stdin' : shown} cannot be read: ${error.message}`, { cause: error });
  }
}

/**
 * JSON text as data; a byte order mark before it is skipped. `from` names it in the message, `help` follows there on a line of its own.
 * @throws UsageProblem
 */
export function parseJson(text: string, from: string, help = ''): JsonValue {
  if (isDeeper(text, MAX_OUTPUT_DEPTH)) throw new UsageProblem(`${from} is nested deeper than ${MAX_OUTPUT_DEPTH} levels`);
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (error) {
    const found = text.trim() === '' ? 'it is empty' : error instanceof Error ? error.message : String(error);
    throw new UsageProblem(`${from} is not JSON: ${found}${help === '' ? '' : `\n${help}`}`, { cause: error });
  }
}

/**
 * What an option holds that takes JSON, `@file`, or `-` for stdin.
 * @throws UsageProblem when it cannot be read or is no JSON.
 */
export async function readJsonOption(text: string, option: string, io: Io): Promise<JsonValue> {
  if (text === '-') return readJson('-', option, io);
  if (text.startsWith('@')) return readJson(text.slice(1), `${option} ${text}`, io);
  return parseJson(text, option, `It takes JSON in quotes, as ${option} '{"name":"value"}', @file, or - for stdin.`);
}
