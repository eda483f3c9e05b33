import type { JsonValue } from '../../program/json.ts';
import { prettyJson } from '../pretty-json.ts';
import { fitWidth } from '../terminal/fit-width.ts';
import { harmlessJson } from '../terminal/harmless.ts';

/** What a value that people read takes at most; `--json` has all of it. */
export interface Extent {
  readonly lines: number;
  readonly columns: number;
}

/** Characters of one line that are looked at: a terminal is not wider, and cutting by cells costs more than by characters. */
const CELL_FACTOR = 4;

/** A value as the lines of its JSON, safe for a terminal and cut to an extent; what is left out is counted in a last line. */
export function valueLines(value: JsonValue, { lines: most, columns }: Extent): readonly string[] {
  const flat = JSON.stringify(value);
  if (flat.length <= columns) return [harmlessJson(flat)];
  const all = prettyJson(value).split('\n');
  const shown = all.slice(0, most).map((line) => fitWidth(harmlessJson(line.slice(0, columns * CELL_FACTOR)), columns));
  const left = all.length - shown.length;
  return left <= 0 ? shown : [...shown, `… ${left.toLocaleString('en-US')} more ${left === 1 ? 'line' : 'lines'}`];
}

/** A value on one line, cut to so many columns. */
export function flatText(value: JsonValue, columns: number): string {
  return fitWidth(harmlessJson(JSON.stringify(value).slice(0, columns * CELL_FACTOR)), columns);
}
