import { failure } from '../failure.ts';
import { onAbort } from '../on-abort.ts';
import type { Clock } from '../ports.ts';

export interface AttemptOptions {
  /** Fires when the run, or a body around this agent, is over. */
  readonly signal: AbortSignal;
  readonly timeoutMs: number | undefined;
  readonly clock: Clock;
  /** The call ends by itself as soon as its signal fires (an agent file's steps do): it is waited for, so that what it still journals comes first. */
  readonly endsItself: boolean;
}

/**
 * One try: calls `call` with a signal that fires when `timeoutMs` is over or `options.signal` fires, and then does not wait for it any longer, even
 * when it ignores its signal. Throws what `call` throws, TIMEOUT, or the reason of `options.signal`. A result that comes back synchronously costs no promise.
 */
export function runAttempt<Result extends object>(
  call: (signal: AbortSignal) => Result | Promise<Result>,
  options: AttemptOptions,
): Result | Promise<Result> {
  const { signal, timeoutMs, endsItself } = options;
  if (timeoutMs === undefined) {
    const result = call(signal);
    // Only an own promise is ever awaited: a `then` in data is data.
    return result instanceof Promise && !endsItself ? unlessAborted(result, signal) : result;
  }
  const controller = new AbortController();
  const result = call(controller.signal);
  return result instanceof Promise ? withTimeout(result, controller, timeoutMs, options) : result;
}

async function withTimeout<Result>(
  result: Promise<Result>,
  controller: AbortController,
  timeoutMs: number,
  { signal, clock, endsItself }: AttemptOptions,
): Promise<Result> {
  const done = new AbortController();
  const passOn = (): void => controller.abort(signal.reason);
  if (signal.aborted) passOn();
  const forget = onAbort(signal, passOn);
  clock.sleep(timeoutMs, done.signal).then(
    () => controller.abort(failure('TIMEOUT', `The attempt took longer than ${timeoutMs} ms and was cancelled.`, { retryable: true })),
    () => undefined,
  );
  try {
    return await (endsItself ? result : unlessAborted(result, controller.signal));
  } finally {
    forget();
    done.abort();
  }
}

/** Settles as `promise` does, or rejects with the signal's reason, whichever comes first; the reason wins over errors that the abort itself caused. */
function unlessAborted<Result>(promise: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    const forget = onAbort(signal, () => reject(signal.reason));
    promise.then(
      (value) => {
        forget();
        resolve(value);
      },
      (error: unknown) => {
        forget();
        reject(signal.aborted ? signal.reason : error);
      },
    );
  });
}
