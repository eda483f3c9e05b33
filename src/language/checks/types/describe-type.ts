import { renderType } from '../../types/render-type.ts';
import { type Member, membersOf, type Type } from '../../types/type.ts';
import { isNullish } from '../../types/union.ts';

const WORDS: Readonly<Record<Member['kind'], string>> = {
  undefined: 'undefined',
  null: 'null',
  string: 'a string',
  number: 'a number',
  boolean: 'a boolean',
  date: 'a date',
  list: 'a list',
  object: 'an object',
};

/** What a value is, in words: `a number`, `a list or a string`; what it is only when it is missing is left out. */
export function describeType(type: Type): string {
  if (type.kind === 'unknown') return 'any value';
  const members = membersOf(type);
  const present = members.filter((member) => !isNullish(member));
  const words = [...new Set((present.length === 0 ? members : present).map(({ kind }) => WORDS[kind]))];
  return words.length === 0 ? 'no value' : words.join(' or ');
}

/** The same with what is in it, where that says more: `a list of number`, `"en" | "de"`. */
export function describeExactly(type: Type): string {
  if (type.kind === 'number' && type.integer === true && type.value === undefined) return 'a whole number';
  const words = describeType(type);
  const text = renderType(type);
  return words.endsWith(text) ? words : `\`${text}\``;
}
