import type { JsonValue } from '../../program/json.ts';
import { failure } from '../failure.ts';
import { dateText } from './coerce.ts';
import { checkValueDepth, MAX_STRING, work } from './limits.ts';

/** What a conversion may still go over. Shared parts count as often as they appear, since JSON repeats them. */
interface Budget {
  items: number;
  characters: number;
  /** Characters of indentation a level, for text that will be indented. */
  readonly indent: number;
}

/** Above the largest output that the engine keeps (8 MiB), far below what would exhaust an isolate. */
const MAX_CHARACTERS = 16 * 1_048_576;
const MAX_ITEMS = 500_000;

/**
 * What leaves an expression, as JSON data: dates become ISO 8601, NaN and infinities null; undefined is dropped from objects and null in
 * lists, and stays undefined by itself. Data that is JSON already comes back as it is, not copied. Throws `EXPRESSION_LIMIT` for a value that
 * no run could keep.
 */
export function toJson(value: unknown): JsonValue | undefined {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  return convert(value, { items: MAX_ITEMS, characters: MAX_CHARACTERS, indent: 0 }, 0);
}

/** `JSON.stringify` within the limit of a string; undefined for undefined. `keys` picks the keys of objects, `indent` is as JavaScript's. */
export function stringify(value: unknown, indent: number | string = 0, keys?: string[]): string | undefined {
  const width = typeof indent === 'number' ? Math.min(10, Math.max(0, indent)) : Math.min(10, indent.length);
  const budget = { items: MAX_ITEMS, characters: MAX_STRING, indent: width };
  const json = convert(value, budget, 0);
  // Writing a character takes an engine little, but what the value is made of much.
  work(1_000 + (MAX_STRING - budget.characters) * 2 + (MAX_ITEMS - budget.items) * 80);
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
      take(budget, 5, depth);
      return value;
    case 'object':
      take(budget, 2, depth);
      if (value === null) return null;
      if (value instanceof Date) return convertDate(value, budget);
      checkValueDepth(depth + 1);
      if (Array.isArray(value)) return convertList(value, budget, depth + 1);
      return convertObject(value as Readonly<Record<string, unknown>>, budget, depth + 1);
    default:
      // A list has null in its place.
      take(budget, 4, depth);
      return undefined;
  }
}

/** Writing a date takes as long as twenty other values. */
function convertDate(date: Date, budget: Budget): string | null {
  budget.items -= 19;
  return Number.isNaN(date.getTime()) ? null : dateText(date);
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
  takeCharacters(budget, depth * budget.indent);
  return copy ?? (list as readonly JsonValue[]);
}

function convertObject(object: Readonly<Record<string, unknown>>, budget: Budget, depth: number): JsonValue {
  let changed: [string, JsonValue][] | undefined;
  const keys = Object.keys(object);
  for (let index = 0; index < keys.length; index++) {
    const key = keys[index] ?? '';
    budget.characters -= key.length + 3;
    const item = object[key];
    const converted = convert(item, budget, depth);
    // Up to here all was JSON as it stood.
    if (converted !== item || converted === undefined)
      changed ??= keys.slice(0, index).map((before) => [before, object[before] as JsonValue]);
    if (converted !== undefined) changed?.push([key, converted]);
  }
  return changed === undefined ? (object as { readonly [key: string]: JsonValue }) : Object.fromEntries(changed);
}

function take(budget: Budget, characters: number, depth: number): void {
  budget.items--;
  takeCharacters(budget, characters + depth * budget.indent);
}

/** What has gone over parts without looking at what is left is stopped here, too. */
function takeCharacters(budget: Budget, characters: number): void {
  budget.characters -= characters;
  if (budget.items < 0 || budget.characters < 0) {
    throw failure('EXPRESSION_LIMIT', 'the value of the expression is too large to be written as JSON');
  }
}
