import type { Failure } from '../../program/failure.ts';
import { FailureError, failure } from '../failure.ts';
import { onAbort } from '../on-abort.ts';
import type { Clock } from '../ports.ts';
import { setDeadline } from './deadline.ts';
import { OVER } from './over.ts';
import { openPlainStopping, type Stopping } from './stopping.ts';

/** What bounds all tries of an agent and the pauses between them (LANGUAGE §2, `timeout: { total }`). */
export interface TotalTimeout {
  /** Fires with a TIMEOUT that no try follows once the time is over, and with the reason of the signal around it. */
  readonly signal: AbortSignal;
  /** A promise in a resumed run that was stopped in the end (see `Stopping`). */
  close(): Promise<void> | undefined;
}

/** Begins now. Without a time it is the signal around alone, at no cost. `openStopping`: of an agent that runs a file, in which much may be at work. */
export function openTotalTimeout(
  totalMs: number | undefined,
  around: AbortSignal,
  clock: Clock,
  openStopping: () => Stopping = openPlainStopping,
): TotalTimeout {
  if (totalMs === undefined) return { signal: around, close: () => undefined };
  const stopping = openStopping();
  setDeadline(stopping.signal, around, clock.now() + totalMs);
  const done = new AbortController();
  const passOn = (): void => stopping.passOn(around.reason);
  if (around.aborted) passOn();
  const forget = onAbort(around, passOn);
  clock.sleep(totalMs, done.signal).then(
    () => stopping.stop(failure('TIMEOUT', `The agent took longer than ${totalMs} ms with all its tries and was cancelled.`)),
    () => undefined,
  );
  return {
    signal: stopping.signal,
    close: () => {
      forget();
      done.abort(OVER);
      return stopping.close();
    },
  };
}

/** The failure of an agent whose time was over in the pause after a failed try, which tells more than the time does. */
export function timeoutInPause(reason: unknown, last: Failure): Failure {
  if (!(reason instanceof FailureError)) throw reason;
  return { ...reason.failure, message: `${reason.failure.message} Its last try had failed: ${last.message}` };
}
