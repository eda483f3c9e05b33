import type { Host } from '../../node/host.ts';
import type { RunEvent } from '../../program/run-event.ts';
import type { RunToFollow } from '../run/follow-run.ts';

/** A run of the journal, from its first event on; an interrupt leaves it alone. */
export function recordedRun(host: Host, run: string): RunToFollow {
  return { host, run, events: (caughtUp) => readWhole(host, run, caughtUp), onInterrupt: 'detach' };
}

async function* readWhole(host: Host, run: string, caughtUp: () => void): AsyncGenerator<RunEvent, void> {
  let from = 0;
  for await (const event of (await host.events(run)) ?? []) {
    from = event.seq + 1;
    yield event;
    if (event.type === 'run.finished') return;
  }
  caughtUp();
  yield* (await host.events(run, { from, follow: true })) ?? [];
}
