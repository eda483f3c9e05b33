import type { BuiltinName } from '../../../program/expression-vocabulary.ts';
import { toNumber, toPrimitive, toText } from '../coerce.ts';
import { spendText, work } from '../limits.ts';
import type { Builtin } from './builtin.ts';

export const DATE_BUILTINS: Readonly<Record<Extract<BuiltinName, 'new Date' | `Date.${string}`>, Builtin>> = {
  'new Date': (args, scope) => {
    work(200);
    if (args.length === 0) return new Date(scope.now());
    if (args.length > 1) return new Date(...dateParts(args));
    const value = toPrimitive(args[0], 'number');
    return new Date(typeof value === 'string' ? parseDate(value) : toNumber(value));
  },
  'Date.now': (_args, scope) => scope.now(),
  'Date.parse': ([text]) => parseDate(toText(text)),
  'Date.UTC': (args) => (args.length === 0 ? Number.NaN : Date.UTC(...dateParts([...args, ...(args.length === 1 ? [0] : [])]))),
};

function parseDate(text: string): number {
  spendText(text.length + 32, 8);
  return Date.parse(text);
}

type DateParts = [year: number, month: number, ...rest: number[]];

function dateParts(args: readonly unknown[]): DateParts {
  return args.slice(0, 7).map(toNumber) as DateParts;
}
