import { expect, test } from 'vitest';
import { OBJECT_LIMIT, simulate } from '../scripts/simulate-scale.ts';

const traffic = { runs: 1_000_000, seconds: 300, waiting: 10, seed: 1 };

test('a million runs within five minutes ask no object of the index for more than it takes, and no two have one id', () => {
  const { peaks, doubled } = simulate({ ...traffic, shards: 16 });
  expect(peaks).toHaveLength(16);
  expect(peaks[0]?.requests).toBeLessThan(OBJECT_LIMIT);
  expect(doubled).toBe(0);
});

test('one object alone would be asked for several times what it takes', () => {
  const [only] = simulate({ ...traffic, runs: 100_000, seconds: 30, shards: 1 }).peaks;
  expect(only?.requests).toBeGreaterThan(3 * OBJECT_LIMIT);
});
