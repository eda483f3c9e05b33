import { failure } from '../failure.ts';

/*
 * The limits of one evaluation (LANGUAGE §3.4). Together they keep it within 50 ms of a two-core server: 100,000 steps are some 10 ms, the work below is some
 * 30 ms, and so is writing the largest value as JSON, which ends an evaluation that has done little else.
 */

/** Operations that arrow functions carry out in one evaluation. What runs without one is bounded by the expression's own 2,000 nodes. */
export const MAX_STEPS = 100_000;
/** Work of methods, builtins and operators in one evaluation. A unit is about a nanosecond: going over a character, or a quarter of a list's item. */
export const MAX_WORK = 30_000_000;
/** UTF-16 units of a string that an expression makes. */
export const MAX_STRING = 1_048_576;
/** Items of a list, or keys of an object, that an expression makes or goes over. */
export const MAX_LIST = 100_000;
/** Levels of lists and objects in a value. */
export const MAX_VALUE_DEPTH = 1_000;

// Evaluation is synchronous and never re-entered, so one pair of counters serves all.
let stepsLeft = MAX_STEPS;
let workLeft = MAX_WORK;

/** Begins the count of an evaluation anew. */
export function beginSteps(): void {
  stepsLeft = MAX_STEPS;
  workLeft = MAX_WORK;
}

/** Takes `steps` from what the evaluation may still do; throws `EXPRESSION_LIMIT` when nothing is left. */
export function spend(steps: number): void {
  stepsLeft -= steps;
  if (stepsLeft < 0) throw failure('EXPRESSION_LIMIT', `the expression takes more than ${MAX_STEPS} steps`);
}

/** Takes units of work; throws `EXPRESSION_LIMIT` when nothing is left. */
export function work(units: number): void {
  workLeft -= units;
  if (workLeft < 0) throw failure('EXPRESSION_LIMIT', 'the expression goes over more text or longer lists than one evaluation may');
}

/** Accounts for reading or writing `length` characters, at `each` units: some conversions cost far more than a copy. */
export function spendText(length: number, each = 1): void {
  work(length * each);
}

/** Accounts for looking for a text of `length` characters in one of `within`: an engine's search compares up to all with all. */
export function spendSearch(within: number, length: number): void {
  work(within + (within * length) / 16);
}

/** Accounts for going over `length` list items without calling anything. */
export function spendItems(length: number, each = 4): void {
  work(length * each);
}

/** Accounts for bringing items into order by their keys: texts are compared as far as they are equal. */
export function spendSort(keys: readonly unknown[]): void {
  let each = 16 * keys.length;
  for (const key of keys) if (typeof key === 'string') each += 24 + key.length / 8;
  work(each * Math.log2(keys.length + 1));
}

/** To be asked before a string of `length` UTF-16 units is made. */
export function checkString(length: number): void {
  if (length > MAX_STRING) throw failure('EXPRESSION_LIMIT', `the expression makes a string longer than ${MAX_STRING} characters`);
  spendText(length);
}

/** To be asked before a list of `length` items is made. */
export function checkList(length: number): void {
  if (length > MAX_LIST) throw failure('EXPRESSION_LIMIT', `the expression makes a list of more than ${MAX_LIST} items`);
  spendItems(length);
}

/** The same for the keys of an object, which cost an engine far more than items. */
export function checkKeys(length: number): void {
  if (length > MAX_LIST) throw failure('EXPRESSION_LIMIT', `the expression meets an object of more than ${MAX_LIST} keys`);
  // An engine keeps many keys in a table that it has to bring into order.
  work(length * (length > 1_000 ? 500 : 40));
}

/** To be asked before a list or an object is gone into; the outermost is on level 1. */
export function checkValueDepth(level: number): void {
  if (level > MAX_VALUE_DEPTH) throw failure('EXPRESSION_LIMIT', `a value is nested more than ${MAX_VALUE_DEPTH} levels deep`);
}
