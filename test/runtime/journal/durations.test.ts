import { describe, expect, test } from 'vitest';
import { addDuration, type Durations, joinDurations, quantilesOf } from '../../../src/runtime/journal/durations.ts';
import { fc } from '../../support/fast-check.ts';

function gather(values: readonly number[]): Durations {
  const durations: Durations = new Map();
  for (const ms of values) addDuration(durations, ms);
  return durations;
}

/** By the definition. */
function nearestRank(values: readonly number[], part: number): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length * part) - 1];
}

describe('durations', () => {
  test('give the quantiles by nearest rank', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(5_000), { minLength: 1, maxLength: 400 }), (values) => {
        expect(quantilesOf(gather(values))).toEqual({ p50: nearestRank(values, 0.5), p95: nearestRank(values, 0.95) });
      }),
    );
  });

  test('give the same quantiles when they were gathered in parts', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.nat(5_000), { maxLength: 50 }), { minLength: 1, maxLength: 8 }), (parts) => {
        const joined: Durations = new Map();
        for (const part of parts) joinDurations(joined, Object.fromEntries(gather(part)));
        expect(quantilesOf(joined)).toEqual(quantilesOf(gather(parts.flat())));
      }),
    );
  });

  test('of nothing are none', () => {
    expect(quantilesOf(new Map())).toBeUndefined();
  });

  test('stay few and near, however many different ones there are', () => {
    const values = Array.from({ length: 200_000 }, (_, index) => (index * 7_919) % 10_000_000);
    const durations = gather(values);
    expect(durations.size).toBeLessThan(6_000);
    const { p50 = 0, p95 = 0 } = quantilesOf(durations) ?? {};
    expect(Math.abs(p50 / (nearestRank(values, 0.5) ?? 0) - 1)).toBeLessThan(0.006);
    expect(Math.abs(p95 / (nearestRank(values, 0.95) ?? 0) - 1)).toBeLessThan(0.006);
  });
});
