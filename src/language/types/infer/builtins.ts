import { CONSTANTS, FORBIDDEN_PROPERTIES, MATH_FUNCTIONS } from '../../../program/expression-vocabulary.ts';
import { itemOf, propertyOf } from '../property-type.ts';
import { truthOf } from '../truth.ts';
import {
  BOOLEAN,
  DATE,
  FALSE,
  INEXACT,
  INTEGER,
  listOf,
  type Member,
  membersOf,
  NUMBER,
  recordOf,
  STRING,
  TRUE,
  type Type,
  UNDEFINED,
  UNKNOWN,
} from '../type.ts';
import { mayBe, orUndefined, unionOf } from '../union.ts';
import type { Call } from './call.ts';
import { pairOf } from './methods.ts';

type BuiltinType = (call: Call) => Type;

const gives =
  (type: Type): BuiltinType =>
  () =>
    type;

const boolean = gives(BOOLEAN);
const text = gives(STRING);
const number = gives(INEXACT);

/** Functions that give a finite number for finite ones. */
const FINITE: ReadonlySet<string> = new Set(['abs', 'sign', 'fround', 'sin', 'cos', 'atan', 'tanh', 'cbrt', 'asinh']);
const WHOLE: ReadonlySet<string> = new Set(['ceil', 'floor', 'round', 'trunc', 'sign', 'clz32', 'imul']);

function mathType(name: string): BuiltinType {
  return (call) => {
    if (!WHOLE.has(name) && !FINITE.has(name)) return INEXACT;
    const argument = call.argument(0);
    if (argument.kind !== 'number' || argument.inexact === true) return INEXACT;
    return WHOLE.has(name) ? INTEGER : NUMBER;
  };
}

const BUILTIN_TYPES: Readonly<Record<string, BuiltinType>> = {
  ...Object.fromEntries(MATH_FUNCTIONS.map((name) => [`Math.${name}`, mathType(name)])),
  'Math.random': gives(NUMBER),
  'JSON.stringify': (call) => (mayBe(call.argument(0), ({ kind }) => kind === 'undefined') ? orUndefined(STRING) : STRING),
  'new Date': gives(DATE),
  'Date.now': gives(INTEGER),
  'Date.parse': number,
  'Date.UTC': number,
  'Object.keys': gives(listOf(STRING)),
  'Object.values': (call) => listOf(valuesOf(call.argument(0))),
  'Object.entries': (call) => listOf(pairOf(STRING, valuesOf(call.argument(0)))),
  'Object.fromEntries': (call) => recordOf(entryValue(call.argument(0))),
  'Array.isArray': (call) => isList(call.argument(0)),
  'Array.of': (call) => listOf(unionOf(call.nodes.map((_, index) => call.argument(index)))),
  'Array.from': arrayFrom,
  Number: number,
  String: text,
  Boolean: (call) => booleanOf(call.argument(0)),
  parseInt: number,
  parseFloat: number,
  isNaN: boolean,
  isFinite: boolean,
  'Number.isInteger': boolean,
  'Number.isSafeInteger': boolean,
  'Number.isFinite': boolean,
  'Number.isNaN': boolean,
  'Number.parseInt': number,
  'Number.parseFloat': number,
  'String.fromCharCode': text,
  encodeURIComponent: text,
  decodeURIComponent: text,
  encodeURI: text,
  decodeURI: text,
  'crypto.randomUUID': text,
};

/** What a builtin gives, called so. `JSON.parse` can give anything. */
export function builtinType(name: string, call: Call): Type {
  const found = Object.hasOwn(BUILTIN_TYPES, name) ? BUILTIN_TYPES[name] : undefined;
  return found?.(call) ?? UNKNOWN;
}

export function constantType(name: string): Type {
  const value = CONSTANTS.get(name);
  if (value === undefined) return UNKNOWN;
  return Number.isFinite(value) ? { kind: 'number', value } : INEXACT;
}

/** `true` or `false` where all values of the type are alike. */
export function booleanOf(type: Type): Type {
  const truth = truthOf(type);
  return truth === undefined ? BOOLEAN : truth ? TRUE : FALSE;
}

/** What the own properties of a value hold. */
export function valuesOf(type: Type): Type {
  if (type.kind === 'unknown') return UNKNOWN;
  return unionOf(membersOf(type).map(memberValues));
}

function memberValues(member: Member): Type {
  switch (member.kind) {
    case 'list':
      return itemOf(member);
    case 'string':
      return STRING;
    case 'object': {
      const listed = [...member.properties].map(([key, { type }]) => (FORBIDDEN_PROPERTIES.has(key) ? UNDEFINED : type));
      return unionOf(member.lists === 'all' ? listed : [...listed, member.others]);
    }
    default:
      return unionOf([]);
  }
}

function entryValue(type: Type): Type {
  if (type.kind !== 'list') return UNKNOWN;
  return propertyOf(itemOf(type), '1');
}

function isList(type: Type): Type {
  if (type.kind === 'unknown') return BOOLEAN;
  const answers = membersOf(type).map(({ kind }) => kind === 'list');
  if (answers.every((answer) => answer)) return TRUE;
  return answers.includes(true) ? BOOLEAN : FALSE;
}

function arrayFrom(call: Call): Type {
  const source = call.argument(0);
  const items = source.kind === 'list' ? itemOf(source) : source.kind === 'string' ? STRING : UNKNOWN;
  return listOf(call.count === 1 ? items : call.callback(1, items, INTEGER));
}
