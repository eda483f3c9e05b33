import type { RunFilter, RunSummary } from '../program/host-calls.ts';
import { WORKER_BINDINGS } from '../program/host-protocol.ts';
import type { RunReport } from '../program/run-report.ts';
import type { RunStatistics, StatisticsFilter } from '../program/run-statistics.ts';
import { shardName, shardOf } from '../program/shard-of.ts';
import type { RunIndex } from './run-index.ts';
import { DEFAULT_LIMIT } from './run-table.ts';
import { joinTotals, toStatistics } from './run-totals.ts';
import { shardCount } from './shards.ts';
import type { WorkerEnv } from './worker-env.ts';

/** The index of all runs, over the objects that hold its parts; undefined where none is bound, which leaves lists and statistics empty. */
export function openIndex(env: WorkerEnv): ShardedIndex | undefined {
  const namespace = env[WORKER_BINDINGS.index];
  return namespace === undefined ? undefined : new ShardedIndex(namespace, shardCount(env));
}

/** Each run is in the part that its id says; what concerns many runs asks all parts at once. */
class ShardedIndex {
  readonly #namespace: DurableObjectNamespace<RunIndex>;
  readonly #count: number;

  constructor(namespace: DurableObjectNamespace<RunIndex>, count: number) {
    this.#namespace = namespace;
    this.#count = count;
  }

  /** As RunIndex. */
  report(report: RunReport): Promise<void> {
    return this.#of(report.summary.run).report(report);
  }

  /** As RunIndex. */
  find(run: string): Promise<RunSummary | undefined> {
    return this.#of(run).find(run);
  }

  /** Newest first; those of one moment by their ids. */
  async list(filter: RunFilter): Promise<readonly RunSummary[]> {
    if (this.#count === 1) return this.#part(0).list(filter);
    const { before, limit = DEFAULT_LIMIT } = filter;
    // Only one part knows when that run started.
    const beforeAt = before === undefined ? undefined : await this.#of(before).startOf(before);
    const pages = await this.#all((part) => part.list(filter, beforeAt));
    return pages
      .flat()
      .toSorted((a, b) => b.started_at - a.started_at || (a.run < b.run ? 1 : -1))
      .slice(0, limit);
  }

  async statistics(filter: StatisticsFilter): Promise<RunStatistics> {
    return { ensembles: toStatistics(joinTotals(await this.#all((part) => part.totals(filter)))) };
  }

  async forget(runs: readonly string[]): Promise<void> {
    const parts = Map.groupBy(runs, (run) => shardOf(run, this.#count));
    await Promise.all([...parts].map(([shard, own]) => this.#part(shard).forget(own)));
  }

  /** Those of the Durable Objects that hold no run that is known here. */
  async unknownOf(objects: readonly string[]): Promise<readonly string[]> {
    let unknown = objects;
    for (let shard = 0; shard < this.#count && unknown.length > 0; shard += 1) unknown = await this.#part(shard).unknownOf(unknown);
    return unknown;
  }

  #all<Answer>(ask: (part: DurableObjectStub<RunIndex>) => Promise<Answer>): Promise<Answer[]> {
    return Promise.all(Array.from({ length: this.#count }, (_, shard) => ask(this.#part(shard))));
  }

  #of(run: string): DurableObjectStub<RunIndex> {
    return this.#part(shardOf(run, this.#count));
  }

  #part(shard: number): DurableObjectStub<RunIndex> {
    return this.#namespace.getByName(shardName('runs', shard));
  }
}
