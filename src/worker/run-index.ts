import { DurableObject } from 'cloudflare:workers';
import type { RunFilter } from '../program/host-calls.ts';
import { WORKER_BINDINGS } from '../program/host-protocol.ts';
import type { RunReport } from '../program/run-report.ts';
import type { StatisticsFilter } from '../program/run-statistics.ts';
import { RunTable } from './run-table.ts';
import { collectTotals, type RunTotals } from './run-totals.ts';
import type { WorkerEnv } from './worker-env.ts';

/**
 * One part of what is known of all runs (`openIndex`), for lists and statistics: a cache of their journals that the runs keep up to date (`reportRun`). The journal of a run is the truth about it; what is wrong
 * or missing here is put right by the run's next report, and by whoever asks the run itself.
 */
export class RunIndex extends DurableObject<WorkerEnv> {
  readonly #runs: RunTable;

  constructor(context: DurableObjectState, env: WorkerEnv) {
    super(context, env);
    this.#runs = new RunTable(context.storage.sql);
  }

  /** Takes what a run says about itself, unless a later report of it is here already. */
  async report(report: RunReport): Promise<void> {
    this.ctx.storage.transactionSync(() => this.#runs.write(report));
  }

  /** What the run reported last; undefined for one that never did. */
  async find(run: string): Promise<RunReport['summary'] | undefined> {
    return this.#runs.find(run);
  }

  /** Newest first. What a run that is not over does may be old: `readRuns` asks it. `beforeAt`: when the run of `before` started, if it is in another part. */
  async list(filter: RunFilter, beforeAt?: number): Promise<readonly RunReport['summary'][]> {
    return this.#runs.list(filter, beforeAt);
  }

  /** When a run started, epoch ms; undefined for one that is not here. */
  async startOf(run: string): Promise<number | undefined> {
    return this.#runs.startOf(run);
  }

  async totals(filter: StatisticsFilter): Promise<RunTotals> {
    return collectTotals(this.#runs.ends(filter));
  }

  async forget(runs: readonly string[]): Promise<void> {
    this.ctx.storage.transactionSync(() => {
      for (const run of runs) this.#runs.delete(run);
    });
  }

  /** Those of the Durable Objects that hold no run that is known here. */
  async unknownOf(objects: readonly string[]): Promise<readonly string[]> {
    const namespace = this.env[WORKER_BINDINGS.runs];
    const unknown = new Set(objects);
    for (const run of this.#runs.ids()) unknown.delete(namespace.idFromName(run).toString());
    return [...unknown];
  }
}
