import type { JsonValue } from '../../../program/json.ts';
import { canonicalText } from './fields.ts';

/** Kinds of values in sorting order; missing and null come last in both directions, so they have no place here. */
const KINDS = ['boolean', 'number', 'string', 'object'];

/**
 * The order of two present values: numbers by size, texts by code unit (the same on every machine), false before true; values of different
 * kinds by kind, objects and lists by their JSON.
 */
export function compareValues(left: JsonValue, right: JsonValue): number {
  const kinds = KINDS.indexOf(typeof left) - KINDS.indexOf(typeof right);
  if (kinds !== 0) return kinds;
  const [a, b] = typeof left === 'object' ? [canonicalText(left), canonicalText(right)] : [left ?? 0, right ?? 0];
  return a < b ? -1 : a > b ? 1 : 0;
}
