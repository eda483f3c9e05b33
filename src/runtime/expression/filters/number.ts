import { toInteger, toNumber } from '../coerce.ts';
import { checkList } from '../limits.ts';
import { elementReader } from './element.ts';
import type { Filter } from './filter.ts';

/** Null and undefined pass unchanged. */
function ofNumber(change: (number: number, args: readonly unknown[]) => unknown): Filter {
  return (input, args) => (input === null || input === undefined ? input : change(toNumber(input), args));
}

/** To a number of decimal places, 0 unless given; halves go up, as with `Math.round`. */
function toPlaces(compute: (number: number) => number): Filter {
  return ofNumber((number, [places]) => {
    const digits = Math.min(100, Math.max(-100, toInteger(places)));
    if (digits === 0 || !Number.isFinite(number)) return compute(number);
    // Moving the point in the text, not by multiplying: 1.005 * 100 is 100.49999999999999.
    return shift(compute(shift(number, digits)), -digits);
  });
}

function shift(number: number, digits: number): number {
  const [mantissa = '0', exponent = '0'] = String(number).split('e');
  return Number(`${mantissa}e${Number(exponent) + digits}`);
}

export const NUMBER_FILTERS = {
  abs: ofNumber((number) => Math.abs(number)),
  round: toPlaces(Math.round),
  floor: toPlaces(Math.floor),
  ceil: toPlaces(Math.ceil),
  /** Of a list's numbers; `sum('price')` of a field. 0 for an empty list; items that are null or undefined count nothing. */
  sum: (input, [by]) => numbersOf(input, by)?.reduce((sum, number) => sum + number, 0),
  /** Undefined for an empty list. */
  min: (input, [by]) => extremeOf(input, by, Math.min),
  max: (input, [by]) => extremeOf(input, by, Math.max),
} as const satisfies Readonly<Record<string, Filter>>;

function numbersOf(input: unknown, by: unknown): readonly number[] | undefined {
  if (!Array.isArray(input)) return undefined;
  checkList(input.length);
  const read = elementReader(by);
  return input
    .map(read)
    .filter((item) => item !== null && item !== undefined)
    .map(toNumber);
}

function extremeOf(input: unknown, by: unknown, pick: (a: number, b: number) => number): number | undefined {
  const numbers = numbersOf(input, by);
  return numbers === undefined || numbers.length === 0 ? undefined : numbers.reduce((best, number) => pick(best, number));
}
