import type { Usage } from './run-event.ts';

export interface StatisticsFilter {
  /** Its name, or its file relative to the project's root; absent = all. */
  readonly ensemble?: string;
  /** Runs that started at or after, epoch ms. */
  readonly since?: number;
}

export interface RunStatistics {
  readonly ensembles: readonly EnsembleStatistics[];
}

export interface EnsembleStatistics extends Rates {
  readonly ensemble: string;
  /** All of them, whether they are over or not. */
  readonly runs: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly cancelled: number;
  /** Of runs that succeeded or failed, ms. */
  readonly duration_ms?: Quantiles;
  readonly usage?: Usage;
  /** In the order in which they first appeared. */
  readonly agents: readonly AgentStatistics[];
}

/** How often one agent did what, whatever the iteration in which it ran: `agent` is its path without positions. */
export interface AgentCounts {
  readonly agent: string;
  /** How often it ended, skipped and stopped ones included. */
  readonly runs: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly skipped: number;
  /** It was stopped from outside, or nobody waited for it any more: no failure of its own. */
  readonly stopped: number;
  /** Tries beyond the first. */
  readonly retries: number;
  readonly cache_hits: number;
  readonly usage?: Usage;
}

/** Over the runs that are over. */
export interface AgentStatistics extends AgentCounts, Rates {
  /** Of those that succeeded or failed, ms. */
  readonly duration_ms?: Quantiles;
}

/** What one run says about one of its agents. */
export interface AgentTally extends AgentCounts {
  /** By whole ms: how often it took so long. */
  readonly durations: Readonly<Record<string, number>>;
}

/** From 0 to 1, of those that succeeded or failed; absent when there are none. */
export interface Rates {
  readonly success_rate?: number;
  readonly error_rate?: number;
}

/** By nearest rank: values that occurred. */
export interface Quantiles {
  readonly p50: number;
  readonly p95: number;
}
