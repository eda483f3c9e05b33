import { itemAt, itemOf } from '../property-type.ts';
import { BOOLEAN, INEXACT, INTEGER, type ListType, listOf, type Member, NULL, STRING, type Type, UNKNOWN } from '../type.ts';
import { isSameType, orUndefined, unionOf, withoutNullish } from '../union.ts';
import type { Call } from './call.ts';
import type { Receiver } from './receiver.ts';

/** What a method gives, called on a value of its kind. Where a table says nothing of a method, its result is `unknown`. */
type MethodType<Of extends Member> = (receiver: Of, call: Call) => Type;
type MethodTable<Of extends Member> = Readonly<Record<string, MethodType<Of>>>;

const gives =
  (type: Type): MethodType<Member> =>
  () =>
    type;

function table<Of extends Member>(
  of: Readonly<Record<string, readonly string[]>>,
  types: Readonly<Record<string, Type>>,
  own: MethodTable<Of>,
): MethodTable<Of> {
  const shared = Object.entries(of).flatMap(([type, names]) => names.map((name) => [name, gives(types[type] ?? UNKNOWN)] as const));
  return { ...Object.fromEntries(shared), ...own };
}

const PLAIN = { string: STRING, integer: INTEGER, boolean: BOOLEAN };

const STRING_TYPES = table<Member>(
  {
    string:
      'charAt concat slice substring substr repeat padStart padEnd toLowerCase toUpperCase toLocaleLowerCase toLocaleUpperCase trim trimStart trimEnd normalize toWellFormed toString valueOf replace replaceAll'.split(
        ' ',
      ),
    integer: ['indexOf', 'lastIndexOf', 'localeCompare', 'search'],
    boolean: ['includes', 'startsWith', 'endsWith', 'isWellFormed'],
  },
  PLAIN,
  {
    at: gives(orUndefined(STRING)),
    charCodeAt: gives(INEXACT),
    codePointAt: gives(orUndefined(INTEGER)),
    // A group that takes part in no match leaves undefined among the pieces.
    split: (_, { nodes }) => listOf(nodes[0]?.type === 'regex' ? orUndefined(STRING) : STRING),
    match: (_, { nodes: [pattern] }) =>
      pattern?.type === 'regex' && pattern.flags.includes('g') ? unionOf([listOf(STRING), NULL]) : UNKNOWN,
    matchAll: gives(listOf(UNKNOWN)),
    replace: (_, call) => afterReplacement(call),
    replaceAll: (_, call) => afterReplacement(call),
  },
);

function afterReplacement(call: Call): Type {
  if (call.nodes[1]?.type === 'arrow') call.callback(1, STRING);
  return STRING;
}

const LIST_TYPES = table<ListType>(
  {
    string: ['join', 'toString'],
    integer: ['indexOf', 'lastIndexOf', 'findIndex', 'findLastIndex'],
    boolean: ['includes', 'every', 'some'],
  },
  PLAIN,
  {
    at: (list, { argument }) => {
      const index = argument(0);
      return index.kind === 'number' && isIndex(index.value) ? itemAt(list, index.value) : orUndefined(itemOf(list));
    },
    concat: (list, { nodes, argument }) => listOf(unionOf([itemOf(list), ...nodes.map((_, index) => flattened(argument(index)))])),
    slice: sameItems,
    flat: (list, { count, argument }) => {
      if (count === 0) return listOf(flattened(itemOf(list)));
      const depth = argument(0);
      return listOf(depth.kind === 'number' && depth.value === 1 ? flattened(itemOf(list)) : UNKNOWN);
    },
    reverse: sameItems,
    toReversed: sameItems,
    toSpliced: (list, { nodes, argument }) => listOf(unionOf([itemOf(list), ...nodes.slice(2).map((_, index) => argument(index + 2))])),
    with: (list, { argument }) => listOf(unionOf([itemOf(list), argument(1)])),
    keys: gives(listOf(INTEGER)),
    values: sameItems,
    entries: (list) => listOf(pairOf(INTEGER, itemOf(list))),
    every: tested(() => BOOLEAN),
    some: tested(() => BOOLEAN),
    filter: tested((list, { nodes: [test] }) => {
      const isTruth = test?.type === 'builtinReference' && test.name === 'Boolean';
      return listOf(isTruth ? withoutNullish(itemOf(list)) : itemOf(list));
    }),
    find: tested((list) => orUndefined(itemOf(list))),
    findIndex: tested(() => INTEGER),
    findLast: tested((list) => orUndefined(itemOf(list))),
    findLastIndex: tested(() => INTEGER),
    map: (list, { callback }) => listOf(callback(0, itemOf(list), INTEGER, list)),
    flatMap: (list, { callback }) => listOf(flattened(callback(0, itemOf(list), INTEGER, list))),
    reduce: reduced,
    reduceRight: reduced,
    sort: sorted,
    toSorted: sorted,
  },
);

function isIndex(value: number | undefined): value is number {
  return value !== undefined && Number.isInteger(value) && value >= 0;
}

function sameItems(list: ListType): Type {
  return listOf(itemOf(list));
}

function tested(result: MethodType<ListType>): MethodType<ListType> {
  return (list, call) => {
    call.callback(0, itemOf(list), INTEGER, list);
    return result(list, call);
  };
}

function sorted(list: ListType, call: Call): Type {
  if (call.nodes.length > 0) call.callback(0, itemOf(list), itemOf(list));
  return sameItems(list);
}

/** The result so far is what the function gave: it may change its type from call to call, until it is `unknown`. */
function reduced(list: ListType, { count, argument, callback }: Call): Type {
  if (count === undefined) return UNKNOWN;
  const item = itemOf(list);
  let sum = count > 1 ? argument(1) : item;
  for (let round = 0; round < 3; round++) {
    const next = unionOf([sum, callback(0, sum, item, INTEGER, list)]);
    if (isSameType(next, sum)) return sum;
    sum = next;
  }
  callback(0, UNKNOWN, item, INTEGER, list);
  return UNKNOWN;
}

export function pairOf(first: Type, second: Type): ListType {
  return { kind: 'list', items: unionOf([first, second]), tuple: [first, second] };
}

/** The items of what is a list, and what is none. */
function flattened(type: Type): Type {
  if (type.kind === 'list') return itemOf(type);
  return type.kind === 'union' ? unionOf(type.members.map((member) => (member.kind === 'list' ? itemOf(member) : member))) : type;
}

const NUMBER_TYPES: MethodTable<Member> = {
  toFixed: gives(STRING),
  toPrecision: gives(STRING),
  toExponential: gives(STRING),
  toString: gives(STRING),
  toLocaleString: gives(STRING),
  valueOf: (number: Member) => number,
};

const BOOLEAN_TYPES: MethodTable<Member> = { toString: gives(STRING), valueOf: gives(BOOLEAN) };

/** Getters of an invalid date give NaN. */
const DATE_TYPES: MethodTable<Member> = {
  toISOString: gives(STRING),
  toJSON: gives(unionOf([STRING, NULL])),
  toString: gives(STRING),
};

const TABLES: Readonly<Record<Receiver, MethodTable<never>>> = {
  string: STRING_TYPES,
  list: LIST_TYPES,
  number: NUMBER_TYPES,
  boolean: BOOLEAN_TYPES,
  date: DATE_TYPES,
};

/** What a method of a value of this kind gives. */
export function methodType(receiver: Receiver, member: Member, method: string, call: Call): Type {
  const types = TABLES[receiver] as MethodTable<Member>;
  const found = Object.hasOwn(types, method) ? types[method] : undefined;
  if (found !== undefined) return found(member, call);
  return receiver === 'date' ? INEXACT : UNKNOWN;
}

/** A value of the kind of which nothing else is known. */
export const ANY_OF: Readonly<Record<Receiver, Member>> = {
  string: STRING,
  list: listOf(UNKNOWN),
  number: INEXACT,
  boolean: BOOLEAN as Member,
  date: { kind: 'date' },
};
