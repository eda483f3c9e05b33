import type { RunSummary } from './host-calls.ts';
import type { AgentTally } from './run-statistics.ts';

/** What a run tells the index of runs about itself. */
export interface RunReport {
  readonly summary: RunSummary;
  /** How many events it is made of: of two reports of a run the one with more is the newer. */
  readonly events: number;
  /** In the order in which they first ended; once the run is over. */
  readonly agents?: readonly AgentTally[];
}
