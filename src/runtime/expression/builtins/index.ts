import type { BuiltinName } from '../../../program/expression-vocabulary.ts';
import type { Builtin } from './builtin.ts';
import { COLLECTION_BUILTINS } from './collection.ts';
import { DATE_BUILTINS } from './date.ts';
import { JSON_BUILTINS } from './json.ts';
import { MATH_BUILTINS } from './math.ts';
import { NUMBER_BUILTINS } from './number.ts';
import { TEXT_BUILTINS } from './text.ts';

/** Every builtin by its full name (LANGUAGE §3.1). */
export const BUILTINS: Readonly<Record<BuiltinName, Builtin>> = {
  ...JSON_BUILTINS,
  ...MATH_BUILTINS,
  ...DATE_BUILTINS,
  ...COLLECTION_BUILTINS,
  ...NUMBER_BUILTINS,
  ...TEXT_BUILTINS,
};
