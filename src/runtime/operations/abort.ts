import { deadlineOf } from '../engine/deadline.ts';
import { FailureError, failure } from '../failure.ts';
import type { Clock } from '../ports.ts';

/** What to throw once `signal` fired: the failure that the engine gave as its reason, else `CANCELLED`. */
export function abortFailure(signal: AbortSignal): FailureError {
  return signal.reason instanceof FailureError ? signal.reason : failure('CANCELLED', 'the attempt was cancelled');
}

/** `ms` where nothing around a call says how long it may take: no timeout of its agent or of a file around it, no limit of the run. */
export function unlessBounded(signal: AbortSignal, ms: number): number | undefined {
  return deadlineOf(signal) === undefined ? ms : undefined;
}

/**
 * Runs `work` with a signal that fires when `outer` fires or, with a `deadlineMs`, when that time is over; then the call fails with `timedOut()`.
 * The timer and the listener are gone when the call ends.
 */
export async function withDeadline<Result>(
  { clock, signal: outer }: { readonly clock: Clock; readonly signal: AbortSignal },
  deadlineMs: number | undefined,
  timedOut: () => FailureError,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  if (deadlineMs === undefined) return work(outer);
  const controller = new AbortController();
  const timer = new AbortController();
  const forward = () => controller.abort(outer.reason);
  if (outer.aborted) forward();
  outer.addEventListener('abort', forward, { once: true });
  clock.sleep(deadlineMs, timer.signal).then(
    () => controller.abort(timedOut()),
    () => undefined, // The call ended first and stopped the timer.
  );
  try {
    return await work(controller.signal);
  } finally {
    outer.removeEventListener('abort', forward);
    timer.abort();
  }
}
