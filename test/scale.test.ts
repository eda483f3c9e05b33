import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { OBJECT_LIMIT, simulate, TRAFFICS } from '../scripts/simulate-scale.ts';

test('a million runs within five minutes ask no object of the index for more than it takes, and no two have one id', () => {
  const traffic = TRAFFICS.find(({ seconds, shards }) => seconds === 300 && shards === 16);
  const { peaks, doubled, requests } = simulate(traffic ?? expect.fail('there is no such traffic'));
  expect(peaks).toHaveLength(16);
  const busiest = peaks[0]?.requests ?? Number.NaN;
  expect(busiest).toBeLessThan(OBJECT_LIMIT);
  expect(doubled).toBe(0);
  expect(readFileSync('docs/scale.md', 'utf8')).toContain(`| 5 min | 16 | ${requests.toLocaleString('en')} | ${busiest} |`);
});

test('one object alone would be asked for several times what it takes', () => {
  const [only] = simulate({ runs: 100_000, seconds: 30, shards: 1, waiting: 10, seed: 1 }).peaks;
  expect(only?.requests).toBeGreaterThan(3 * OBJECT_LIMIT);
});
