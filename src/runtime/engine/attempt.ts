import { failure } from '../failure.ts';
import { onAbort } from '../on-abort.ts';
import type { Clock } from '../ports.ts';
import { CodeFailure } from './actions/code-failure.ts';
import { setDeadline } from './deadline.ts';
import { OVER } from './over.ts';
import { openPlainStopping, type Stopping } from './stopping.ts';

export interface AttemptOptions {
  /** Fires when the run, or a body around this agent, is over. */
  readonly signal: AbortSignal;
  readonly timeoutMs: number | undefined;
  readonly clock: Clock;
  /**
   * How long a call whose signal fired is still waited for, so that what it has to tell (its logs, its steps' events) is not lost: 0 = not at all. An agent file's
   * steps end by themselves, in any time.
   */
  readonly graceMs: number;
  /** Of an agent that runs a file: journals that its time is over, for all that is at work in it is stopped then. */
  readonly openStopping?: (() => Stopping) | undefined;
}

/**
 * One try: calls `call` with a signal that fires when `timeoutMs` is over or `options.signal` fires, and then does not wait for it any longer, even
 * when it ignores its signal. Throws what `call` throws, TIMEOUT, or the reason of `options.signal`. A result that comes back synchronously costs no promise.
 */
export function runAttempt<Result extends object>(
  call: (signal: AbortSignal) => Result | Promise<Result>,
  options: AttemptOptions,
): Result | Promise<Result> {
  const { signal, timeoutMs } = options;
  if (timeoutMs === undefined) {
    const result = call(signal);
    // Only an own promise is ever awaited: a `then` in data is data.
    return result instanceof Promise ? unlessAborted(result, signal, options) : result;
  }
  const stopping = options.openStopping?.() ?? openPlainStopping();
  setDeadline(stopping.signal, signal, options.clock.now() + timeoutMs);
  const result = call(stopping.signal);
  return result instanceof Promise ? withTimeout(result, stopping, timeoutMs, options) : result;
}

async function withTimeout<Result>(
  result: Promise<Result>,
  stopping: Stopping,
  timeoutMs: number,
  options: AttemptOptions,
): Promise<Result> {
  const { signal, clock } = options;
  const done = new AbortController();
  const passOn = (): void => stopping.passOn(signal.reason);
  if (signal.aborted) passOn();
  const forget = onAbort(signal, passOn);
  clock.sleep(timeoutMs, done.signal).then(
    () => stopping.stop(failure('TIMEOUT', `The attempt took longer than ${timeoutMs} ms and was cancelled.`, { retryable: true })),
    () => undefined,
  );
  try {
    return await unlessAborted(result, stopping.signal, options);
  } finally {
    forget();
    done.abort(OVER);
    const closing = stopping.close();
    if (closing !== undefined) await closing;
  }
}

/**
 * Settles as `promise` does, or rejects with the signal's reason, `graceMs` after it fired. The reason wins over a result that comes too late, and over errors that
 * the abort itself caused, but for one that tells the logs.
 */
function unlessAborted<Result>(promise: Promise<Result>, signal: AbortSignal, { graceMs, clock }: AttemptOptions): Promise<Result> {
  if (graceMs === Number.POSITIVE_INFINITY) return promise;
  return new Promise((resolve, reject) => {
    // Made when it is needed: one that is made and fired costs 10 µs inside workerd, a tenth of a call into an isolate.
    let grace: AbortController | undefined;
    const giveUp = (): void => reject(signal.reason);
    const stop = (): void => {
      if (graceMs === 0) {
        giveUp();
        return;
      }
      grace = new AbortController();
      clock.sleep(graceMs, grace.signal).then(giveUp, () => undefined);
    };
    if (signal.aborted) stop();
    const forget = onAbort(signal, stop);
    const settle = (end: () => void): void => {
      forget();
      grace?.abort(OVER);
      end();
    };
    promise.then(
      (value) => settle(() => (signal.aborted && graceMs > 0 ? giveUp() : resolve(value))),
      (error: unknown) => settle(() => reject(signal.aborted && !(error instanceof CodeFailure) ? signal.reason : error)),
    );
  });
}
