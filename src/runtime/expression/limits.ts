import { failure } from '../failure.ts';

/* The limits of one evaluation (LANGUAGE §3.4). */

/** Operations that arrow functions carry out in one evaluation. What runs without one is bounded by the expression's own 2,000 nodes. */
export const MAX_STEPS = 100_000;
/** Work of methods, builtins and operators in one evaluation: a unit is about 1,000 characters or 64 list items. */
const MAX_WORK = 100_000;
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
  if (workLeft < 0) throw failure('EXPRESSION_LIMIT', `the expression goes over more text or lists than ${MAX_STEPS} steps allow`);
}

/** Accounts for reading or writing `length` characters. */
export function spendText(length: number): void {
  if (length > 1_023) work(length >> 10);
}

/** Accounts for looking for a text of `length` characters in one of `within`: an engine's search compares up to all with all. */
export function spendSearch(within: number, length: number): void {
  spendText(within);
  if (length > 1) work(Math.floor((within * length) / 16_384));
}

/** Accounts for going over `length` list items without calling anything. */
export function spendItems(length: number): void {
  if (length > 63) work(length >> 6);
}

/** To be asked before a string of `length` UTF-16 units is made. */
export function checkString(length: number): void {
  if (length > MAX_STRING) throw failure('EXPRESSION_LIMIT', `the expression makes a string longer than ${MAX_STRING} characters`);
  spendText(length);
}

/** To be asked before a list of `length` items, or an object of as many keys, is made. */
export function checkList(length: number): void {
  if (length > MAX_LIST) throw failure('EXPRESSION_LIMIT', `the expression makes a list of more than ${MAX_LIST} items`);
  spendItems(length);
}

/** The same for the keys of an object, which cost an engine far more than items. */
export function checkKeys(length: number): void {
  if (length > MAX_LIST) throw failure('EXPRESSION_LIMIT', `the expression meets an object of more than ${MAX_LIST} keys`);
  if (length > 3) work(length >> 2);
}

export function checkValueDepth(depth: number): void {
  if (depth > MAX_VALUE_DEPTH) throw failure('EXPRESSION_LIMIT', `a value is nested more than ${MAX_VALUE_DEPTH} levels deep`);
}
