import type { RunSummary } from '../../program/host-calls.ts';
import { openRun } from '../open-run.ts';
import { waitForEnd } from '../run-end.ts';
import type { WorkerEnv } from '../worker-env.ts';

/** What became of a run: how it ended; `resting`: it waits for somebody, or is at work for longer than was waited, and goes on by itself; `unknown`: there is no such run. */
export type RunFate = 'succeeded' | 'failed' | 'cancelled' | 'resting' | 'unknown';

/** Each look costs two of the requests that the platform lets a Worker make: they become rarer. */
const FIRST_LOOK_MS = 500;
const LONGEST_LOOK_MS = 60_000;

/** What becomes of a run until a time, in epoch ms. */
export async function waitForFate(env: WorkerEnv, run: string, until: number): Promise<RunFate> {
  for (let lookMs = FIRST_LOOK_MS; ; lookMs = Math.min(lookMs * 2, LONGEST_LOOK_MS)) {
    const end = await waitForEnd(env, run, Math.max(0, Math.min(lookMs, until - Date.now())));
    if (end !== undefined) return end.status;
    const report = await openRun(env, run).report();
    if (report === undefined) return 'unknown';
    if (Date.now() >= until || rests(report.summary, until)) return 'resting';
  }
}

/** What it waits for may take days: nobody says how long a person needs. */
function rests({ status, waiting = [] }: RunSummary, until: number): boolean {
  if (status === 'paused') return true;
  return status === 'waiting' && waiting.every((wait) => wait.reason !== 'time' || (wait.until ?? 0) > until);
}
