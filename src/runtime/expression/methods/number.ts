import type { NUMBER_METHODS as NAMES } from '../../../program/expression-vocabulary.ts';
import { optionalInteger, optionalText, toInteger } from '../coerce.ts';
import type { Method } from './method.ts';

/** JavaScript's methods of numbers. What JavaScript refuses with a RangeError (`toFixed(101)`) is a failure of the expression. */
export const NUMBER_METHODS: Readonly<Record<(typeof NAMES)[number], Method<number>>> = {
  toFixed: (number, [digits]) => number.toFixed(toInteger(digits)),
  toPrecision: (number, [digits]) => number.toPrecision(optionalInteger(digits)),
  toExponential: (number, [digits]) => number.toExponential(optionalInteger(digits)),
  toString: (number, [radix]) => number.toString(optionalInteger(radix)),
  toLocaleString: (number, [locale, options]) => number.toLocaleString(optionalText(locale) ?? 'en-US', formatOptions(options)),
  valueOf: (number) => number,
};

/** Of the options of `Intl.NumberFormat` those that are plain values; nothing of the data is called. */
function formatOptions(options: unknown): Intl.NumberFormatOptions {
  if (typeof options !== 'object' || options === null) return {};
  return Object.fromEntries(Object.entries(options).filter(([, value]) => typeof value !== 'object'));
}
