import { FORBIDDEN_PROPERTIES } from '../../program/expression-vocabulary.ts';
import { failure } from '../failure.ts';
import { kindOf, toKey, toNumber, toPrimitive, toText } from './coerce.ts';
import { checkString, spendItems, spendSearch, spendText } from './limits.ts';

/** JavaScript's operators for operands of any type; see coerce.ts for what becomes of lists, objects and dates. */

export function add(left: unknown, right: unknown): unknown {
  const a = toPrimitive(left, 'default');
  const b = toPrimitive(right, 'default');
  if (typeof a !== 'string' && typeof b !== 'string') return toNumber(a) + toNumber(b);
  const first = toText(a);
  const second = toText(b);
  checkString(first.length + second.length);
  return first + second;
}

export function strictlyEqual(left: unknown, right: unknown): boolean {
  if (typeof left === 'string' && typeof right === 'string') return sameText(left, right);
  return left === right;
}

export function looselyEqual(left: unknown, right: unknown): boolean {
  if (typeof left === 'string' && typeof right === 'string') return sameText(left, right);
  const leftIsObject = typeof left === 'object' && left !== null;
  const rightIsObject = typeof right === 'object' && right !== null;
  if (leftIsObject === rightIsObject) {
    // biome-ignore lint/suspicious/noDoubleEquals: the operator that this implements; both are objects or both primitive, nothing of theirs is called
    return left == right;
  }
  if (left === null || left === undefined || right === null || right === undefined) return false;
  // biome-ignore lint/suspicious/noDoubleEquals: as above
  return toPrimitive(left, 'default') == toPrimitive(right, 'default');
}

function sameText(left: string, right: string): boolean {
  if (left.length !== right.length) return false;
  spendText(left.length);
  return left === right;
}

type Ordering = (left: unknown, right: unknown) => boolean;

function ordering(ofTexts: (a: string, b: string) => boolean, ofNumbers: (a: number, b: number) => boolean): Ordering {
  return (left, right) => {
    const a = toPrimitive(left, 'number');
    const b = toPrimitive(right, 'number');
    if (typeof a !== 'string' || typeof b !== 'string') return ofNumbers(toNumber(a), toNumber(b));
    spendText(Math.min(a.length, b.length));
    return ofTexts(a, b);
  };
}

export const isLess = ordering(
  (a, b) => a < b,
  (a, b) => a < b,
);
export const isLessOrEqual = ordering(
  (a, b) => a <= b,
  (a, b) => a <= b,
);
export const isGreater = ordering(
  (a, b) => a > b,
  (a, b) => a > b,
);
export const isGreaterOrEqual = ordering(
  (a, b) => a >= b,
  (a, b) => a >= b,
);

/** `key in object`: own properties only; nothing is in null and undefined. */
export function inObject(key: unknown, object: unknown): boolean {
  if (object === null || object === undefined) return false;
  if (typeof object !== 'object') {
    throw failure('EXPRESSION', `\`in\` looks for a key of an object, not of ${kindOf(object)}; for text write text.includes(…)`);
  }
  const name = toKey(key);
  return !FORBIDDEN_PROPERTIES.has(name) && Object.hasOwn(object, name);
}

/** Jexl's `in`: a part of a string, or an item of a list. */
export function inJexl(item: unknown, container: unknown): boolean {
  if (typeof container === 'string') {
    const text = toText(item);
    spendSearch(container.length, text.length);
    return container.includes(text);
  }
  if (!Array.isArray(container)) return false;
  spendItems(container.length);
  return container.some((element) => strictlyEqual(element, item));
}
