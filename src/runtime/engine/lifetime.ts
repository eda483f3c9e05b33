import { onAbort } from '../on-abort.ts';
import type { Clock } from '../ports.ts';
import type { RunLimits } from './run-limits.ts';

/** How long something may last: until `close` is called. */
export interface Lifetime {
  /** Fires with the reason of the signal around it, or with the `RunStop` of a duration that is over. */
  readonly signal: AbortSignal;
  /** Looks at the limits' duration again; the first one that is known counts. */
  limit(): void;
  close(): void;
}

/** What lasts at most as long as its limits allow, from their start on. `reasonOf` turns the outer signal's reason into the one that the steps inside see. */
export function openLifetime(
  outer: AbortSignal,
  limits: RunLimits,
  clock: Clock,
  reasonOf: (reason: unknown) => unknown = (reason) => reason,
): Lifetime {
  const controller = new AbortController();
  const done = new AbortController();
  const passOn = (): void => controller.abort(reasonOf(outer.reason));
  if (outer.aborted) passOn();
  const forget = onAbort(outer, passOn);
  let limited = false;
  return {
    signal: controller.signal,
    limit: () => {
      const leftMs = limits.leftMs(clock.now());
      if (leftMs === undefined || limited) return;
      limited = true;
      clock.sleep(Math.max(0, leftMs), done.signal).then(
        () => controller.abort(limits.durationStop()),
        () => undefined,
      );
    },
    close: () => {
      forget();
      done.abort();
    },
  };
}
