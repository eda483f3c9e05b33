import { expect, test } from 'vitest';
import { judgeRegex } from '../../../src/language/expression/regex-safety.ts';
import { ownTime } from '../../support/own-time.ts';

const judge = (regex: RegExp) => judgeRegex(regex.source, regex.flags);

test.each([
  [/\s+/g, 1],
  [/[^a-z0-9]+/gi, 1],
  [/^[\w.+-]+@[\w-]+\.[\w.]+$/, 1],
  [/^\d{4}-\d{2}-\d{2}$/, 1],
  [/https?:\/\/[^\s]+/, 1],
  [/(x|y|zz)+/, 1],
  [/^(?<year>\d{4})-(?<month>\d\d)/, 1],
  [/\p{L}+/u, 1],
  [/\S+\s+\S+/, 2],
  [/(\w+)\s+(\w+)/, 2],
  [/^\s+|\s+$/g, 2],
  [/(?:\d{3},)*\d/, 2],
  [/(\.\d+)?$/, 2],
  [/<[^>]+>/g, 2],
  [/\s*,\s*/, 2],
  [/^.*,.*$/, 2],
  [/(.*),(.*)/, 2],
  [/(.*),(.*)$/, 3],
  [/^.*\b.*x$/, 2],
  [/^(?!\s*$)[\s\S]+/, 1],
  [/^(?=.*[A-Z])(?=.*\d).{8,}$/, 1],
  [/(?!\s*$)./, 2],
  [/^(?=.*a.*b).*$/, 2],
  [/^x(?<=a.*b.*)y/, 2],
])('%s takes at most about n^%i steps', (regex, degree) => {
  expect(judge(regex)).toMatchObject({ degree });
});

test.each([
  /(a+)+$/,
  /(a*)*/,
  /(a|a)*$/,
  /(a|ab)*$/,
  /(?:a?)+b/,
  /(\d+|[a-z]+)*x/,
  /(.*a){20}/,
  /(a{1,5}){1,5}/,
  /([a-z]|\w)*!/,
  /(.|\s)*x/,
  /((a{2,3}))*/,
  /.*.*.*x/,
  /.*.*(?=.*a)$/,
  /a*a*a*b/,
  /(?:a{1000}){1000}/,
  /(a)\1/,
  /(?<n>a)\k<n>/,
  /a?a?a?a?a?a?a?aaaaaaa/,
  /(?:(?:(?:a|b)|(?:b|c)))*d/,
  /(?=(a+)+)x/,
  /\w*\w*\w*\w*@/,
])('%s is refused', (regex) => {
  expect(judge(regex)).toHaveProperty('problem');
});

test('flags that are unknown and patterns that are too long are refused', () => {
  expect(judgeRegex('a', 'v')).toHaveProperty('problem');
  expect(judgeRegex('a'.repeat(1_001), '')).toHaveProperty('problem');
  expect(judgeRegex(`${'('.repeat(60)}a${')'.repeat(60)}`, '')).toHaveProperty('problem');
});

test('what is judged to be linear is linear on the texts that make others slow', () => {
  for (const regex of [/\s+/g, /^[\w.+-]+@[\w-]+\.[\w.]+$/, /(x|y|zz)+/, /[^a-z0-9]+/gi]) {
    for (const text of [' '.repeat(500_000), 'a'.repeat(500_000), '@'.repeat(500_000), `${'z'.repeat(500_001)}`]) {
      regex.lastIndex = 0;
      const { ms } = ownTime(() => regex.test(text));
      expect(ms, String(regex)).toBeLessThan(1_000);
    }
  }
});
