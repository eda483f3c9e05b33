import { WORKER_BINDINGS } from '../../program/host-protocol.ts';
import { warnOperator } from '../warn-operator.ts';
import type { WorkerEnv } from '../worker-env.ts';

/** What `Retry-After` says, in seconds: the longest period that the platform's binding counts over. */
export const RETRY_AFTER_S = 60;

/**
 * Counts one request of whoever `key` names, and tells whether it is within the rate that the binding ENSEMBLE_RATE_LIMIT allows each. Without the binding everything is. When the
 * platform cannot count, the request passes: the limit is there against load, credentials are what keeps strangers out.
 */
export async function withinRate(env: WorkerEnv, key: string): Promise<boolean> {
  const limiter = env[WORKER_BINDINGS.rateLimit];
  if (limiter === undefined) return true;
  try {
    return (await limiter.limit({ key })).success;
  } catch (error) {
    warnOperator(
      `The binding ${WORKER_BINDINGS.rateLimit} did not count a request: ${error instanceof Error ? error.message : String(error)}`,
    );
    return true;
  }
}
