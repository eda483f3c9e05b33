import type { JsonObject, JsonValue } from '../../program/json.ts';
import { isDeeper } from '../../program/json-depth.ts';
import { MAX_OUTPUT_DEPTH } from '../../runtime/engine/json-size.ts';
import { describeValue } from '../../runtime/schema/describe.ts';
import { isObject } from '../run/read-input.ts';
import { readLines } from './read-lines.ts';

/** One line of the rows: the object that it holds, or why it holds none. `line` counts from 1, blank lines included. */
export type Row = { readonly line: number; readonly text: string } & ({ readonly fields: JsonObject } | { readonly problem: string });

/** The rows of a stream of JSON Lines, one at a time. Blank lines are none; a broken line is a row of its own, and the others do not mind it. */
export async function* readRows(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Row, void> {
  for await (const line of readLines(chunks)) {
    if ('problem' in line) yield { line: line.number, text: '', problem: `the line ${line.problem}` };
    else if (line.text.trim() !== '') yield { line: line.number, text: line.text, ...parseRow(line.text) };
  }
}

function parseRow(text: string): { readonly fields: JsonObject } | { readonly problem: string } {
  if (isDeeper(text, MAX_OUTPUT_DEPTH)) return { problem: `the line is nested deeper than ${MAX_OUTPUT_DEPTH} levels` };
  let value: JsonValue;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { problem: `the line is not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
  return isObject(value) ? { fields: value } : { problem: `a row is a JSON object, found ${describeValue(value)}` };
}
