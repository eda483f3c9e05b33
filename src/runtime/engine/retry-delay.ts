import type { Failure } from '../../program/failure.ts';
import type { RetryPlan } from '../../program/program.ts';

/** A server that asks for a longer pause than this (`Retry-After`) is not asked again: the failure stands. */
export const MAX_RETRY_AFTER_MS = 10 * 60_000;

/**
 * The pause before the next try (LANGUAGE §2.3), in ms, or undefined when the failure of try number `attempt` (from 1) stands: no try left, not
 * retryable, or the server's own wish is beyond `MAX_RETRY_AFTER_MS`. `random` draws from [0, 1).
 *
 * Exponential `initialDelay·2^(attempt−1)`, linear `initialDelay·attempt`, fixed `initialDelay`, capped by `maxDelay`; jitter draws from the upper
 * half. `Retry-After` can only lengthen the pause, past `maxDelay` too: the server knows better when it will answer.
 */
export function retryDelay(plan: RetryPlan, failure: Failure, attempt: number, random: () => number): number | undefined {
  if (attempt >= plan.maxAttempts || !isRetryable(plan, failure)) return undefined;
  const wishMs = failure.retryAfterMs ?? 0;
  if (wishMs > MAX_RETRY_AFTER_MS) return undefined;
  const cappedMs = Math.min(BACKOFFS[plan.backoff](plan.initialDelayMs, attempt), plan.maxDelayMs);
  const delayMs = plan.jitter ? cappedMs / 2 + (cappedMs / 2) * random() : cappedMs;
  return Math.max(Math.round(delayMs), wishMs);
}

const BACKOFFS: Readonly<Record<RetryPlan['backoff'], (initialMs: number, attempt: number) => number>> = {
  // Beyond 2^1023 it would be infinite, and infinitely often nothing is no number.
  exponential: (initialMs, attempt) => initialMs * 2 ** Math.min(attempt - 1, 1023),
  linear: (initialMs, attempt) => initialMs * attempt,
  fixed: (initialMs) => initialMs,
};

function isRetryable(plan: RetryPlan, failure: Failure): boolean {
  return failure.retryable || (failure.status !== undefined && plan.retryOn.includes(failure.status));
}
