import type { LIST_METHODS as NAMES } from '../../../program/expression-vocabulary.ts';
import { failure } from '../../failure.ts';
import { joinList, optionalInteger, requireCallback, toInteger, toText } from '../coerce.ts';
import { checkList, checkValueDepth, spendItems, spendText } from '../limits.ts';
import { sortList } from '../sort.ts';
import type { Method } from './method.ts';

type List = readonly unknown[];

/**
 * JavaScript's methods of arrays that change nothing; `sort` and `reverse` give a changed copy. Functions get (item, index, list); each of their calls
 * spends its own steps, which bounds the loops here.
 */
export const LIST_METHODS: Readonly<Record<(typeof NAMES)[number], Method<List>>> = {
  at: (list, [index]) => list.at(toInteger(index)),
  concat: (list, args) => {
    const result = [...list];
    for (const arg of args) {
      checkList(result.length + (Array.isArray(arg) ? arg.length : 1));
      if (Array.isArray(arg)) for (const item of arg) result.push(item);
      else result.push(arg);
    }
    return made(result);
  },
  slice: (list, [start, end]) => made(list.slice(optionalInteger(start), optionalInteger(end))),
  flat: (list, [depth]) => {
    const result: unknown[] = [];
    flatten(list, depth === undefined ? 1 : toInteger(depth), result, 1);
    return made(result);
  },
  join: (list, [separator]) => joinList(list, separator === undefined ? ',' : toText(separator)),
  reverse: (list) => read(list).toReversed(),
  toReversed: (list) => read(list).toReversed(),
  toSpliced: (list, args) => {
    const [start, count, ...items] = args;
    checkList(list.length + items.length);
    if (args.length === 0) return list.slice();
    return list.toSpliced(toInteger(start), args.length === 1 ? list.length : toInteger(count), ...items);
  },
  with: (list, [index, value]) => {
    const at = toInteger(index);
    if (at >= list.length || at < -list.length)
      throw failure('EXPRESSION', `.with(${at}, …) is outside of the list of ${list.length} items`);
    return read(list).with(at, value);
  },
  keys: (list) => read(list).map((_item, index) => index),
  values: (list) => read(list).slice(),
  entries: (list) => read(list).map((item, index) => [index, item]),
  includes: (list, [item, from]) => compared(list, item).includes(item, optionalInteger(from)),
  indexOf: (list, [item, from]) => compared(list, item).indexOf(item, toInteger(from)),
  lastIndexOf: (list, [item, from]) => compared(list, item).lastIndexOf(item, from === undefined ? list.length - 1 : toInteger(from)),
  every: (list, [callback]) => {
    const test = requireCallback(callback, 'every');
    for (let index = 0; index < list.length; index++) if (!test(list[index], index, list)) return false;
    return true;
  },
  some: (list, [callback]) => {
    const test = requireCallback(callback, 'some');
    for (let index = 0; index < list.length; index++) if (test(list[index], index, list)) return true;
    return false;
  },
  filter: (list, [callback]) => {
    const test = requireCallback(callback, 'filter');
    const kept: unknown[] = [];
    for (let index = 0; index < list.length; index++) {
      const item = list[index];
      if (test(item, index, list)) kept.push(item);
    }
    return kept;
  },
  find: (list, [test]) => list[searchFrom(list, test, 'find', 1)],
  findIndex: (list, [test]) => searchFrom(list, test, 'findIndex', 1),
  findLast: (list, [test]) => list[searchFrom(list, test, 'findLast', -1)],
  findLastIndex: (list, [test]) => searchFrom(list, test, 'findLastIndex', -1),
  map: (list, [callback]) => {
    const change = requireCallback(callback, 'map');
    checkList(list.length);
    const results: unknown[] = [];
    for (let index = 0; index < list.length; index++) results.push(change(list[index], index, list));
    return results;
  },
  flatMap: (list, [callback]) => {
    const change = requireCallback(callback, 'flatMap');
    const results: unknown[] = [];
    for (let index = 0; index < list.length; index++) {
      const result = change(list[index], index, list);
      const items: List = Array.isArray(result) ? result : [result];
      checkList(results.length + items.length);
      for (const item of items) results.push(item);
    }
    return results;
  },
  reduce: (list, args) => reduceList(list, args, 'reduce', false),
  reduceRight: (list, args) => reduceList(list, args, 'reduceRight', true),
  sort: (list, [compare]) => sortList(list, compare, 'sort'),
  toSorted: (list, [compare]) => sortList(list, compare, 'toSorted'),
  toString: (list) => joinList(list, ','),
};

function made(list: List): List {
  checkList(list.length);
  return list;
}

function read(list: List): List {
  checkList(list.length);
  return list;
}

/** Accounts for comparing each item with a long text. */
function compared(list: List, item: unknown): List {
  if (typeof item === 'string' && item.length > 1_023) for (const other of list) if (typeof other === 'string') spendText(item.length);
  return read(list);
}

/** The index of the first item, in the direction of `step`, for which the test holds; -1 when there is none. */
function searchFrom(list: List, callback: unknown, method: string, step: 1 | -1): number {
  const test = requireCallback(callback, method);
  spendItems(list.length);
  for (let index = step === 1 ? 0 : list.length - 1; index >= 0 && index < list.length; index += step) {
    if (test(list[index], index, list)) return index;
  }
  return -1;
}

function reduceList(list: List, args: readonly unknown[], method: string, fromRight: boolean): unknown {
  const combine = requireCallback(args[0], method);
  read(list);
  if (list.length === 0 && args.length < 2) {
    throw failure('EXPRESSION', `.${method}() of an empty list needs an initial value, as in .${method}((sum, x) => sum + x, 0)`);
  }
  const step = fromRight ? -1 : 1;
  let index = fromRight ? list.length - 1 : 0;
  let result = args[1];
  if (args.length < 2) {
    result = list[index];
    index += step;
  }
  for (; index >= 0 && index < list.length; index += step) result = combine(result, list[index], index, list);
  return result;
}

/** Inner lists up to `depth`, one after the other; a list that contains itself many times over meets the limit of a list. */
function flatten(list: List, depth: number, result: unknown[], level: number): void {
  checkValueDepth(level);
  // Even empty lists take time to be looked at.
  spendItems(list.length + 8);
  for (const item of list) {
    if (depth > 0 && Array.isArray(item)) flatten(item, depth - 1, result, level + 1);
    else {
      result.push(item);
      if (result.length > 100_000) checkList(result.length);
    }
  }
}
