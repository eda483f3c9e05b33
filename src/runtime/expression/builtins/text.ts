import type { BuiltinName } from '../../../program/expression-vocabulary.ts';
import { failure } from '../../failure.ts';
import { toNumber, toText } from '../coerce.ts';
import { checkString, spendText } from '../limits.ts';
import type { Builtin } from './builtin.ts';

type TextName = Extract<
  BuiltinName,
  'String' | 'String.fromCharCode' | 'encodeURIComponent' | 'decodeURIComponent' | 'encodeURI' | 'decodeURI' | 'crypto.randomUUID'
>;

export const TEXT_BUILTINS: Readonly<Record<TextName, Builtin>> = {
  String: (args) => (args.length === 0 ? '' : toText(args[0])),
  'String.fromCharCode': (args) => args.map((code) => String.fromCharCode(toNumber(code))).join(''),
  encodeURIComponent: ofText('encodeURIComponent', encodeURIComponent),
  decodeURIComponent: ofText('decodeURIComponent', decodeURIComponent),
  encodeURI: ofText('encodeURI', encodeURI),
  decodeURI: ofText('decodeURI', decodeURI),
  'crypto.randomUUID': (_args, scope) => scope.uuid(),
};

function ofText(name: string, convert: (text: string) => string): Builtin {
  return ([value]) => {
    const text = toText(value);
    spendText(text.length, 12);
    try {
      const result = convert(text);
      checkString(result.length);
      return result;
    } catch (error) {
      if (error instanceof URIError) throw failure('EXPRESSION', `${name} was given a text that is not well formed`);
      throw error;
    }
  };
}
