import type { Host } from '../../node/host.ts';
import { RemoteProblem } from '../../node/remote/remote-problem.ts';
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
  const events = await host.events(run, { follow: true });
  if (events === undefined)
    throw new RemoteProblem(`the Worker started the run ${run}, and does not know it now; ensemble runs lists its runs`);
  yield* events;
}
