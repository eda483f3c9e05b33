import { claim, releaseClaim } from '../../claims/claim.ts';
import type { WorkerEnv } from '../../worker-env.ts';
import { type RunFate, waitForFate } from '../run-fate.ts';

/** As long as a queue keeps a message at most: https://developers.cloudflare.com/queues/platform/limits/ */
const CLAIM_MS = 14 * 24 * 3_600_000;
const TRIES = 3;
/** How long another delivery has to begin the run for which it took a message. */
const BEGIN_MS = 2_000;
const LOOK_MS = 100;

/**
 * The run that a message belongs to: `own`, or the one for which an earlier delivery took it, unless that failed or never began. Of two deliveries at once one gets it. Rejects when others take it
 * again and again.
 */
export async function takeMessage(env: WorkerEnv, key: string, own: string): Promise<string> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const claimed = await claim(env, { key, fingerprint: '', run: own, ttlMs: CLAIM_MS });
    if (claimed.run === own) return own;
    const fate = await fateOf(env, claimed.run);
    if (fate !== 'failed' && fate !== 'unknown') return claimed.run;
    await releaseClaim(env, key, claimed.run);
  }
  throw new Error('other deliveries of a message took it at the same time');
}

/** Of a run that is not there another delivery may be about to begin it, or may have been cut off before it did. */
async function fateOf(env: WorkerEnv, run: string): Promise<RunFate> {
  for (let waited = 0; ; waited += LOOK_MS) {
    const fate = await waitForFate(env, run, 0);
    if (fate !== 'unknown' || waited >= BEGIN_MS) return fate;
    await scheduler.wait(LOOK_MS);
  }
}
