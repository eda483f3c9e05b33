import type { JsonValue } from '../../program/json.ts';
import { failure } from '../failure.ts';
import { dateText } from './coerce.ts';
import { checkValueDepth, MAX_STRING } from './limits.ts';

/** What a conversion may still go over. Shared parts count as often as they appear, since JSON repeats them. */
interface Budget {
  items: number;
  characters: number;
  /** Characters of indentation a level, for text that will be indented. */
  readonly indent: number;
}

/** Above the largest output that the engine keeps (8 MiB), far below what would exhaust an isolate. */
const MAX_CHARACTERS = 16 * 1_048_576;
const MAX_ITEMS = 1_000_000;

/**
 * What leaves an expression, as JSON data: dates become ISO 8601, NaN and infinities null; undefined is dropped from objects and null in
 * lists, and stays undefined by itself. Data that is JSON already comes back as it is, not copied. Throws `EXPRESSION_LIMIT` for a value that
 * no run could keep.
 */
export function toJson(value: unknown): JsonValue | undefined {
  return convert(value, { items: MAX_ITEMS, characters: MAX_CHARACTERS, indent: 0 }, 0);
}

/** `JSON.stringify` within the limit of a string; undefined for undefined. `keys` picks the keys of objects, `indent` is as JavaScript's. */
export function stringify(value: unknown, indent: number | string = 0, keys?: string[]): string | undefined {
  const width = typeof indent === 'number' ? Math.min(10, Math.max(0, indent)) : Math.min(10, indent.length);
  const json = convert(value, { items: MAX_ITEMS, characters: MAX_STRING, indent: width }, 0);
  return json === undefined ? undefined : JSON.stringify(json, keys, indent);
}

function convert(value: unknown, budget: Budget, depth: number): JsonValue | undefined {
  switch (typeof value) {
    case 'string':
      take(budget, value.length + 2, depth);
      return value;
    case 'number':
      take(budget, 1, depth);
      return Number.isFinite(value) ? value : null;
    case 'boolean':
      return value;
    case 'object':
      if (value === null) return null;
      take(budget, 2, depth);
      checkValueDepth(depth);
      if (Array.isArray(value)) return convertList(value, budget, depth + 1);
      if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : dateText(value);
      return convertObject(value as Readonly<Record<string, unknown>>, budget, depth + 1);
    default:
      return undefined;
  }
}

function convertList(list: readonly unknown[], budget: Budget, depth: number): JsonValue {
  let copy: JsonValue[] | undefined;
  for (let index = 0; index < list.length; index++) {
    const item = list[index];
    // What most lists hold; saves a call each.
    if (typeof item === 'string' && copy === undefined && budget.indent === 0) {
      budget.items--;
      budget.characters -= item.length + 2;
      continue;
    }
    const converted = convert(item, budget, depth) ?? null;
    if (copy === undefined && converted !== item) copy = list.slice(0, index) as JsonValue[];
    copy?.push(converted);
  }
  take(budget, 0, depth);
  return copy ?? (list as readonly JsonValue[]);
}

function convertObject(object: Readonly<Record<string, unknown>>, budget: Budget, depth: number): JsonValue {
  let changed = false;
  const entries: [string, JsonValue][] = [];
  for (const key of Object.keys(object)) {
    take(budget, key.length + 3, depth);
    const item = object[key];
    const converted = convert(item, budget, depth);
    if (converted !== item || converted === undefined) changed = true;
    if (converted !== undefined) entries.push([key, converted]);
  }
  return changed ? Object.fromEntries(entries) : (object as { readonly [key: string]: JsonValue });
}

function take(budget: Budget, characters: number, depth: number): void {
  budget.items--;
  budget.characters -= characters + depth * budget.indent;
  if (budget.items < 0 || budget.characters < 0) {
    throw failure('EXPRESSION_LIMIT', 'the value of the expression is too large to be written as JSON');
  }
}
