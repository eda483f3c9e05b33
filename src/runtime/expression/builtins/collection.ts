import type { BuiltinName } from '../../../program/expression-vocabulary.ts';
import { failure } from '../../failure.ts';
import { kindOf, requireCallback, toInteger, toKey } from '../coerce.ts';
import { checkKeys, checkList } from '../limits.ts';
import { readOwn, setOwn } from '../own.ts';
import type { Builtin } from './builtin.ts';

type CollectionName = Extract<BuiltinName, `Object.${string}` | `Array.${string}`>;

/** JavaScript's `Object` and `Array`, on own properties alone. */
export const COLLECTION_BUILTINS: Readonly<Record<CollectionName, Builtin>> = {
  'Object.keys': ([value]) => keysOf(value, 'Object.keys'),
  'Object.values': ([value]) => keysOf(value, 'Object.values').map((key) => readOwn(value, key)),
  'Object.entries': ([value]) => keysOf(value, 'Object.entries').map((key) => [key, readOwn(value, key)]),
  'Object.fromEntries': ([entries]) => {
    if (!Array.isArray(entries))
      throw failure('EXPRESSION', `Object.fromEntries takes a list of [key, value] pairs, not ${kindOf(entries)}`);
    checkKeys(entries.length);
    const result: Record<string, unknown> = {};
    for (const entry of entries) {
      if (typeof entry !== 'object' || entry === null) {
        throw failure('EXPRESSION', `Object.fromEntries takes a list of [key, value] pairs; one of its items is ${kindOf(entry)}`);
      }
      setOwn(result, toKey(readOwn(entry, '0')), readOwn(entry, '1'));
    }
    return result;
  },
  'Array.isArray': ([value]) => Array.isArray(value),
  'Array.of': (args) => [...args],
  'Array.from': ([source, change]) => {
    const items = itemsOf(source);
    if (change === undefined) return items;
    const call = requireCallback(change, 'from');
    return items.map((item, index) => call(item, index));
  },
};

function keysOf(value: unknown, name: string): readonly string[] {
  if (value === null || value === undefined) throw failure('EXPRESSION', `${name} takes an object, not ${kindOf(value)}`);
  const keys = Object.keys(value);
  checkKeys(keys.length);
  return keys;
}

/** The items of a list, the code points of a string, or those of `{ length, 0: …, 1: … }`. */
function itemsOf(source: unknown): unknown[] {
  if (source === null || source === undefined)
    throw failure('EXPRESSION', `Array.from takes a list, a string or { length }, not ${kindOf(source)}`);
  if (typeof source === 'string' || Array.isArray(source)) {
    checkList(source.length);
    return Array.from<unknown>(source);
  }
  const length = Math.max(0, toInteger(readOwn(source, 'length')));
  checkList(length);
  return Array.from({ length }, (_item, index) => readOwn(source, String(index)));
}
