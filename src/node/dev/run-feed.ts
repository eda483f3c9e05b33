import type { RunFilter, RunSummary } from '../../program/host-calls.ts';

export interface RunFeedOptions {
  /** The host's call of that name; undefined when the worker has no answer. */
  runs(filter: RunFilter): Promise<{ readonly runs: readonly RunSummary[] } | undefined>;
  /** A run that is new, or whose status is another than before. */
  onChange(run: RunSummary): void;
  now(): number;
}

const LOOK_EVERY_MS = 500;
const PAGE = 100;
/** A run's start is its own; it is in the index a little later. */
const LATE_MS = 5_000;

/** Tells of runs as they begin, wait and end, whoever started them. Returns a function that ends it. */
export function watchRuns(options: RunFeedOptions): () => void {
  const feed = new RunFeed(options);
  let looking = false;
  const timer = setInterval(async () => {
    if (looking) return;
    looking = true;
    // A Worker that is being replaced is asked again the next time.
    await feed.look().catch(() => {});
    looking = false;
  }, LOOK_EVERY_MS);
  return () => clearInterval(timer);
}

/** What is known of the runs, and what is new of them each time that it looks. */
export class RunFeed {
  readonly #options: RunFeedOptions;
  readonly #known = new Map<string, RunSummary>();
  readonly #startedAt: number;
  #since: number;

  constructor(options: RunFeedOptions) {
    this.#options = options;
    this.#startedAt = options.now();
    this.#since = this.#startedAt;
  }

  async look(): Promise<void> {
    const now = this.#options.now();
    // Older ones that are not over are asked for from the oldest of them on; those that wait for long are left alone.
    const oldest = [...this.#known.values()].filter(isMoving).map(({ started_at }) => started_at);
    const since = Math.min(this.#since, ...oldest);
    const found = await this.#options.runs({ since, limit: PAGE });
    if (found === undefined) return;
    for (const run of [...found.runs].reverse()) {
      const before = this.#known.get(run.run);
      if (before?.status === run.status && before.attempt === run.attempt) continue;
      this.#known.set(run.run, run);
      this.#options.onChange(run);
    }
    this.#since = Math.max(this.#startedAt, now - LATE_MS);
    this.#forget();
  }

  /** Those that are over and out of sight. */
  #forget(): void {
    for (const [id, run] of this.#known) if (!isMoving(run) && run.started_at < this.#since) this.#known.delete(id);
  }
}

function isMoving({ status }: RunSummary): boolean {
  return status === 'running' || status === 'waiting' || status === 'paused';
}
