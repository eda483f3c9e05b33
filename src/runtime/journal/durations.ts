import type { AgentTally, Quantiles } from '../../program/run-statistics.ts';

/** How often something took so many whole ms. */
export type Durations = Map<number, number>;

/**
 * So many different values are kept as they are. Once there are more, each is rounded to three significant digits (off by half a percent at most), so that a loop of a million iterations
 * leaves a few thousand numbers at most.
 */
const EXACT_VALUES = 1_000;

export function addDuration(durations: Durations, ms: number): void {
  const whole = Math.max(0, Math.round(ms));
  const value = durations.size >= EXACT_VALUES && !durations.has(whole) ? Number(whole.toPrecision(3)) : whole;
  durations.set(value, (durations.get(value) ?? 0) + 1);
}

/** Adds those of a tally, as they are. */
export function joinDurations(durations: Durations, tally: AgentTally['durations']): void {
  for (const [text, count] of Object.entries(tally)) {
    const ms = Number(text);
    durations.set(ms, (durations.get(ms) ?? 0) + count);
  }
}

/** By nearest rank: the smallest value that at least so many percent do not exceed. Undefined when there are none. */
export function quantilesOf(durations: Durations): Quantiles | undefined {
  const list = [...durations].toSorted(([a], [b]) => a - b);
  const total = list.reduce((sum, [, count]) => sum + count, 0);
  if (total === 0) return undefined;
  const atRank = (rank: number): number => {
    let passed = 0;
    for (const [ms, count] of list) {
      passed += count;
      if (passed >= rank) return ms;
    }
    return 0;
  };
  return { p50: atRank(Math.ceil(total * 0.5)), p95: atRank(Math.ceil(total * 0.95)) };
}
