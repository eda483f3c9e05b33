import type { BuiltinName } from '../../../program/expression-vocabulary.ts';
import { toInteger, toNumber, toText } from '../coerce.ts';
import { spendText } from '../limits.ts';
import type { Builtin } from './builtin.ts';

type NumberName = Extract<BuiltinName, 'Number' | 'Boolean' | 'parseInt' | 'parseFloat' | 'isNaN' | 'isFinite' | `Number.${string}`>;

const readInteger: Builtin = ([text, radix]) => Number.parseInt(counted(toText(text)), toInteger(radix));
const readFloat: Builtin = ([text]) => Number.parseFloat(counted(toText(text)));

function counted(text: string): string {
  spendText(text.length, 16);
  return text;
}

export const NUMBER_BUILTINS: Readonly<Record<NumberName, Builtin>> = {
  Number: (args) => (args.length === 0 ? 0 : toNumber(args[0])),
  Boolean: ([value]) => Boolean(value),
  parseInt: readInteger,
  parseFloat: readFloat,
  isNaN: ([value]) => Number.isNaN(toNumber(value)),
  isFinite: ([value]) => Number.isFinite(toNumber(value)),
  'Number.isInteger': ([value]) => Number.isInteger(value),
  'Number.isSafeInteger': ([value]) => Number.isSafeInteger(value),
  'Number.isFinite': ([value]) => Number.isFinite(value),
  'Number.isNaN': ([value]) => Number.isNaN(value),
  'Number.parseInt': readInteger,
  'Number.parseFloat': readFloat,
};
