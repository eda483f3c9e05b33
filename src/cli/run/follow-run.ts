import type { Host } from '../../node/host.ts';
import type { Program } from '../../program/program.ts';
import type { RunEvent } from '../../program/run-event.ts';
import type { RunRequest } from '../../program/run-request.ts';
import type { Io } from '../io.ts';
import type { Reporter } from '../reporters/reporter.ts';
import { Patience } from './patience.ts';

export type FollowedRun =
  | { readonly type: 'finished'; readonly event: Extract<RunEvent, { type: 'run.finished' }>; readonly interrupted: boolean }
  | { readonly type: 'waiting'; readonly event: Extract<RunEvent, { type: 'run.waiting' }> }
  /** Interrupted, and the run did not end in time or was not to be waited for. */
  | { readonly type: 'abandoned' };

/**
 * Shows the run's events until it ends. The first interrupt, and stdout's reader going away, cancels it and waits for its end as long as it goes on cleaning up; a
 * second interrupt does not wait, and then the run is left to its journal.
 */
export async function followRun(host: Host, program: Program, request: RunRequest, reporter: Reporter, io: Io): Promise<FollowedRun> {
  let interrupted = false;
  const patience = new Patience(io);
  const { promise: givenUp, resolve: giveUp } = Promise.withResolvers<'given up'>();
  const interrupt = (why: string) => {
    if (interrupted) return giveUp('given up');
    interrupted = true;
    if (!io.stdout.closed) reporter.notice('cancelling the run; press Ctrl-C again to stop at once');
    host.cancel(request.run, why).catch(() => giveUp('given up'));
    void patience.run().then(() => giveUp('given up'));
  };
  const stopListening = [
    io.onInterrupt(() => interrupt('interrupted')),
    io.stdout.onClosed(() => {
      if (!interrupted) interrupt('the reader of the output went away');
    }),
  ];
  const events = host.run(program, request)[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await Promise.race([events.next(), givenUp]);
      if (next === 'given up') return { type: 'abandoned' };
      if (next.done === true) return { type: 'abandoned' };
      const event = next.value;
      patience.hear(event);
      reporter.event(event);
      if (event.type === 'run.finished') return { type: 'finished', event, interrupted };
      if (event.type === 'run.waiting') return { type: 'waiting', event };
    }
  } finally {
    for (const stop of stopListening) stop();
  }
}
