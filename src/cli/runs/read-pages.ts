import type { Host } from '../../node/host.ts';
import { ProjectProblem } from '../../node/project-problem.ts';
import type { RunFilter, RunSummary } from '../../program/host-calls.ts';

/** Runs that are asked for at a time. */
const PAGE = 500;
/** Characters of JSON, about half a million runs: whoever asks keeps all of them, and a Worker may make up more than there is memory for. */
const MAX_LENGTH = 256 * 1024 * 1024;

/**
 * The runs that the filter takes, newest first, at most `limit` of them; a host is asked for a page at a time.
 * @throws ProjectProblem for a host that begins anew, and for more runs than can be kept.
 */
export async function* readPages(host: Host, filter: RunFilter, limit = Number.POSITIVE_INFINITY): AsyncGenerator<RunSummary, void> {
  const ends = new Set<string>();
  let left = limit;
  let room = MAX_LENGTH;
  let before = filter.before;
  while (left > 0) {
    const wanted = Math.min(PAGE, left);
    const { runs } = await host.call('runs', { ...filter, ...(before === undefined ? {} : { before }), limit: wanted });
    for (const run of runs) room -= JSON.stringify(run).length;
    if (room < 0) throw new ProjectProblem('there are more runs than can be listed at once: ask for a part of them');
    yield* runs;
    left -= runs.length;
    before = runs.at(-1)?.run;
    if (runs.length < wanted || before === undefined) return;
    if (ends.has(before)) throw new ProjectProblem('the list of runs begins anew and has no end; it is not read any further');
    ends.add(before);
  }
}
