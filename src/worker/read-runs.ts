import type { RunFilter, RunSummary } from '../program/host-calls.ts';
import type { RunStatus } from '../program/run-event.ts';
import { openIndex } from './open-index.ts';
import { openRun } from './open-run.ts';
import type { WorkerEnv } from './worker-env.ts';

/** So many runs are asked at a time what they do now. */
const AT_ONCE = 32;
const DEFAULT_LIMIT = 100;
const PAGE = 500;
const BEGINS_WITHIN_MS = 60_000;
const UNFINISHED: readonly RunStatus[] = ['running', 'waiting', 'paused'];

/**
 * The runs that the filter takes, newest first. Of those that are not over the index only knows what they last reported: each is asked itself, and what it says is put into the index.
 */
export async function readRuns(filter: RunFilter, env: WorkerEnv): Promise<readonly RunSummary[]> {
  const { statuses, limit = DEFAULT_LIMIT } = filter;
  const index = openIndex(env);
  if (index === undefined) return [];
  // A run that is not over may do something else by now: whether it is one that was asked for is seen once it was asked.
  const asked = statuses?.some((status) => UNFINISHED.includes(status)) === true ? [...new Set([...UNFINISHED, ...statuses])] : statuses;
  const found: RunSummary[] = [];
  let before = filter.before;
  while (found.length < limit) {
    const wanted = limit - found.length;
    const page = await index.list({
      ...filter,
      ...(asked === undefined ? {} : { statuses: asked }),
      ...(before === undefined ? {} : { before }),
      limit: wanted,
    });
    const present = await refresh(page, env);
    found.push(...present.filter(({ status }) => statuses === undefined || statuses.includes(status)));
    const last = page.at(-1);
    if (page.length < wanted || last === undefined) break;
    before = last.run;
  }
  return found;
}

/** Makes the index say of each run that is over that it is. */
export async function refreshUnfinished(env: WorkerEnv): Promise<void> {
  const index = openIndex(env);
  if (index === undefined) return;
  let before: string | undefined;
  do {
    const page = await index.list({ statuses: UNFINISHED, ...(before === undefined ? {} : { before }), limit: PAGE });
    await refresh(page, env);
    before = page.length < PAGE ? undefined : page.at(-1)?.run;
  } while (before !== undefined);
}

/** The runs as they stand; those that are gone are left out, and leave the index. */
async function refresh(page: readonly RunSummary[], env: WorkerEnv): Promise<readonly RunSummary[]> {
  const present: RunSummary[] = [];
  for (let start = 0; start < page.length; start += AT_ONCE) {
    const asked = await Promise.all(page.slice(start, start + AT_ONCE).map((run) => refreshOne(run, env)));
    for (const summary of asked) if (summary !== undefined) present.push(summary);
  }
  return present;
}

async function refreshOne(known: RunSummary, env: WorkerEnv): Promise<RunSummary | undefined> {
  if (known.finished_at !== undefined) return known;
  const report = await openRun(env, known.run)
    .report()
    // A run that cannot be asked now (its object is being taken down) is still a run.
    .catch(() => 'unreachable' as const);
  if (report === 'unreachable') return known;
  if (report === undefined) {
    // One that begins just now is in the index before it is in its object (`RunReporter.begin`).
    if (Date.now() - known.started_at < BEGINS_WITHIN_MS) return known;
    await openIndex(env)?.forget([known.run]);
  } else if (report.summary.finished_at !== undefined) await openIndex(env)?.report(report);
  return report?.summary;
}
