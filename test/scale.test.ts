import { expect, test } from 'vitest';
import { OBJECT_LIMIT, simulate, TRAFFICS } from '../bench/simulate-scale.ts';

test('a million runs within five minutes ask no object of the index for more than it takes, and no two have one id', () => {
  const traffic = TRAFFICS.find(({ seconds, shards }) => seconds === 300 && shards === 16);
  const { peaks, doubled } = simulate(traffic ?? expect.fail('there is no such traffic'));
  expect(peaks).toHaveLength(16);
  expect(peaks[0]?.requests).toBeLessThan(OBJECT_LIMIT);
  expect(doubled).toBe(0);
});

test('one object alone would be asked for several times what it takes', () => {
  const [only] = simulate({ runs: 100_000, seconds: 30, shards: 1, waiting: 10, seed: 1 }).peaks;
  expect(only?.requests).toBeGreaterThan(3 * OBJECT_LIMIT);
});
