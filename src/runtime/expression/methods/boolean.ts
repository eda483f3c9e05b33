import type { BOOLEAN_METHODS as NAMES } from '../../../program/expression-vocabulary.ts';
import type { Method } from './method.ts';

export const BOOLEAN_METHODS: Readonly<Record<(typeof NAMES)[number], Method<boolean>>> = {
  toString: (value) => String(value),
  valueOf: (value) => value,
};
