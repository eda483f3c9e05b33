import {
  BOOLEAN_METHODS,
  DATE_METHODS,
  LIST_METHODS,
  NUMBER_METHODS,
  REGEX_METHODS,
  STRING_METHODS,
} from '../../../program/expression-vocabulary.ts';
import type { Member } from '../type.ts';

/** Kinds of values that have methods. */
export type Receiver = 'string' | 'list' | 'number' | 'boolean' | 'date';

const METHODS: Readonly<Record<Receiver, ReadonlySet<string>>> = {
  string: new Set(STRING_METHODS),
  list: new Set(LIST_METHODS),
  number: new Set(NUMBER_METHODS),
  boolean: new Set(BOOLEAN_METHODS),
  date: new Set(DATE_METHODS),
};

const RECEIVERS = Object.keys(METHODS) as readonly Receiver[];
const REGEX_OWN: ReadonlySet<string> = new Set(REGEX_METHODS);

/** The kind that a value of the type is called on as; objects, null and undefined have no methods. */
export function receiverOf({ kind }: Member): Receiver | undefined {
  return kind === 'null' || kind === 'undefined' || kind === 'object' ? undefined : kind;
}

export function hasMethod(receiver: Receiver, method: string): boolean {
  return METHODS[receiver].has(method);
}

export function methodsOf(receiver: Receiver): readonly string[] {
  return [...METHODS[receiver]];
}

/** The kinds of values that a method can be called on. */
export function receiversOf(method: string): readonly Receiver[] {
  return RECEIVERS.filter((receiver) => hasMethod(receiver, method));
}

export function isRegexMethod(method: string): boolean {
  return REGEX_OWN.has(method);
}
