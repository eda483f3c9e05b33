import { describe, expect, test } from 'vitest';
import { FILTER_NAMES } from '../../../src/program/expression-vocabulary.ts';
import { evaluate, failureOf } from './evaluate.ts';

const input = {
  items: [
    { id: 2, price: 5, at: { day: 3 } },
    { id: 1, price: 20, at: { day: 1 } },
    { id: 2, price: 7, at: { day: 2 } },
  ],
  mixed: ['b', 2, null, 'a', 10, true, { x: 1 }, 1],
  none: undefined,
  o: { a: 1, b: [2] },
};

const CASES: readonly (readonly [text: string, value: unknown])[] = [
  ["'straße' | uppercase", 'STRASSE'],
  ["'ÄB' | lowercase", 'äb'],
  ["'élan vital' | capitalize", 'Élan vital'],
  ["'' | capitalize", ''],
  ["' a ' | trim", 'a'],
  ['5 | uppercase', '5'],
  ["'a,b' | split", ['a', 'b']],
  ["'a b' | split(' ')", ['a', 'b']],
  ["['a', 'b', null] | join", 'a,b,'],
  ["[1, 2] | join('-')", '1-2'],
  ["'a' | join('-')", 'a'],
  ["'abc' | length", 3],
  ['[1, 2] | length', 2],
  ['input.o | length', 2],
  ['input.none | length', 0],
  ['5 | length', undefined],
  ['[1, 2] | first', 1],
  ["'abc' | last", 'c'],
  ['[] | first', undefined],
  ['input.none | first', undefined],
  ['[1, 2, 3] | slice(1)', [2, 3]],
  ["'abc' | slice(0, -1)", 'ab'],
  ['[1, 2] | reverse', [2, 1]],
  ["'a😀' | reverse", '😀a'],
  ['[10, 9, 1] | sort', [1, 9, 10]],
  ['input.mixed | sort', [true, 1, 2, 10, 'a', 'b', { x: 1 }, null]],
  ["input.items | sort('price') | first | json", '{"id":2,"price":5,"at":{"day":3}}'],
  ["(input.items | sort('at.day')).map(x => x.at.day)", [1, 2, 3]],
  ['(input.items | sort(x => -x.price)).map(x => x.price)', [20, 7, 5]],
  ["[1, 1, '1', 2] | unique", [1, '1', 2]],
  ['[{ a: 1 }, { a: 1 }, { a: 2 }] | unique', [{ a: 1 }, { a: 2 }]],
  ["[[1], '[1]'] | unique", [[1], '[1]']],
  ["(input.items | unique('id')).map(x => x.price)", [5, 20]],
  ['-5 | abs', 5],
  ['2.5 | round', 3],
  ['-2.5 | round', -2],
  ['1.005 | round(2)', 1.01],
  ['1234.5678 | round(-2)', 1200],
  ['1e-10 | round(2)', 0],
  ['1.19 | floor(1)', 1.1],
  ['1.11 | ceil(1)', 1.2],
  ["'3.7' | floor", 3],
  ['input.none | round', undefined],
  ['[1, 2.5, null] | sum', 3.5],
  ["input.items | sum('price')", 32],
  ['input.items | sum(x => x.price * x.id)', 44],
  ['[] | sum', 0],
  ['5 | sum', undefined],
  ['[3, 1, 2] | min', 1],
  ["input.items | max('price')", 20],
  ['[] | max', undefined],
  ["'12' | number", 12],
  ["'abc' | number | default(0)", 0],
  ["'' | number", undefined],
  ['5 | string', '5'],
  ['input.o | string', '{"a":1,"b":[2]}'],
  ['null | string', ''],
  ["['false', 'No', ' off ', '0', ''].map(x => x | boolean)", [false, false, false, false, false]],
  ["['true', 'yes', 'x'].map(x => x | boolean)", [true, true, true]],
  ['[0 | boolean, 1 | boolean, null | boolean, [] | boolean]', [false, true, false, true]],
  ['input.o | json', '{"a":1,"b":[2]}'],
  ['{ a: 1 } | json(2)', '{\n  "a": 1\n}'],
  ['input.o | keys', ['a', 'b']],
  ['input.o | values', [1, [2]]],
  ['5 | keys', undefined],
  ["input.none | default('x')", 'x'],
  ["null | default('x')", 'x'],
  ["'' | default('x')", ''],
  ['0 | default(1)', 0],
];

test.each(CASES)('%s is %j', (text, value) => {
  expect(evaluate(text, { input })).toEqual(value);
});

test('every filter of the vocabulary is met by a case', () => {
  expect(FILTER_NAMES.filter((name) => !CASES.some(([text]) => new RegExp(`\\| ${name}\\b`).test(text)))).toEqual([]);
});

test('a filter leaves null and undefined alone', () => {
  for (const name of FILTER_NAMES) {
    for (const nothing of ['null', 'undefined']) {
      const value = evaluate(`${nothing} | ${name}`);
      expect([null, undefined, 0, '', false, 'null'], name).toContain(value);
    }
  }
});

describe('a wrong argument', () => {
  test('fails with what the filter takes', () => {
    expect(failureOf(() => evaluate('input.items | sort(5)', { input }))).toEqual({
      code: 'EXPRESSION',
      message: 'the filter takes the name of a field or a function, not a number',
      retryable: false,
    });
  });

  test('names no inherited field', () => {
    expect(evaluate("input.items | unique('constructor') | length", { input })).toBe(1);
    expect(evaluate("input.items | sum('__proto__.x')", { input })).toBe(0);
  });
});
