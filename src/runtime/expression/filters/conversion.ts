import { writeJson } from '../builtins/json.ts';
import { toNumber } from '../coerce.ts';
import { checkKeys, spendText } from '../limits.ts';
import { readOwn } from '../own.ts';
import { renderText } from '../render-text.ts';
import type { Filter } from './filter.ts';

const FALSE_TEXTS: ReadonlySet<string> = new Set(['', 'false', 'no', 'off', '0']);

export const CONVERSION_FILTERS = {
  /** Undefined for what is no number, so that `| number | default(0)` works. */
  number: (input) => {
    if (input === null || input === undefined || (typeof input === 'string' && trimmed(input) === '')) return undefined;
    const number = toNumber(input);
    return Number.isNaN(number) ? undefined : number;
  },
  /** As in text (LANGUAGE §3): null and undefined are empty, lists and objects JSON. */
  string: (input) => renderText(input),
  /** The truth of a value; of a text what it says: `false`, `no`, `off`, `0` and the empty text are false. */
  boolean: (input) => (typeof input === 'string' ? !FALSE_TEXTS.has(trimmed(input).toLowerCase()) : Boolean(input)),
  /** JSON text; `json(2)` indents. */
  json: (input, [indent]) => writeJson(input, indent),
  keys: (input) => (isObject(input) ? keysOf(input) : undefined),
  values: (input) => (isObject(input) ? keysOf(input).map((key) => readOwn(input, key)) : undefined),
  /** In place of null and undefined. */
  default: (input, [fallback]) => input ?? fallback,
} as const satisfies Readonly<Record<string, Filter>>;

function trimmed(text: string): string {
  spendText(text.length, 2);
  return text.trim();
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !(value instanceof Date);
}

function keysOf(value: object): readonly string[] {
  const keys = Object.keys(value);
  checkKeys(keys.length);
  return keys;
}
