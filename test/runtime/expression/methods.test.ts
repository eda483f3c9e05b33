import { describe, expect, test } from 'vitest';
import {
  BOOLEAN_METHODS as BOOLEAN_NAMES,
  DATE_METHODS as DATE_NAMES,
  LIST_METHODS as LIST_NAMES,
  NUMBER_METHODS as NUMBER_NAMES,
  STRING_METHODS as STRING_NAMES,
} from '../../../src/program/expression-vocabulary.ts';
import { evaluate, failureOf } from './evaluate.ts';

/** Every case is evaluated by JavaScript too: the text is the specification. */
const CASES = [
  // strings
  "'abc'.at(-1)",
  "'abc'.charAt(1)",
  "'abc'.charCodeAt(1)",
  "'😀'.codePointAt(0)",
  "'a'.concat('b', 1, null, [2, 3])",
  "'abcdef'.slice(1, -2)",
  "'abcdef'.substring(4, 1)",
  "'abcdef'.substring(2)",
  "'abcdef'.substr(-3, 2)",
  "'a,b,c'.split(',', 2)",
  "'a1b2'.split(/(\\d)/)",
  "''.split('')",
  "'abc'.split()",
  "'ab'.repeat(2)",
  "'5'.padStart(3, '0') + '5'.padEnd(3)",
  "['abc'.includes('b'), 'abc'.includes('b', 2), 'null'.includes(null)]",
  "['abc'.startsWith('b', 1), 'abc'.endsWith('b', 2)]",
  "['abca'.indexOf('a', 1), 'abca'.lastIndexOf('a'), 'abca'.lastIndexOf('a', 2)]",
  "['a'.localeCompare('b'), 'ä'.localeCompare('z', 'de')]",
  "'a1'.search(/\\d/)",
  "'a1b2'.match(/\\d/g)",
  "'a1b2'.match(/[xy]/g)",
  "[...'2024-05'.match(/(\\d+)-(\\d+)/)]",
  "'2024-05'.match(/(?<year>\\d+)/).groups.year",
  "'x2024'.match(/\\d/).index",
  "[...'a1b2'.matchAll(/[a-z](\\d)/g)].map(m => m[1])",
  "'a.b.c'.replace('.', '-')",
  "'a.b.c'.replaceAll('.', '$&$&')",
  "'abc'.replaceAll('', '-')",
  "''.replaceAll('', '-')",
  "'john smith'.replace(/(?<f>\\w+) (?<l>\\w+)/, '$<l>, $<f> $1 $9 $$ $& $` $\\'')",
  "'abc'.replace(/b/, m => m.toUpperCase() + '$&')",
  "'abc'.replace(/(?<x>b)/, (m, a, at, all, groups) => a + at + all + groups.x)",
  "'aXbX'.replace(/x/gi, (m, at) => at)",
  "'äbc'.toUpperCase() + 'ÄBC'.toLowerCase() + 'I'.toLocaleLowerCase('tr') + 'i'.toLocaleUpperCase('en')",
  "[' a '.trim(), ' a '.trimStart(), ' a '.trimEnd()]",
  "'e\\u0301'.normalize() + 'é'.normalize('NFD').length",
  "['a'.isWellFormed(), '\\ud800'.isWellFormed(), '\\ud800'.toWellFormed()]",
  "'a'.toString() + 'b'.valueOf()",
  // lists
  '[1, 2, 3].at(-1)',
  '[1].concat(2, [3], [[4]])',
  '[1, 2, 3, 4].slice(1, -1)',
  '[1, [2, [3, [4]]]].flat()',
  '[1, [2, [3, [4]]]].flat(Infinity)',
  "[[1, null, undefined, 'a', [2, [3]], {}].join('-'), [].join(), [null].join()]",
  '[3, 1, 2].reverse()',
  '[3, 1, 2].toReversed()',
  '[1, 2, 3, 4].toSpliced(1, 2, 9, 8)',
  '[[1, 2, 3].toSpliced(1), [1, 2, 3].toSpliced(), [1, 2, 3].toSpliced(undefined)]',
  '[1, 2, 3].with(-1, 9)',
  '[...[5, 6].keys()]',
  '[...[5, 6].values()]',
  '[...[5, 6].entries()]',
  '[[NaN].includes(NaN), [1, 2].includes(1, 1), [NaN].indexOf(NaN)]',
  '[[1, 2, 1].indexOf(1, 1), [1, 2, 1].lastIndexOf(1), [1, 2, 1].lastIndexOf(1, 1), [1].lastIndexOf(1, -1)]',
  '[[1, 2].every(x => x > 0), [].every(x => false), [1, 2].some(x => x > 1), [].some(x => true)]',
  '[1, 2, 3, 4].filter((x, i, all) => x > 1 && i < all.length - 1)',
  '[[1, 2, 3].find(x => x > 1), [1, 2, 3].findLast(x => x < 3), [1].find(x => false)]',
  '[[1, 2, 3].findIndex(x => x > 1), [1, 2, 3].findLastIndex(x => x < 3), [1].findIndex(x => false)]',
  '[1, 2].map((x, i) => [x, i])',
  '[1, 2].flatMap(x => [x, [x]])',
  '[1, 2, 3].reduce((sum, x, i) => sum + x * i)',
  "[1, 2, 3].reduceRight((text, x) => text + x, '')",
  '[[10, 9, 1].sort(), [3, undefined, 1].sort((a, b) => a - b), [true, false].sort()]',
  "['b', 'a', 'C'].toSorted((a, b) => a.localeCompare(b))",
  '[[1, 2], [1]].toString()',
  // numbers, booleans, dates
  '[(1.005).toFixed(1), (1234.5678).toFixed(2), (0).toFixed()]',
  '[(1234.5).toPrecision(2), (5).toPrecision(), (1234.5).toExponential(1)]',
  '[(255).toString(16), (255).toString(), (5).valueOf()]',
  "[(1234567.891).toLocaleString('en-US'), (0.5).toLocaleString('en-US', { style: 'percent' })]",
  '[true.toString(), false.valueOf()]',
  "new Date('2024-02-03T04:05:06.007Z').getTime()",
  "new Date('2024-02-03T04:05:06.007Z').toISOString()",
  "new Date('2024-02-03T04:05:06.007Z').toJSON()",
  'new Date(NaN).toJSON()',
  "new Date('2024-02-03').valueOf()",
  ...['FullYear', 'Month', 'Date', 'Day', 'Hours', 'Minutes', 'Seconds', 'Milliseconds'].flatMap((part) => [
    `new Date(1706933106007).get${part}()`,
    `new Date(1706933106007).getUTC${part}()`,
  ]),
  'new Date(1706933106007).getTimezoneOffset()',
  'new Date(2024, 1, 3, 4, 5).getTime()',
  // regular expressions
  "[/^a/i.test('Abc'), /^a/.test('b'), /a/g.test('a'), /undefined/.test(undefined)]",
  "[.../(a)(b)?/.exec('a')]",
  "/(a)(b)?/.exec('a')?.[1]",
];

test.each(CASES)('%s is as in JavaScript', (text) => {
  const native = new Function(`'use strict'; return (${text});`)();
  const value = evaluate(text);
  expect(value).toEqual(native);
});

test('every method of the vocabulary is met by a case', () => {
  const names = new Set([...STRING_NAMES, ...LIST_NAMES, ...NUMBER_NAMES, ...BOOLEAN_NAMES, ...DATE_NAMES]);
  const missing = [...names].filter((name) => !CASES.some((text) => text.includes(`.${name}(`)));
  // A date's text is ours: ISO 8601.
  expect(missing).toEqual([]);
});

describe('where we differ from JavaScript', () => {
  test('lists are not changed by sort and reverse', () => {
    expect(evaluate('[input.list.sort(), input.list.reverse(), input.list]', { input: { list: [2, 1, 3] } })).toEqual([
      [1, 2, 3],
      [3, 1, 2],
      [2, 1, 3],
    ]);
  });

  test('a date is ISO 8601 wherever it becomes text', () => {
    const iso = '1970-01-01T00:00:00.000Z';
    expect(evaluate("[new Date(0).toString(), String(new Date(0)), `${new Date(0)}`, '' + new Date(0), [new Date(0)].join()]")).toEqual(
      Array(5).fill(iso),
    );
    expect(evaluate('[new Date(5) - new Date(2), new Date(5) > new Date(2), +new Date(7)]')).toEqual([3, true, 7]);
  });

  test('text is no regular expression', () => {
    for (const text of ["'a'.match('a')", "'a'.matchAll('a')", "'a'.search('a')", "'a'.match()"]) {
      expect(failureOf(() => evaluate(text)).message).toContain('takes a regular expression');
    }
  });
});

describe('a method that cannot be called', () => {
  test.each([
    ['state.user.name.trim()', 'state.user is undefined: cannot call .trim() of state.user.name'],
    ['state.none.trim()', 'state.none is undefined: cannot call .trim()'],
    ['state["no ne"].trim()', 'state.no ne is undefined: cannot call .trim()'],
    ['state.rows[0].name.trim()', 'state.rows[0] is undefined: cannot call .trim() of state.rows[0].name'],
    ['state.nil.trim()', 'state.nil is null: cannot call .trim()'],
    ['fetch.output.trim()', 'fetch.output is undefined: cannot call .trim()'],
    ['[1].map(x => x.name.trim())', 'x.name is undefined: cannot call .trim()'],
    ['state.a.b.c.map(x => x)', 'state.a is undefined: cannot call .map() of state.a.b.c'],
    ['state.rows.trim()', 'state.rows is a list, which has no method .trim()'],
    ['state.trim()', 'state is an object, which has no method .trim()'],
    ['(5).trim()', 'the value is a number, which has no method .trim()'],
    ['"x".map(x => x)', 'the value is a string, which has no method .map()'],
    ['state.rows.at(0).trim()', 'state.rows.at(…) is undefined: cannot call .trim()'],
  ])('%s tells: %s', (text, message) => {
    const roots = { state: { rows: [], nil: null }, agents: new Map([['fetch', { output: undefined }]]) };
    expect(failureOf(() => evaluate(text, roots))).toMatchObject({ code: 'EXPRESSION', message });
  });

  test('after ?. gives undefined', () => {
    const roots = { state: { s: ' a ' } };
    expect(evaluate('state.none?.trim()', roots)).toBe(undefined);
    expect(evaluate('state.none?.trim().length.x', roots)).toBe(undefined);
    expect(evaluate('state.none?.a.b.trim()', roots)).toBe(undefined);
    expect(evaluate('state?.s.trim()', roots)).toBe('a');
    expect(evaluate('state.s.map?.(x => x)', roots)).toBe(undefined);
    expect(failureOf(() => evaluate('state?.none.trim()', roots)).message).toBe('state.none is undefined: cannot call .trim()');
    expect(failureOf(() => evaluate('(state.none?.a).trim()', roots)).code).toBe('EXPRESSION');
  });

  test('evaluates none of its arguments', () => {
    expect(evaluate('state.none?.concat("x".repeat(-1))')).toBe(undefined);
  });
});

test.each([
  '(5).toFixed(101)',
  '(5).toString(1)',
  '"a".repeat(-1)',
  '"a".normalize("x")',
  '"a".replaceAll(/a/, "")',
  '"a".matchAll(/a/)',
  'new Date(NaN).toISOString()',
  '[1].with(5, 1)',
  '[].reduce((a, b) => a)',
  '[1].map(1)',
  '[1].map()',
  '[1].filter(input)',
  '[1].sort(1)',
  '[...1]',
  '[...input]',
  '"a" in "abc"',
  '[1].map(([a]) => a)',
  '"a".localeCompare("b", "not a locale!")',
])('%s fails, and does not crash', (text) => {
  expect(failureOf(() => evaluate(text)).code).toBe('EXPRESSION');
});
