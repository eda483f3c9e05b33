import type { RunSummary } from '../program/host-calls.ts';
import { isRunId } from '../program/run-id.ts';
import { openIndex } from './open-index.ts';
import { openRun } from './open-run.ts';
import type { WorkerEnv } from './worker-env.ts';

/** So many runs are remembered to exist, in each isolate. */
const MOST_KNOWN = 10_000;
/** A run is in the index before it is in its object, and its object may need so long to begin. */
const BEGINS_WITHIN_MS = 60_000;

const known = new Set<string>();

/** Remembers that there is such a run: this isolate started it. */
export function noteKnownRun(run: string): void {
  if (known.size >= MOST_KNOWN) known.clear();
  known.add(run);
}

/**
 * The run as it stands; undefined when there is none of that id. An object comes into being by being asked, so one is asked only for an id that the index knows: what callers make up
 * leaves nothing behind.
 */
export async function findRun(env: WorkerEnv, run: string): Promise<RunSummary | undefined> {
  if (!isRunId(run)) return undefined;
  const listed = known.has(run) ? undefined : await askIndex(env, run);
  if (listed === 'unknown') return undefined;
  const report = await openRun(env, run).report();
  if (report !== undefined) {
    noteKnownRun(run);
    return report.summary;
  }
  const begun = listed ?? (await askIndex(env, run));
  return typeof begun === 'object' && Date.now() - begun.started_at < BEGINS_WITHIN_MS ? begun : undefined;
}

/** Undefined when the index cannot tell: then the run itself is asked. */
async function askIndex(env: WorkerEnv, run: string): Promise<RunSummary | 'unknown' | undefined> {
  try {
    const index = openIndex(env);
    return index === undefined ? undefined : ((await index.find(run)) ?? 'unknown');
  } catch {
    return undefined;
  }
}
