import { expect, test } from 'vitest';
import { findExpressions } from '../../../src/language/expression/scan.ts';
import { problemsOf } from '../../runtime/expression/evaluate.ts';

test('the longest hyphenated name wins, on either side of a hyphen', () => {
  for (const dialect of ['js', 'jexl'] as const) {
    expect(problemsOf('a-b.x', ['a-b', 'a'], dialect)).toEqual([]);
    expect(problemsOf('a-b-c.x', ['a-b-c', 'a-b'], dialect)).toEqual([]);
    expect(problemsOf('a-b - c.x', ['a-b', 'c'], dialect)).toEqual([]);
    expect(problemsOf('a-b-c', ['a-b'], dialect)).not.toEqual([]);
  }
  expect(problemsOf('a-.x', ['a-'])).toEqual([]);
});

test('an expression of names that are hyphens for the most part is refused for its size', () => {
  const name = `a${'-a'.repeat(1_500)}`;
  expect(problemsOf(`${'a-a-'.repeat(20_000)}b`, [name])).toEqual(['expression-too-large']);
  expect(problemsOf(`${'a-a-'.repeat(4_800)}b`, [name], 'jexl')).toEqual(['expression-too-large']);
});

test('slashes that open classes which never close are gone over once', () => {
  // By the square of their number they would take hours.
  expect(findExpressions(`\${${'/['.repeat(400_000)}`)).toHaveLength(1);
  expect(findExpressions('${[/[/}]/, 1]}')).toEqual([{ dialect: 'js', start: 0, end: 14 }]);
});
