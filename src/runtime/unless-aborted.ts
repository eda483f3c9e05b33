import { onAbort } from './on-abort.ts';

/** Settles as `promise` does, or rejects with the signal's reason as soon as that fires; what the promise does after that is nobody's concern. */
export function unlessAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => reject(signal.reason);
    if (signal.aborted) giveUp();
    const forget = onAbort(signal, giveUp);
    promise.then(
      (value) => {
        forget();
        resolve(value);
      },
      (error: unknown) => {
        forget();
        reject(error);
      },
    );
  });
}
