import { claim, releaseClaim } from '../../claims/claim.ts';
import type { WorkerEnv } from '../../worker-env.ts';
import { waitForFate } from '../run-fate.ts';

/** As long as a queue keeps a message at most: https://developers.cloudflare.com/queues/platform/limits/ */
const CLAIM_MS = 14 * 24 * 3_600_000;
const TRIES = 3;

/**
 * The run that a message belongs to: `own`, or the one that an earlier delivery of it began, unless that failed or never began. Of two deliveries at once one gets it. Rejects when others take it
 * again and again.
 */
export async function takeMessage(env: WorkerEnv, key: string, own: string): Promise<string> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const claimed = await claim(env, { key, fingerprint: '', run: own, ttlMs: CLAIM_MS });
    if (claimed.run === own) return own;
    const fate = await waitForFate(env, claimed.run, 0);
    if (fate !== 'failed' && fate !== 'unknown') return claimed.run;
    await releaseClaim(env, key, claimed.run);
  }
  throw new Error('other deliveries of a message took it at the same time');
}
