import { describe, expect, test } from 'vitest';
import { judgeRegex } from '../../../src/language/expression/regex-safety.ts';
import { problemsOf } from '../../runtime/expression/evaluate.ts';

const quoted = (length: number): string => `"${'x'.repeat(length - 2)}"`;

describe('the text of an expression', () => {
  test.each([
    ['js', quoted(100_000), quoted(100_001)],
    ['jexl', quoted(20_000), quoted(20_001)],
    // A node for the list, one for each item.
    ['js', `[${'1,'.repeat(1_998)}1]`, `[${'1,'.repeat(1_999)}1]`],
  ] as const)('in %s is taken up to its limit and refused beyond it', (dialect, below, above) => {
    expect(problemsOf(below, [], dialect)).not.toContain('expression-too-large');
    expect(problemsOf(above, [], dialect)).toContain('expression-too-large');
  });
});

test.each([
  ['characters', 'a'.repeat(1_000), 'a'.repeat(1_001)],
  ['repeats', 'a{1000}', 'a{1001}'],
])('a pattern is taken up to its limit of %s and refused beyond it', (_, below, above) => {
  expect(judgeRegex(below, '')).not.toHaveProperty('problem');
  expect(judgeRegex(above, '')).toHaveProperty('problem');
});
