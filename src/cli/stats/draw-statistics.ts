import type { Usage } from '../../program/run-event.ts';
import type { AgentStatistics, EnsembleStatistics, Quantiles, Rates, RunStatistics } from '../../program/run-statistics.ts';
import { countOf, usageFacts } from '../reporters/words.ts';
import { alignColumns } from '../terminal/align-columns.ts';
import { formatDuration } from '../terminal/format-duration.ts';
import { harmlessLine } from '../terminal/harmless.ts';
import type { Paint } from '../terminal/paint.ts';

/** Each ensemble with a line about its runs and a table of its agents. */
export function drawStatistics({ ensembles }: RunStatistics, paint: Paint): string {
  return ensembles.map((ensemble) => drawEnsemble(ensemble, paint)).join('\n');
}

function drawEnsemble(statistics: EnsembleStatistics, { bold, dim }: Paint): string {
  const { ensemble, agents } = statistics;
  const [heads, ...rows] = alignColumns(withoutEmpty([HEADS, ...agents.map(rowOf)])).map((line) => `  ${line}`);
  const table = agents.length === 0 ? [] : [dim(heads ?? ''), ...rows];
  return `${[`${bold(harmlessLine(ensemble))}  ${dim(runFacts(statistics).join(' · '))}`, ...table].join('\n')}\n`;
}

function runFacts({ runs, succeeded, failed, cancelled, duration_ms, usage, ...rates }: EnsembleStatistics): readonly string[] {
  const open = runs - succeeded - failed - cancelled;
  return [
    countOf(runs, 'run'),
    ...(rates.success_rate === undefined ? [] : [`${percentOf(rates.success_rate)} succeeded`]),
    ...(failed === 0 ? [] : [`${failed.toLocaleString('en-US')} failed`]),
    ...(cancelled === 0 ? [] : [`${cancelled.toLocaleString('en-US')} cancelled`]),
    ...(open === 0 ? [] : [`${open.toLocaleString('en-US')} not over`]),
    ...(duration_ms === undefined ? [] : [`p50 ${formatDuration(duration_ms.p50)}`, `p95 ${formatDuration(duration_ms.p95)}`]),
    ...usageFacts(usage),
  ];
}

const HEADS = ['AGENT', 'ENDED', 'OK', 'ERRORS', 'FAILED', 'SKIPPED', 'STOPPED', 'RETRIES', 'CACHED', 'P50', 'P95', 'TOKENS', 'COST'];

/** Columns in which no row has anything say nothing. */
function withoutEmpty(rows: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const isKept = HEADS.map((_, column) => rows.slice(1).some((row) => row[column] !== NOTHING));
  return rows.map((row) => row.filter((_, column) => isKept[column] === true));
}

const NOTHING = '-';

function rowOf(agent: AgentStatistics): readonly string[] {
  return [
    harmlessLine(agent.agent),
    ...[agent.runs].map(numberOf),
    ...ratesOf(agent),
    ...[agent.failed, agent.skipped, agent.stopped, agent.retries, agent.cache_hits].map(numberOf),
    ...quantilesOf(agent.duration_ms),
    ...usageOf(agent.usage),
  ];
}

function ratesOf({ success_rate, error_rate }: Rates): readonly string[] {
  return [success_rate, error_rate].map((rate) => (rate === undefined ? NOTHING : percentOf(rate)));
}

function quantilesOf(quantiles: Quantiles | undefined): readonly string[] {
  return quantiles === undefined ? [NOTHING, NOTHING] : [formatDuration(quantiles.p50), formatDuration(quantiles.p95)];
}

function usageOf(usage: Usage | undefined): readonly string[] {
  if (usage === undefined) return [NOTHING, NOTHING];
  return [numberOf(usage.input_tokens + usage.output_tokens), usage.cost_usd === undefined ? NOTHING : `$${usage.cost_usd.toFixed(4)}`];
}

function numberOf(count: number): string {
  return count === 0 ? NOTHING : count.toLocaleString('en-US');
}

/** `100%` and `0%` are said only of what is exactly that. */
function percentOf(rate: number): string {
  const percent = rate * 100;
  if (percent > 99.9 && percent < 100) return '99.9%';
  if (percent < 0.1 && percent > 0) return '0.1%';
  return `${Number(percent.toFixed(1))}%`;
}
