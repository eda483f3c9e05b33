import type { RunEvent } from '../program/run-event.ts';
import { openRun } from './open-run.ts';
import type { WorkerEnv } from './worker-env.ts';

/** The last event of a run. */
export type RunEnd = Extract<RunEvent, { readonly type: 'run.finished' }>;

const AFTER_LOSS_MS = 100;

/** How a run ended, if it ends within `ms`; undefined when it does not, and when there is no such run. The object of the run may be replaced meanwhile. */
export async function waitForEnd(env: WorkerEnv, run: string, ms: number): Promise<RunEnd | undefined> {
  for (const until = Date.now() + ms; ; ) {
    try {
      const text = await openRun(env, run).end(Math.max(0, until - Date.now()));
      return text === undefined ? undefined : (JSON.parse(text) as RunEnd);
    } catch (error) {
      if (Date.now() >= until) throw error;
    }
    await scheduler.wait(AFTER_LOSS_MS);
  }
}
