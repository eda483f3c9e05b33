import { expect, test } from 'vitest';
import { parseJsonBody } from '../../../src/worker/http/parse-json-body.ts';

const lists = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);

test('a body of a thousand levels is taken', () => {
  expect(parseJsonBody(lists(1_000))).toEqual([expect.any(Array)]);
});

test.each([
  ['a level more', lists(1_001), 'nested deeper than 1000 levels'],
  ['brackets without end', '['.repeat(2_000_000), 'nested deeper than 1000 levels'],
  ['no JSON', '{"a":secret}', 'not valid JSON'],
  ['a key that comes twice', '{"a":1,"a":2}', 'twice'],
])('one of %s is refused', (_what, text, about) => {
  expect(() => parseJsonBody(text)).toThrow(about);
  expect(() => parseJsonBody(text)).not.toThrow('secret');
});
