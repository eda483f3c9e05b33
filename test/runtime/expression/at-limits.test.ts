import { describe, expect, test } from 'vitest';
import { beginSteps, MAX_VALUE_DEPTH, work } from '../../../src/runtime/expression/limits.ts';
import { Pattern } from '../../../src/runtime/expression/methods/pattern.ts';
import { toJson } from '../../../src/runtime/expression/to-json.ts';
import { atLimit } from '../../support/at-limit.ts';
import { evaluate, failureOf, render } from './evaluate.ts';

const refused = (run: () => unknown): void => expect(failureOf(run).code).toBe('EXPRESSION_LIMIT');
const listOf = (length: number, item: unknown = 0): readonly unknown[] => Array.from({ length }, () => item);

/** As many lists in one another, the innermost of them empty. */
function nested(levels: number): readonly unknown[] {
  let list: readonly unknown[] = [];
  for (let level = 1; level < levels; level++) list = [list];
  return list;
}

const mapped = (operations: number): unknown =>
  evaluate('input.many.map(x => x * 2).length + input.few.map(x => x * 2).length', {
    input: { many: listOf(operations - 2), few: [1, 2] },
  });
atLimit('src/runtime/expression/limits.ts MAX_STEPS', {
  within: (steps) => expect(mapped(steps)).toBe(steps),
  beyond: (steps) => refused(() => mapped(steps)),
});

const worked = (units: number): void => {
  beginSteps();
  work(units - 1);
  work(1);
};
atLimit('src/runtime/expression/limits.ts MAX_WORK', {
  within: worked,
  beyond: (units) => refused(() => worked(units)),
});

const repeated = (length: number): unknown => evaluate(`'x'.repeat(${length}).length`);
atLimit('src/runtime/expression/limits.ts MAX_STRING', {
  within: (length) => expect(repeated(length)).toBe(length),
  beyond: (length) => refused(() => repeated(length)),
});

const made = (length: number): unknown => evaluate(`Array.from({ length: ${length} }).length`);
atLimit('src/runtime/expression/limits.ts MAX_LIST', {
  within: (length) => expect(made(length)).toBe(length),
  beyond: (length) => refused(() => made(length)),
});

describe.each<[string, (levels: number) => unknown]>([
  ['a list around the input', (levels) => render('${[input.v]}', { input: { v: nested(levels - 1) } })],
  ['JSON.stringify', (levels) => evaluate('JSON.stringify(input.v)', { input: { v: nested(levels) } })],
  ['JSON.parse of lists', (levels) => evaluate('JSON.parse("[".repeat(input.n) + "]".repeat(input.n))', { input: { n: levels } })],
  [
    'JSON.parse of objects',
    (levels) => evaluate('JSON.parse(input.t)', { input: { t: `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}` } }),
  ],
  ['a list as a text', (levels) => evaluate('input.v + ""', { input: { v: nested(levels) } })],
  ['a list in a text', (levels) => render('<${input.v}>', { input: { v: nested(levels) } })],
  ['join', (levels) => evaluate('input.v.join()', { input: { v: nested(levels) } })],
  ['flat', (levels) => evaluate('input.v.flat(Infinity)', { input: { v: nested(levels) } })],
])('of %s', (_place, evaluateWith) => {
  atLimit('src/runtime/expression/limits.ts MAX_VALUE_DEPTH', {
    within: evaluateWith,
    beyond: (levels) => refused(() => evaluateWith(levels)),
  });
});

test('a date is no level of a value', () => {
  let value: unknown = new Date(0);
  for (let level = 0; level < MAX_VALUE_DEPTH; level++) value = [value];
  expect(JSON.stringify(toJson(value))).toContain('1970-01-01T00:00:00.000Z');
});

// The list itself is one of the values.
describe.each([
  ['numbers', 1],
  ['texts', 'x'],
  ['nothing', undefined],
  ['empty lists', []],
  ['empty objects', {}],
])('of %s', (_kind, item) => {
  atLimit('src/runtime/expression/to-json.ts MAX_ITEMS', {
    within: (count) => expect(toJson(listOf(count - 1, item))).toHaveLength(count - 1),
    beyond: (count) => refused(() => toJson(listOf(count - 1, item))),
  });
});

// Two for the list's brackets, two for the text's quotes.
atLimit('src/runtime/expression/to-json.ts MAX_CHARACTERS', {
  within: (length) => expect(toJson(['x'.repeat(length - 4)])).toHaveLength(1),
  beyond: (length) => refused(() => toJson(['x'.repeat(length - 4)])),
});

const matched = (weight: number): unknown => {
  beginSteps();
  return new Pattern({ type: 'regex', pattern: 'x', flags: '', degree: 1, weight }).on('x');
};
atLimit('src/runtime/expression/methods/pattern.ts MAX_MATCH', {
  within: (units) => expect(matched(units)).toBeInstanceOf(RegExp),
  beyond: (units) => refused(() => matched(units)),
});
