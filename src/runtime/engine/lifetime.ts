import { onAbort } from '../on-abort.ts';
import { setDeadline } from './deadline.ts';
import { OVER } from './over.ts';
import type { RunContext } from './run-context.ts';
import type { RunLimits } from './run-limits.ts';
import { RunStop } from './run-stop.ts';
import { openStopping, type Stopping } from './stopping.ts';

/** How long something may last: until `close` is called. */
export interface Lifetime {
  /** Fires with the reason of the signal around it, or with the `RunStop` of a limit that it went beyond. */
  readonly signal: AbortSignal;
  /** Looks at the limits' duration again; the first one that is known counts. */
  limit(): void;
  /** A promise in a resumed run that was stopped in the end (see `Stopping`). */
  close(): Promise<void> | undefined;
}

export interface LifetimePlan {
  /** The agent whose ensemble it is; `''` for the run. */
  readonly path: string;
  readonly limits: RunLimits;
  readonly outer: AbortSignal;
  /** Of the run, whose outer signal is the host's: what its reason means to the steps inside. */
  readonly cancelled?: (reason: unknown) => RunStop;
}

/** What lasts at most as long as its limits allow, from their start on. Going beyond any of them is journalled before it stops what is at work, and so is that the host cancels the run. */
export function openLifetime({ path, limits, outer, cancelled }: LifetimePlan, run: RunContext): Lifetime {
  const { clock } = run.ports;
  const stopping = openStopping(path, run, ({ status, failure }) => {
    if (status === 'cancelled') return new RunStop(status, failure);
    return failure.code.startsWith('LIMIT_') ? limits.stopOf(failure) : undefined;
  });
  // Only where there is a limit: one that is made and fired costs as much as two agents.
  let done: AbortController | undefined;
  setDeadline(stopping.signal, outer);
  const passOn = (): void => {
    if (cancelled === undefined) stopping.passOn(outer.reason);
    else cancel(stopping, cancelled(outer.reason), run);
  };
  const forget = onAbort(outer, passOn);
  if (outer.aborted) passOn();
  limits.onBeyond((stop) => stopping.stop(stop));
  return {
    signal: stopping.signal,
    limit: () => {
      const leftMs = limits.leftMs(clock.now());
      if (leftMs === undefined || done !== undefined) return;
      done = new AbortController();
      setDeadline(stopping.signal, outer, clock.now() + leftMs);
      clock.sleep(Math.max(0, leftMs), done.signal).then(
        () => limits.expire(),
        () => undefined,
      );
    },
    close: () => {
      forget();
      done?.abort(OVER);
      return stopping.close();
    },
  };
}

/** What is recorded happened before it. */
function cancel(stopping: Stopping, reason: RunStop, { replay }: RunContext): void {
  if (replay === undefined || replay.isLive) stopping.stop(reason);
  else
    replay.live(stopping.signal).then(
      () => stopping.stop(reason),
      () => undefined,
    );
}
