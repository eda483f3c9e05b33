import type { Host } from '../../node/host.ts';
import type { RunFilter, RunSummary } from '../../program/host-calls.ts';

/** Runs that are asked for at a time. */
const PAGE = 500;

/** The runs that the filter takes, newest first, at most `limit` of them; a host is asked for a page at a time. */
export async function* readPages(host: Host, filter: RunFilter, limit = Number.POSITIVE_INFINITY): AsyncGenerator<RunSummary, void> {
  let left = limit;
  let before = filter.before;
  while (left > 0) {
    const wanted = Math.min(PAGE, left);
    const { runs } = await host.call('runs', { ...filter, ...(before === undefined ? {} : { before }), limit: wanted });
    yield* runs;
    left -= runs.length;
    before = runs.at(-1)?.run;
    if (runs.length < wanted) return;
  }
}
