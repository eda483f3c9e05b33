import { onAbort } from './on-abort.ts';
import type { Clock } from './ports.ts';

/** The longest delay that timers take; a longer sleep goes on in pieces. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** The clock of the platform. */
export const SYSTEM_CLOCK: Clock = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    for (let leftMs = ms; ; leftMs -= MAX_TIMER_MS) {
      await timer(Math.min(leftMs, MAX_TIMER_MS), signal);
      if (leftMs <= MAX_TIMER_MS) return;
    }
  },
};

function timer(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason);
      return;
    }
    const forget = onAbort(signal, () => {
      clearTimeout(handle);
      reject(signal.reason);
    });
    const handle = setTimeout(() => {
      forget();
      resolve();
    }, ms);
  });
}
