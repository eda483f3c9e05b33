import type { Host } from '../../node/host.ts';
import type { Program } from '../../program/program.ts';
import type { RunEvent } from '../../program/run-event.ts';
import type { RunRequest } from '../../program/run-request.ts';
import type { Asked } from '../approvals/ask-person.ts';
import { type People, QuestionDesk } from '../approvals/question-desk.ts';
import type { Io } from '../io.ts';
import type { Reporter } from '../reporters/reporter.ts';
import { Patience } from './patience.ts';

export type FollowedRun =
  | { readonly type: 'finished'; readonly event: Extract<RunEvent, { type: 'run.finished' }>; readonly interrupted: boolean }
  /** An agent asks something that nobody answers (`why`, as the rest of a sentence): the run was cancelled. */
  | { readonly type: 'waiting'; readonly event: Asked; readonly why: string }
  /** Interrupted, and the run did not end in time or was not to be waited for. */
  | { readonly type: 'abandoned' };

/**
 * Shows the run's events until it ends. The first interrupt, and stdout's reader going away, cancels it and waits for its end as long as it goes on cleaning up; a
 * second interrupt does not wait, and then the run is left to its journal. What agents ask `people` answer; a question that nobody answers cancels the run too.
 */
export async function followRun(
  host: Host,
  program: Program,
  request: RunRequest,
  reporter: Reporter,
  people: People,
  io: Io,
): Promise<FollowedRun> {
  let interrupted = false;
  let unanswered: Extract<FollowedRun, { type: 'waiting' }> | undefined;
  const patience = new Patience(io);
  const { promise: givenUp, resolve: giveUp } = Promise.withResolvers<'given up'>();
  const cancel = (why: string) => {
    host.call('cancel', { run: request.run, reason: why }).catch(() => giveUp('given up'));
    void patience.run().then(() => giveUp('given up'));
  };
  const interrupt = (why: string) => {
    if (interrupted) return giveUp('given up');
    interrupted = true;
    if (!io.stdout.closed) reporter.notice('cancelling the run; press Ctrl-C again to stop at once');
    cancel(why);
  };
  const { promise: broken, reject: breakOff } = Promise.withResolvers<never>();
  broken.catch(() => {});
  const desk = new QuestionDesk({
    ...people,
    host,
    run: request.run,
    io,
    notice: (text) => reporter.notice(text),
    fail: breakOff,
    giveUp(event, why) {
      if (unanswered !== undefined || interrupted) return;
      unanswered = { type: 'waiting', event, why };
      cancel(`nobody answered the approval "${event.agent}"`);
    },
  });
  const stopListening = [
    io.onInterrupt(() => interrupt('interrupted')),
    io.stdout.onClosed(() => {
      if (!interrupted) interrupt('the reader of the output went away');
    }),
  ];
  const events = host.run(program, request)[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await Promise.race([events.next(), givenUp, broken]);
      if (next === 'given up' || next.done === true) return unanswered ?? { type: 'abandoned' };
      const event = next.value;
      patience.hear(event);
      reporter.event(event);
      desk.event(event);
      if (event.type !== 'run.finished') continue;
      return unanswered !== undefined && event.status === 'cancelled' ? unanswered : { type: 'finished', event, interrupted };
    }
  } finally {
    for (const stop of stopListening) stop();
    desk.close();
  }
}
