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
  /** When the first of the runs started, epoch ms. */
  readonly firstAt: number;
  runs: number;
  succeeded: number;
  failed: number;
  cancelled: number;
  usage: Usage | undefined;
  readonly durations: Durations;
  readonly agents: Map<string, AgentTotals>;
}

/** What runs add up to, by their ensembles: that of some runs joined with that of others is that of all. */
export type RunTotals = Map<string, Totals>;

/** What the runs, oldest first, add up to. */
export function collectTotals(ends: Iterable<RunEnd>): RunTotals {
  const ensembles: RunTotals = new Map();
  for (const end of ends) {
    const { ensemble, started_at } = end.summary;
    const totals = ensembles.get(ensemble) ?? emptyTotals(started_at);
    ensembles.set(ensemble, totals);
    addRun(totals, end);
  }
  return ensembles;
}

/** Of several parts of the runs, the whole. */
export function joinTotals(parts: readonly RunTotals[]): RunTotals {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  const joined: RunTotals = new Map();
  for (const [ensemble, part] of parts.flatMap((totals) => [...totals]).toSorted(([, a], [, b]) => a.firstAt - b.firstAt)) {
    const totals = joined.get(ensemble) ?? emptyTotals(part.firstAt);
    joined.set(ensemble, totals);
    for (const name of ['runs', 'succeeded', 'failed', 'cancelled'] as const) totals[name] += part[name];
    joinCounts(totals.durations, part.durations);
    if (part.usage !== undefined) totals.usage = addUsage(totals.usage, part.usage);
    for (const { counts, durations } of part.agents.values()) joinCounts(addCounts(totals.agents, counts).durations, durations);
  }
  return joined;
}

/** Quantiles are over all runs, by nearest rank. */
export function toStatistics(ensembles: RunTotals): readonly EnsembleStatistics[] {
  return [...ensembles].map(([ensemble, { agents, durations, usage, firstAt: _, ...counts }]) => {
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

function emptyTotals(firstAt: number): Totals {
  return { firstAt, runs: 0, succeeded: 0, failed: 0, cancelled: 0, usage: undefined, durations: new Map(), agents: new Map() };
}

function addRun(totals: Totals, { summary, agents }: RunEnd): void {
  const { status, duration_ms: ms, usage } = summary;
  totals.runs += 1;
  if (status === 'succeeded' || status === 'failed' || status === 'cancelled') totals[status] += 1;
  if (ms !== undefined && status !== 'cancelled') joinDurations(totals.durations, { [ms]: 1 });
  if (usage !== undefined) totals.usage = addUsage(totals.usage, usage);
  for (const tally of agents) addAgent(totals.agents, tally);
}

function addAgent(agents: Totals['agents'], { durations, ...counts }: AgentTally): void {
  joinDurations(addCounts(agents, counts).durations, durations);
}

function addCounts(agents: Totals['agents'], { usage, ...counts }: AgentCounts): AgentTotals {
  const known = agents.get(counts.agent);
  if (known === undefined) {
    const created: AgentTotals = { counts: { ...counts, ...(usage === undefined ? {} : { usage }) }, durations: new Map() };
    agents.set(counts.agent, created);
    return created;
  }
  for (const name of COUNTS) known.counts[name] += counts[name];
  if (usage !== undefined) known.counts.usage = addUsage(known.counts.usage, usage);
  return known;
}

function joinCounts(durations: Durations, others: Durations): void {
  for (const [ms, count] of others) durations.set(ms, (durations.get(ms) ?? 0) + count);
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
