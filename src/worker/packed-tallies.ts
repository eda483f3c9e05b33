import type { Usage } from '../program/run-event.ts';
import type { AgentTally } from '../program/run-statistics.ts';

const COUNTS = ['runs', 'succeeded', 'failed', 'skipped', 'stopped', 'retries', 'cache_hits'] as const;

/** An agent's name, its counts in the order above, its durations, and its usage when there is one. */
type Row = readonly [agent: string, counts: readonly number[], durations: AgentTally['durations'], usage?: Usage];

/** The tallies as JSON text without the names of their properties, which would be most of it: there is one for each agent of each run. */
export function packTallies(tallies: readonly AgentTally[]): string {
  const rows = tallies.map((tally): Row => {
    const row = [tally.agent, COUNTS.map((name) => tally[name]), tally.durations] as const;
    return tally.usage === undefined ? row : [...row, tally.usage];
  });
  return JSON.stringify(rows);
}

export function unpackTallies(text: string): readonly AgentTally[] {
  return (JSON.parse(text) as readonly Row[]).map(([agent, counts, durations, usage]) => {
    const [runs = 0, succeeded = 0, failed = 0, skipped = 0, stopped = 0, retries = 0, cache_hits = 0] = counts;
    const tally = { agent, runs, succeeded, failed, skipped, stopped, retries, cache_hits, durations };
    return usage === undefined ? tally : { ...tally, usage };
  });
}
