import { failure } from '../failure.ts';
import { checkString, checkValueDepth, MAX_STRING, spendItems, spendText, work } from './limits.ts';

/**
 * JavaScript's conversions for JSON data, without ever calling a method of the data: keys such as `toString`, `valueOf` and `toJSON` are data, an object
 * that has them is `[object Object]` like any other. Dates are the exception to JavaScript's own rules: as text they are ISO 8601, since the
 * engine's spelling depends on its time zone.
 */

/** What `String(value)` gives. */
export function toText(value: unknown): string {
  return typeof value === 'string' ? value : textOf(value, 0);
}

function textOf(value: unknown, depth: number): string {
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return joinDeep(value, ',', depth + 1);
  if (!(value instanceof Date)) return '[object Object]';
  work(800);
  return dateText(value);
}

/** ISO 8601, or `Invalid Date`. */
export function dateText(date: Date): string {
  return Number.isNaN(date.getTime()) ? 'Invalid Date' : date.toISOString();
}

/** What `list.join(separator)` gives: null and undefined are empty, inner lists are joined by commas. */
export function joinList(list: readonly unknown[], separator: string): string {
  return joinDeep(list, separator, 1);
}

function joinDeep(list: readonly unknown[], separator: string, level: number): string {
  checkValueDepth(level);
  spendItems(list.length + 8, 30);
  let result = '';
  for (let index = 0; index < list.length; index++) {
    if (index > 0) result += separator;
    const item = list[index];
    if (item === null || item === undefined) continue;
    result += typeof item === 'string' ? item : textOf(item, level);
    if (result.length > MAX_STRING) break;
  }
  checkString(result.length);
  return result;
}

/** What `Number(value)` gives. */
export function toNumber(value: unknown): number {
  if (typeof value === 'number') return value;
  if (value instanceof Date) return value.getTime();
  if (typeof value === 'object' && value !== null) return Number(toText(value));
  if (typeof value === 'string') spendText(value.length, 4);
  return Number(value);
}

/** The integer that a method makes of an argument: fractions cut off, NaN is 0. */
export function toInteger(value: unknown): number {
  const number = Math.trunc(toNumber(value));
  return Number.isNaN(number) ? 0 : number;
}

/** The same for an argument that may be left out. */
export function optionalInteger(value: unknown): number | undefined {
  return value === undefined ? undefined : toInteger(value);
}

/** The same for an argument that may be left out. */
export function optionalText(value: unknown): string | undefined {
  return value === undefined ? undefined : toText(value);
}

/** What an operator makes of an operand; `hint` matters for dates alone. */
export function toPrimitive(value: unknown, hint: 'default' | 'number'): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date && hint === 'number') return value.getTime();
  return toText(value);
}

/** A property's key as JavaScript spells it. */
export function toKey(value: unknown): string {
  return toText(value);
}

/** What a value is called in messages. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (value instanceof Date) return 'a date';
  switch (typeof value) {
    case 'undefined':
      return 'undefined';
    case 'object':
      return 'an object';
    case 'string':
      return 'a string';
    case 'number':
      return 'a number';
    case 'boolean':
      return 'a boolean';
    default:
      return 'a function';
  }
}

/** The function that a method calls; throws `EXPRESSION` for anything else. */
export function requireCallback(value: unknown, method: string): (...args: unknown[]) => unknown {
  if (typeof value === 'function') return value as (...args: unknown[]) => unknown;
  throw failure('EXPRESSION', `.${method}() takes a function, as in .${method}(x => x.name), not ${kindOf(value)}`);
}
