import type { NUMBER_METHODS as NAMES } from '../../../program/expression-vocabulary.ts';
import { optionalInteger, optionalText, toInteger } from '../coerce.ts';
import { work } from '../limits.ts';
import { numberFormat } from '../locale.ts';
import type { Method } from './method.ts';

/** JavaScript's methods of numbers. What JavaScript refuses with a RangeError (`toFixed(101)`) is a failure of the expression. */
export const NUMBER_METHODS: Readonly<Record<(typeof NAMES)[number], Method<number>>> = {
  toFixed: (number, [digits]) => written(number, digits).toFixed(toInteger(digits)),
  toPrecision: (number, [digits]) => written(number, digits).toPrecision(optionalInteger(digits)),
  toExponential: (number, [digits]) => written(number, digits).toExponential(optionalInteger(digits)),
  toString: (number, [radix]) => {
    work(Number.isSafeInteger(number) ? 100 : 7_000);
    return number.toString(optionalInteger(radix));
  },
  toLocaleString: (number, [locale, options]) => numberFormat(optionalText(locale), plainOptions(options)).format(number),
  valueOf: (number) => number,
};

/** Many digits take an engine microseconds, and so does a number that is hardly more than zero. */
function written(number: number, digits: unknown): number {
  const size = Math.abs(number);
  const isCommon = (number === 0 || (size > 1e-6 && size < 1e21)) && (digits === undefined || toInteger(digits) <= 15);
  work(isCommon ? 200 : 4_000);
  return number;
}

/** Of the options of `Intl.NumberFormat` those that are plain values; nothing of the data is called. */
function plainOptions(options: unknown): Intl.NumberFormatOptions {
  if (typeof options !== 'object' || options === null) return {};
  return Object.fromEntries(Object.entries(options).filter(([, value]) => typeof value !== 'object'));
}
