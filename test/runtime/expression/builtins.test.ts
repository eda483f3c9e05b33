import { describe, expect, test } from 'vitest';
import { BUILTIN_NAMES, CONSTANTS, MATH_FUNCTIONS } from '../../../src/program/expression-vocabulary.ts';
import { evaluate, failureOf } from './evaluate.ts';

/** Evaluated by JavaScript too. */
const CASES = [
  'JSON.parse(\'{"a": [1, null]}\')',
  'JSON.stringify({ a: [1, undefined, NaN], b: undefined })',
  'JSON.stringify({ a: 1, b: { a: 2, c: 3 } }, ["a", "b"], 2)',
  'JSON.stringify([1], null, "--")',
  'JSON.stringify("a\\n")',
  'JSON.stringify(undefined)',
  'new Date("2024-01-02").getTime()',
  'new Date(new Date(5)).getTime()',
  'new Date("nonsense").getTime()',
  'new Date(null).getTime()',
  'new Date(undefined).getTime()',
  'new Date(2020, 0, 31, 12, 30, 15, 5).getTime()',
  'Date.parse("2024-01-02T03:04:05Z")',
  '[Date.UTC(2024), Date.UTC(2024, 1, 2, 3)]',
  'Object.keys({ b: 1, a: 2 })',
  'Object.keys("ab")',
  'Object.values({ b: 1, a: 2 })',
  'Object.entries([5, 6])',
  'Object.fromEntries([["a", 1], ["b", 2], ["a", 3]])',
  '[Array.isArray([]), Array.isArray({ length: 1 }), Array.isArray("a")]',
  'Array.from("a😀")',
  'Array.from([1, 2], (x, i) => x * i)',
  'Array.from({ length: 2, 0: "a" })',
  'Array.of(1, 2)',
  '[Number("12"), Number(""), Number("x"), Number(null), Number([5]), Number({}), Number(true), Number(), Number("0x1f")]',
  '[String(1), String(null), String(undefined), String([1, [2]]), String({}), String(true), String(), String(-0)]',
  '[Boolean(""), Boolean("0"), Boolean([]), Boolean(NaN)]',
  '[parseInt("12px"), parseInt("ff", 16), parseInt("0x1f"), parseInt(null), parseInt("101", 2)]',
  '[parseFloat("1.5e3x"), parseFloat("."), parseFloat([2.5, 3])]',
  '[isNaN("x"), isNaN("1"), isFinite("1"), isFinite(Infinity), isNaN(undefined)]',
  '[Number.isInteger(5), Number.isInteger("5"), Number.isSafeInteger(2 ** 53), Number.isFinite("1"), Number.isNaN("x")]',
  '[Number.parseInt("7"), Number.parseFloat("7.5")]',
  'String.fromCharCode(72, 105)',
  'encodeURIComponent("a b&ü/") + encodeURI("a b&ü/")',
  'decodeURIComponent("a%20b%C3%BC") + decodeURI("%2F%20")',
  ...MATH_FUNCTIONS.filter((name) => name !== 'random').map(
    (name) => `[Math.${name}(0.5), Math.${name}("2"), Math.${name}(-1.5, 3), Math.${name}(), Math.${name}(null)]`,
  ),
  'Math.max(1, 5, 3) + Math.min(4, 2) + Math.hypot(3, 4, 12)',
  'Math.hypot(1, 31)',
  ...[...CONSTANTS.keys()],
];

test.each(CASES)('%s is as in JavaScript', (text) => {
  const native = new Function(`'use strict'; return (${text});`)();
  expect(evaluate(text)).toEqual(native);
});

test('every builtin of the vocabulary is met by a case', () => {
  const elsewhere = ['Date.now', 'Math.random', 'crypto.randomUUID'];
  expect(BUILTIN_NAMES.filter((name) => !elsewhere.includes(name) && !CASES.some((text) => text.includes(`${name}(`)))).toEqual([]);
});

describe('what comes from outside', () => {
  test('comes from the scope', () => {
    const at = Date.UTC(2024, 0, 2, 3, 4, 5);
    expect(evaluate('[Date.now(), new Date().getTime(), Math.random(), crypto.randomUUID()]')).toEqual([
      at,
      at,
      0.25,
      '00000000-0000-4000-8000-000000000000',
    ]);
    expect(evaluate('[1].map(Math.random)')).toEqual([0.25]);
  });
});

describe('builtins as functions', () => {
  test.each([
    '["1", "2", "x"].map(Number)',
    '["10", "10", "10"].map(parseInt)',
    '[0, 1, "", "a"].filter(Boolean)',
    '[1.5, -2.5].map(Math.round)',
    '[[1], 2].map(Array.isArray)',
    '[{ a: 1 }, [2]].map(JSON.stringify)',
    '["1", "[2]"].map(JSON.parse)',
    '[{ a: 1 }].flatMap(Object.keys)',
  ])('%s is as in JavaScript', (text) => {
    expect(evaluate(text)).toEqual(new Function(`return (${text});`)());
  });
});

test.each([
  'JSON.parse("{")',
  'JSON.parse(undefined)',
  'Object.keys(null)',
  'Object.values(undefined)',
  'Object.fromEntries({})',
  'Object.fromEntries([1])',
  'Array.from(null)',
  'Array.from([1], 5)',
  'decodeURIComponent("%")',
  'encodeURIComponent("\\ud800")',
])('%s fails, and does not crash', (text) => {
  expect(failureOf(() => evaluate(text)).code).toBe('EXPRESSION');
});

test('a failure of JSON.parse does not quote the data', () => {
  expect(failureOf(() => evaluate('JSON.parse("secret-token")')).message).not.toContain('secret');
});
