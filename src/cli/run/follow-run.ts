import type { Host } from '../../node/host.ts';
import type { RunEvent } from '../../program/run-event.ts';
import { type People, QuestionDesk, type Unanswered } from '../approvals/question-desk.ts';
import type { Io } from '../io.ts';
import type { Reporter } from '../reporters/reporter.ts';
import { AtWork } from './at-work.ts';
import { Patience } from './patience.ts';

export interface RunToFollow {
  readonly host: Pick<Host, 'call'>;
  readonly run: string;
  /** Its events from the first on; `caughtUp` is called once those have come that lie in the past. */
  events(caughtUp: () => void): AsyncIterable<RunEvent>;
  /** What the first interrupt does, and the reader of stdout who goes away: it cancels the run, or leaves it as it is. */
  readonly onInterrupt: 'cancel' | 'detach';
}

export type FollowedRun =
  | { readonly type: 'finished'; readonly event: Extract<RunEvent, { type: 'run.finished' }>; readonly interrupted: boolean }
  /** Agents ask something that nobody here answers, and nothing else goes on: the run waits. */
  | { readonly type: 'waiting'; readonly unanswered: readonly Unanswered[] }
  /** Interrupted; the run goes on. */
  | { readonly type: 'detached' }
  /** Interrupted, and the run did not end in time or was not to be waited for. */
  | { readonly type: 'abandoned' };

/** A run that only waits is left once it has said nothing more for so long: between two agents there is a moment in which none is at work. */
const SETTLE_MS = 150;

/**
 * Shows the run's events until it ends, or waits for somebody who is not here. The first interrupt, and stdout's reader going away, cancels it (or leaves it, as `onInterrupt` says) and waits for
 * its end as long as it goes on cleaning up; a second interrupt does not wait, and then the run is left to its journal. What agents ask `people` answer.
 */
export async function followRun(followed: RunToFollow, reporter: Reporter, people: People, io: Io): Promise<FollowedRun> {
  const { host, run, onInterrupt } = followed;
  let interrupted = false;
  const patience = new Patience(io);
  const atWork = new AtWork();
  const { promise: leaving, resolve: leave } = Promise.withResolvers<'abandoned' | 'detached'>();
  const interrupt = (why: string) => {
    if (interrupted) return leave('abandoned');
    interrupted = true;
    if (onInterrupt === 'detach') return leave('detached');
    if (!io.stdout.closed) reporter.notice('cancelling the run; press Ctrl-C again to stop at once');
    host.call('cancel', { run, reason: why }).catch(() => leave('abandoned'));
    void patience.run().then(() => leave('abandoned'));
  };
  const { promise: broken, reject: breakOff } = Promise.withResolvers<never>();
  broken.catch(() => {});
  let given = Promise.withResolvers<'given up'>();
  const desk = new QuestionDesk({
    ...people,
    host,
    run,
    io,
    notice: (text) => reporter.notice(text),
    fail: breakOff,
    giveUp: () => given.resolve('given up'),
  });
  const stopListening = [
    io.onInterrupt(() => interrupt('interrupted')),
    io.stdout.onClosed(() => {
      if (!interrupted) interrupt('the reader of the output went away');
    }),
  ];
  const events = followed.events(() => desk.open())[Symbol.asyncIterator]();
  let coming = events.next();
  try {
    for (;;) {
      const waits = !interrupted && desk.unanswered.length > 0 && atWork.onlyWaits;
      const settled = waits ? [io.delay(SETTLE_MS).then(() => 'settled' as const)] : [];
      const next = await Promise.race([coming, leaving, broken, given.promise, ...settled]);
      if (next === 'abandoned' || next === 'detached') return { type: next };
      if (next === 'settled') {
        const { unanswered } = desk;
        if (!interrupted && unanswered.length > 0) return { type: 'waiting', unanswered };
        continue;
      }
      if (next === 'given up') {
        given = Promise.withResolvers();
        continue;
      }
      if (next.done === true) {
        const { unanswered } = desk;
        return unanswered.length === 0 || interrupted ? { type: 'abandoned' } : { type: 'waiting', unanswered };
      }
      const event = next.value;
      patience.hear(event);
      atWork.follow(event);
      reporter.event(event);
      desk.event(event);
      if (event.type === 'run.finished') return { type: 'finished', event, interrupted };
      coming = events.next();
    }
  } finally {
    for (const stop of stopListening) stop();
    desk.close();
  }
}
