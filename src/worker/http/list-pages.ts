import type { RunFilter, RunSummary } from '../../program/host-calls.ts';
import { readRuns } from '../read-runs.ts';
import type { WorkerEnv } from '../worker-env.ts';

export interface RunPage {
  readonly runs: readonly RunSummary[];
  /** The last run of the page, when others follow: what comes after it stays the same whatever runs are started meanwhile. */
  readonly next_cursor?: string;
}

/** So many of the index's pages are looked through for one answer: a key for few ensembles may have to come again with the cursor. */
const MOST_PAGES = 10;

/** One page of the runs that the filter and `shows` take, newest first. It may be short, or empty, and not the last. */
export async function listPage(
  env: WorkerEnv,
  filter: RunFilter & { readonly limit: number },
  shows: (run: RunSummary) => boolean,
): Promise<RunPage> {
  const { limit } = filter;
  const found: RunSummary[] = [];
  let before = filter.before;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    // One more than is shown tells whether others follow.
    const read = await readRuns({ ...filter, ...(before === undefined ? {} : { before }), limit: limit + 1 }, env);
    for (const run of read) {
      if (!shows(run)) continue;
      if (found.length === limit) return withCursor(found, found.at(-1)?.run);
      found.push(run);
    }
    if (read.length <= limit) return { runs: found };
    before = read.at(-1)?.run;
  }
  return withCursor(found, before);
}

function withCursor(runs: readonly RunSummary[], cursor: string | undefined): RunPage {
  return { runs, ...(cursor === undefined ? {} : { next_cursor: cursor }) };
}
