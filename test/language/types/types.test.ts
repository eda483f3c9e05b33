import { describe, expect, test } from 'vitest';
import { isAssignable } from '../../../src/language/types/assignable.ts';
import { asJson, typeOfJson } from '../../../src/language/types/json-type.ts';
import { absenceOf, propertyOf } from '../../../src/language/types/property-type.ts';
import { renderType } from '../../../src/language/types/render-type.ts';
import { typeOfSchema } from '../../../src/language/types/schema-type.ts';
import { falsyPart, truthOf, truthyPart } from '../../../src/language/types/truth.ts';
import {
  BOOLEAN,
  DATE,
  INEXACT,
  INTEGER,
  listOf,
  maybe,
  NEVER,
  NULL,
  NUMBER,
  OBJECT,
  recordOf,
  STRING,
  shapeOf,
  type Type,
  UNDEFINED,
  UNKNOWN,
} from '../../../src/language/types/type.ts';
import { unionOf, widen } from '../../../src/language/types/union.ts';

const of = (value: string | number | boolean): Type => typeOfJson(value);

describe('a union', () => {
  test.each<[Type[], string]>([
    [[STRING, of('a')], 'string'],
    [[of('a'), of('b'), of('a')], '"a" | "b"'],
    [[of(true), of(false)], 'boolean'],
    [[NUMBER, of(3), INTEGER], 'number'],
    [[INTEGER, of(3)], 'integer'],
    [[STRING, UNKNOWN], 'any'],
    [[], 'never'],
    [[NEVER, STRING], 'string'],
    [[listOf(STRING), listOf(STRING)], 'list of string'],
    [[listOf(UNKNOWN), listOf(STRING)], 'list'],
    [[OBJECT, shapeOf({ a: STRING })], 'object'],
    [[unionOf([STRING, NULL]), unionOf([NULL, UNDEFINED])], 'string | null | undefined'],
  ])('of %j is %s', (types, expected) => {
    expect(renderType(unionOf(types))).toBe(expected);
  });

  test('of more values than anyone reads forgets them', () => {
    expect(unionOf(Array.from({ length: 50 }, (_, index) => of(`v${index}`)))).toEqual(STRING);
    const shapes = Array.from({ length: 50 }, (_, index) => shapeOf({ [`k${index}`]: STRING }));
    expect(unionOf(shapes)).toBe(UNKNOWN);
  });
});

describe('what is shown of a type', () => {
  test.each<[Type, string]>([
    [
      shapeOf({ id: STRING, rows: listOf(NUMBER), 'full name': maybe(BOOLEAN) }),
      '{ id: string, rows: list of number, "full name"?: boolean }',
    ],
    [listOf(unionOf([STRING, NUMBER])), 'list of (string | number)'],
    [recordOf(STRING), 'object of string'],
    [shapeOf({}), '{}'],
    [typeOfSchema({ type: 'object', properties: { a: { type: 'string' } }, additionalProperties: true }), '{ a?: string, … }'],
    [DATE, 'date'],
    [INEXACT, 'number'],
  ])('of %j is %s', (type, expected) => {
    expect(renderType(type)).toBe(expected);
  });

  test('is short, however much it holds', () => {
    let type: Type = STRING;
    for (let depth = 0; depth < 30; depth++)
      type = shapeOf(Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`key${index}`, type])));
    expect(renderType(type).length).toBeLessThan(130);
    const words = unionOf(Array.from({ length: 20 }, (_, index) => of(`a rather long word ${index}`)));
    expect(renderType(words)).toMatch(/ \| …$/);
  });
});

describe('a type fits where another is asked for', () => {
  const user = shapeOf({ id: STRING, age: maybe(NUMBER) });
  const person = typeOfSchema({ type: 'object', properties: { id: { type: 'string' }, age: { type: 'number' } }, required: ['id'] });
  test.each<[Type, Type, 'yes' | 'no' | 'maybe']>([
    [STRING, STRING, 'yes'],
    [STRING, NUMBER, 'no'],
    [STRING, unionOf([NUMBER, STRING]), 'yes'],
    [unionOf([NUMBER, STRING]), STRING, 'maybe'],
    [unionOf([NUMBER, NULL]), STRING, 'no'],
    [UNKNOWN, STRING, 'maybe'],
    [STRING, UNKNOWN, 'yes'],
    [of('a'), STRING, 'yes'],
    [STRING, of('a'), 'maybe'],
    [of('b'), of('a'), 'no'],
    [NUMBER, INTEGER, 'maybe'],
    [of(1.5), INTEGER, 'no'],
    [of(2), INTEGER, 'yes'],
    [INEXACT, NUMBER, 'maybe'],
    // An empty list is one of any items.
    [listOf(STRING), listOf(NUMBER), 'maybe'],
    [typeOfJson(['a']), listOf(NUMBER), 'no'],
    [typeOfJson([]), listOf(NUMBER), 'yes'],
    [user, person, 'yes'],
    [shapeOf({ age: NUMBER }), person, 'no'],
    [shapeOf({ id: maybe(STRING) }), person, 'maybe'],
    [shapeOf({ id: NUMBER }), person, 'no'],
    [shapeOf({ id: STRING, age: maybe(STRING) }), person, 'maybe'],
    [OBJECT, person, 'maybe'],
    [shapeOf({ id: STRING, more: NUMBER }), person, 'yes'],
    [shapeOf({ id: STRING, more: NUMBER }), user, 'no'],
    [NEVER, STRING, 'maybe'],
  ])('%j for %j: %s', (from, to, verdict) => {
    expect(isAssignable(from, to)).toBe(verdict);
  });
});

describe('a property', () => {
  const declared = typeOfSchema({ type: 'object', properties: { a: { type: 'string' } }, required: ['a'] });
  test.each<[Type, string, string, 'impossible' | 'undeclared' | undefined]>([
    [shapeOf({ a: STRING }), 'a', 'string', undefined],
    [shapeOf({ a: STRING }), 'b', 'any', 'impossible'],
    [declared, 'a', 'string', undefined],
    [declared, 'b', 'any', 'undeclared'],
    [recordOf(NUMBER), 'b', 'number | undefined', undefined],
    [STRING, 'length', 'integer', undefined],
    [STRING, 'size', 'any', 'impossible'],
    [listOf(STRING), '0', 'string | undefined', undefined],
    [listOf(STRING), 'name', 'any', 'impossible'],
    [NUMBER, 'length', 'any', 'impossible'],
    [UNDEFINED, 'a', 'undefined', undefined],
    [unionOf([UNDEFINED, shapeOf({ a: STRING })]), 'a', 'undefined | string', undefined],
    [unionOf([UNDEFINED, shapeOf({ a: STRING })]), 'b', 'any', 'impossible'],
    [unionOf([NUMBER, shapeOf({ a: STRING })]), 'a', 'any', undefined],
    [UNKNOWN, 'a', 'any', undefined],
  ])('of %j: %s is %s', (type, key, expected, absence) => {
    expect(renderType(propertyOf(type, key))).toBe(expected);
    expect(absenceOf(type, key)).toBe(absence);
  });
});

describe('the truth of a type', () => {
  test.each<[Type, boolean | undefined]>([
    [OBJECT, true],
    [listOf(STRING), true],
    [DATE, true],
    [NULL, false],
    [unionOf([NULL, UNDEFINED]), false],
    [unionOf([OBJECT, UNDEFINED]), undefined],
    [of(0), false],
    [of(''), false],
    [of('no'), true],
    [STRING, undefined],
    [UNKNOWN, undefined],
    [NEVER, undefined],
  ])('%j: %s', (type, truth) => {
    expect(truthOf(type)).toBe(truth);
  });

  test('leaves of a type what is truthy, or falsy', () => {
    const type = unionOf([STRING, NULL, BOOLEAN, OBJECT]);
    expect(renderType(truthyPart(type))).toBe('string | true | object');
    expect(renderType(falsyPart(type))).toBe('"" | null | false');
  });
});

test('a value that leaves an expression is data', () => {
  const type = shapeOf({ at: DATE, n: INEXACT, gone: unionOf([STRING, UNDEFINED]), list: listOf(unionOf([DATE, UNDEFINED])) });
  expect(renderType(asJson(type))).toBe('{ at: string | null, n: number | null, gone?: string, list: list of (string | null) }');
  const data = shapeOf({ a: STRING, list: listOf(NUMBER) });
  expect(asJson(data)).toBe(data);
});

test('the settings of an author are no promises', () => {
  expect(renderType(widen(typeOfJson({ mode: 'fast', sizes: [1, 2], on: true })))).toBe(
    '{ mode: string, sizes: list of number, on: boolean }',
  );
});

test('a schema that refers to itself has a type, however often it does', () => {
  const properties = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`p${index}`, { $ref: '#/$defs/node' }]));
  const type = typeOfSchema({ $ref: '#/$defs/node', $defs: { node: { type: 'object', properties } } });
  expect(renderType(propertyOf(propertyOf(type, 'p0'), 'p1'))).toMatch(/^\{ p0\?: /);
});
