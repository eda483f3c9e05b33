import type { FailureError } from '../failure.ts';
import { endLines, stopLine } from './replay/event-lines.ts';
import type { StopEvent } from './replay/recorded-run.ts';
import type { RunContext } from './run-context.ts';
import { RunStop } from './run-stop.ts';

/** A signal that fires when something is stopped from outside. */
export interface Stopping {
  readonly signal: AbortSignal;
  /** Journals it, then fires; gives the reason that the signal has, which is an earlier one if it had fired. */
  stop(reason: RunStop | FailureError): unknown;
  /** Fires because what is around it was stopped, which is journalled there. */
  passOn(reason: unknown): void;
  /** Nothing is left to be stopped. A promise in a resumed run whose record says that it was stopped all the same, before that had told its end: settled once it is stopped again. */
  close(): Promise<void> | undefined;
}

/** A resumed run stops the same things at the same place: `reasonOf` gives the reason for a recorded stop of that path, undefined when it is none of this signal's. */
export function openStopping(path: string, run: RunContext, reasonOf: (stop: StopEvent) => RunStop | FailureError | undefined): Stopping {
  const { log, replay, inbox } = run;
  const controller = new AbortController();
  const { signal } = controller;
  const fire = (reason: unknown): void => {
    controller.abort(reason);
    if (path === '' && reason instanceof RunStop) inbox?.lift();
  };
  const forget = replay?.onStop(path, (stop) => {
    const reason = signal.aborted ? undefined : reasonOf(stop);
    if (reason !== undefined) fire(reason);
    return reason !== undefined;
  });
  return {
    signal,
    stop: (reason) => {
      if (signal.aborted) return signal.reason;
      const where = path === '' ? {} : { agent: path };
      const status = reason instanceof RunStop ? reason.status : 'failed';
      log.add({ type: 'run.stopping', ...where, status, failure: reason.failure });
      // What is recorded has fired it by itself.
      if (!signal.aborted) fire(reason);
      return signal.reason;
    },
    passOn: (reason) => controller.abort(reason),
    close: () => {
      const next = replay?.nextOf([stopLine(path), ...endLines(path)]);
      if (replay !== undefined && next?.type === 'run.stopping') return replay.stopped(signal).then(() => forget?.());
      forget?.();
      return undefined;
    },
  };
}

/** One that nobody hears of but whoever waits for the signal: what is stopped says so itself. */
export function openPlainStopping(): Stopping {
  const controller = new AbortController();
  const { signal } = controller;
  return {
    signal,
    stop: (reason) => {
      controller.abort(reason);
      return signal.reason;
    },
    passOn: (reason) => controller.abort(reason),
    close: () => undefined,
  };
}
