import type { FilterName } from '../../../program/expression-vocabulary.ts';
import { itemOf } from '../property-type.ts';
import {
  BOOLEAN,
  DATE,
  FALSE,
  INEXACT,
  INTEGER,
  listOf,
  type Member,
  membersOf,
  NULL,
  NUMBER,
  OBJECT,
  STRING,
  type Type,
  UNDEFINED,
  UNKNOWN,
} from '../type.ts';
import { isNullish, mayBe, orUndefined, unionOf, withoutNullish } from '../union.ts';
import { booleanOf, valuesOf } from './builtins.ts';
import type { Call } from './call.ts';

/** What a filter gives for one kind of input that is not null or undefined. */
type FilterType = (input: Member, call: Call) => Type;

const gives =
  (type: Type): FilterType =>
  () =>
    type;

const text = gives(STRING);
const rounded =
  (finite: Type): FilterType =>
  (input) =>
    input.kind === 'number' && input.inexact !== true ? finite : INEXACT;

/** Filters that hand null and undefined on unchanged. */
const PASSING: ReadonlySet<string> = new Set<FilterName>([
  'uppercase',
  'lowercase',
  'capitalize',
  'trim',
  'split',
  'join',
  'abs',
  'round',
  'floor',
  'ceil',
]);

const ofList =
  (give: (items: Type, call: Call) => Type): FilterType =>
  (input, call) =>
    input.kind === 'list' ? give(itemOf(input), call) : UNDEFINED;

const looking = (give: (items: Type) => Type): FilterType =>
  ofList((items, call) => {
    if (call.nodes[0]?.type === 'arrow') call.callback(0, items, INTEGER);
    return give(items);
  });

/** By a field or a function the numbers come from anywhere. */
const extreme: FilterType = looking(() => orUndefined(INEXACT));

const FILTER_TYPES: Readonly<Record<FilterName, FilterType>> = {
  uppercase: text,
  lowercase: text,
  capitalize: text,
  trim: text,
  split: gives(listOf(STRING)),
  join: text,
  length: ({ kind }) => (kind === 'string' || kind === 'list' || kind === 'object' ? INTEGER : UNDEFINED),
  first: ends,
  last: ends,
  slice: (input) => (input.kind === 'list' ? listOf(itemOf(input)) : input.kind === 'string' ? STRING : UNDEFINED),
  reverse: (input) => (input.kind === 'list' ? listOf(itemOf(input)) : input.kind === 'string' ? STRING : UNDEFINED),
  sort: looking((items) => listOf(items)),
  unique: looking((items) => listOf(items)),
  abs: rounded(NUMBER),
  round: rounded(NUMBER),
  floor: rounded(NUMBER),
  ceil: rounded(NUMBER),
  sum: looking((items) => (areFinite(items) ? NUMBER : INEXACT)),
  min: extreme,
  max: extreme,
  number: (input) => orUndefined(input.kind === 'number' && input.inexact !== true ? NUMBER : INEXACT),
  string: text,
  boolean: (input) => (input.kind === 'string' ? BOOLEAN : booleanOf(input)),
  json: text,
  keys: ({ kind }) => (kind === 'list' || kind === 'object' ? listOf(STRING) : UNDEFINED),
  values: (input) => (input.kind === 'list' || input.kind === 'object' ? listOf(valuesOf(input)) : UNDEFINED),
  default: (input) => input,
};

function ends(input: Member): Type {
  return input.kind === 'list' ? orUndefined(itemOf(input)) : input.kind === 'string' ? orUndefined(STRING) : UNDEFINED;
}

function areFinite(items: Type): boolean {
  return items.kind === 'number' && items.inexact !== true;
}

/** What `input | name(…)` gives. */
export function filterType(name: string, input: Type, call: Call): Type {
  if (!Object.hasOwn(FILTER_TYPES, name)) return UNKNOWN;
  const type = FILTER_TYPES[name as FilterName];
  if (name === 'default') {
    return mayBe(input, isNullish) ? unionOf([withoutNullish(input), call.argument(0)]) : input;
  }
  const members = input.kind === 'unknown' ? ANYTHING : membersOf(input);
  return unionOf(members.map((member) => (isNullish(member) ? ofNothing(name, member) : type(member, call))));
}

/** One of each kind, for an input of which nothing is known. */
const ANYTHING: readonly Member[] = [UNDEFINED, NULL, STRING, INEXACT, BOOLEAN, DATE, listOf(UNKNOWN), OBJECT];

function ofNothing(name: string, nothing: Member): Type {
  if (PASSING.has(name)) return nothing;
  switch (name) {
    case 'length':
      return INTEGER;
    case 'string':
      return STRING;
    case 'boolean':
      return FALSE;
    case 'json':
      return nothing.kind === 'null' ? STRING : UNDEFINED;
    default:
      return UNDEFINED;
  }
}
