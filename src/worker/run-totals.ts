import type { Usage } from '../program/run-event.ts';
import type { AgentCounts, AgentStatistics, AgentTally, EnsembleStatistics, Rates } from '../program/run-statistics.ts';
import { addUsage } from '../runtime/journal/agent-tallies.ts';
import { type Durations, joinDurations, quantilesOf } from '../runtime/journal/durations.ts';
import type { RunEnd } from './run-table.ts';

type Writable<Value> = { -readonly [Key in keyof Value]: Value[Key] };

interface AgentTotals {
  readonly counts: Writable<AgentCounts>;
  readonly durations: Durations;
}

interface Totals {
  runs: number;
  succeeded: number;
  failed: number;
  cancelled: number;
  usage: Usage | undefined;
  readonly durations: Durations;
  readonly agents: Map<string, AgentTotals>;
}

/** What the runs, oldest first, say about each ensemble and its agents; quantiles are over all of them, by nearest rank. */
export function collectStatistics(ends: Iterable<RunEnd>): readonly EnsembleStatistics[] {
  const ensembles = new Map<string, Totals>();
  for (const end of ends) {
    const { ensemble } = end.summary;
    const totals = ensembles.get(ensemble) ?? emptyTotals();
    ensembles.set(ensemble, totals);
    addRun(totals, end);
  }
  return [...ensembles].map(([ensemble, { agents, durations, usage, ...counts }]) => {
    const quantiles = quantilesOf(durations);
    return {
      ensemble,
      ...counts,
      ...ratesOf(counts),
      ...(quantiles === undefined ? {} : { duration_ms: quantiles }),
      ...(usage === undefined ? {} : { usage }),
      agents: [...agents.values()].map(statisticsOf),
    };
  });
}

function emptyTotals(): Totals {
  return { runs: 0, succeeded: 0, failed: 0, cancelled: 0, usage: undefined, durations: new Map(), agents: new Map() };
}

function addRun(totals: Totals, { summary, agents }: RunEnd): void {
  const { status, duration_ms: ms, usage } = summary;
  totals.runs += 1;
  if (status === 'succeeded' || status === 'failed' || status === 'cancelled') totals[status] += 1;
  if (ms !== undefined && status !== 'cancelled') joinDurations(totals.durations, { [ms]: 1 });
  if (usage !== undefined) totals.usage = addUsage(totals.usage, usage);
  for (const tally of agents) addAgent(totals.agents, tally);
}

function addAgent(agents: Totals['agents'], { durations, usage, ...counts }: AgentTally): void {
  const known = agents.get(counts.agent);
  if (known === undefined) {
    const created: AgentTotals = { counts: { ...counts, ...(usage === undefined ? {} : { usage }) }, durations: new Map() };
    joinDurations(created.durations, durations);
    agents.set(counts.agent, created);
    return;
  }
  for (const name of COUNTS) known.counts[name] += counts[name];
  if (usage !== undefined) known.counts.usage = addUsage(known.counts.usage, usage);
  joinDurations(known.durations, durations);
}

const COUNTS = ['runs', 'succeeded', 'failed', 'skipped', 'stopped', 'retries', 'cache_hits'] as const;

function statisticsOf({ counts, durations }: AgentTotals): AgentStatistics {
  const quantiles = quantilesOf(durations);
  return { ...counts, ...ratesOf(counts), ...(quantiles === undefined ? {} : { duration_ms: quantiles }) };
}

function ratesOf({ succeeded, failed }: { readonly succeeded: number; readonly failed: number }): Rates {
  const decided = succeeded + failed;
  return decided === 0 ? {} : { success_rate: succeeded / decided, error_rate: failed / decided };
}
