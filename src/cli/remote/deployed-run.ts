import type { Host } from '../../node/host.ts';
import type { RunEvent } from '../../program/run-event.ts';
import type { RunToFollow } from '../run/follow-run.ts';

/** A run that was started a moment ago, from its first event on; an interrupt cancels it. */
export function deployedRun(host: Host, run: string): RunToFollow {
  return {
    host,
    run,
    events(caughtUp) {
      caughtUp();
      return readAll(host, run);
    },
    onInterrupt: 'cancel',
  };
}

async function* readAll(host: Host, run: string): AsyncGenerator<RunEvent, void> {
  yield* (await host.events(run, { follow: true })) ?? [];
}
