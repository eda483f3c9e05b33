import type { DATE_METHODS as NAMES } from '../../../program/expression-vocabulary.ts';
import { failure } from '../../failure.ts';
import { toText } from '../coerce.ts';
import { work } from '../limits.ts';
import type { Method } from './method.ts';

/** JavaScript's getters of dates. Those of local time follow the host's time zone, which is UTC in Workers. */
export const DATE_METHODS: Readonly<Record<(typeof NAMES)[number], Method<Date>>> = {
  getTime: (date) => date.getTime(),
  getFullYear: (date) => date.getFullYear(),
  getMonth: (date) => date.getMonth(),
  getDate: (date) => date.getDate(),
  getDay: (date) => date.getDay(),
  getHours: (date) => date.getHours(),
  getMinutes: (date) => date.getMinutes(),
  getSeconds: (date) => date.getSeconds(),
  getMilliseconds: (date) => date.getMilliseconds(),
  getTimezoneOffset: (date) => date.getTimezoneOffset(),
  getUTCFullYear: (date) => date.getUTCFullYear(),
  getUTCMonth: (date) => date.getUTCMonth(),
  getUTCDate: (date) => date.getUTCDate(),
  getUTCDay: (date) => date.getUTCDay(),
  getUTCHours: (date) => date.getUTCHours(),
  getUTCMinutes: (date) => date.getUTCMinutes(),
  getUTCSeconds: (date) => date.getUTCSeconds(),
  getUTCMilliseconds: (date) => date.getUTCMilliseconds(),
  toISOString: (date) => {
    work(800);
    if (Number.isNaN(date.getTime())) throw failure('EXPRESSION', 'the date is not valid: .toISOString() has nothing to write');
    return date.toISOString();
  },
  toJSON: (date) => (Number.isNaN(date.getTime()) ? null : toText(date)),
  toString: toText,
  valueOf: (date) => date.getTime(),
};
