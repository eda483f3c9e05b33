import type { Usage } from './run-event.ts';

export interface StatisticsFilter {
  /** Its name; absent = all. */
  readonly ensemble?: string;
  /** Runs that started at or after, epoch ms. */
  readonly since?: number;
}

export interface RunStatistics {
  readonly ensembles: readonly EnsembleStatistics[];
}

export interface EnsembleStatistics {
  readonly ensemble: string;
  readonly runs: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly cancelled: number;
  /** Of runs that are over, ms. */
  readonly duration_ms?: Quantiles;
  readonly usage?: Usage;
  /** In the order in which they first appeared. */
  readonly agents: readonly AgentStatistics[];
}

/** One agent, whatever the iteration in which it ran: its path without positions. */
export interface AgentStatistics {
  readonly agent: string;
  /** How often it ended, skipped ones included. */
  readonly runs: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly skipped: number;
  /** Tries beyond the first. */
  readonly retries: number;
  readonly cache_hits: number;
  readonly duration_ms?: Quantiles;
  readonly usage?: Usage;
}

export interface Quantiles {
  readonly p50: number;
  readonly p95: number;
}
