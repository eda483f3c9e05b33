import { expect, test } from 'vitest';
import { createRunId } from '../../src/program/run-id.ts';
import { shardName, shardOf } from '../../src/program/shard-of.ts';

test('the ids of runs, which begin alike, are spread evenly over the parts', () => {
  const counts = new Array<number>(16).fill(0);
  for (let index = 0; index < 32_000; index += 1) {
    const shard = shardOf(createRunId(1_700_000_000_000 + index), 16);
    counts[shard] = (counts[shard] ?? 0) + 1;
  }
  // 2,000 each; the standard deviation is 43.
  expect(Math.min(...counts)).toBeGreaterThan(1_750);
  expect(Math.max(...counts)).toBeLessThan(2_250);
});

test('a text is always in the same part, and where there is one part in that', () => {
  expect(shardOf('01m7z5cdz229wsr8855hbdka21', 16)).toBe(shardOf('01m7z5cdz229wsr8855hbdka21', 16));
  expect(shardOf('', 16)).toBeLessThan(16);
  expect(shardOf('anything', 1)).toBe(0);
});

test('the parts of a deployed Worker never move: what is kept there must be found', () => {
  expect(['run-a', 'run-b', 'run-c', 'orders', 'äöü'].map((text) => shardOf(text, 16))).toEqual([7, 14, 9, 1, 7]);
  expect([0, 1, 15].map((shard) => shardName('runs', shard))).toEqual(['runs', 'runs:1', 'runs:15']);
});
