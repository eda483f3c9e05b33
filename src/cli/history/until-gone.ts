import type { RunEvent } from '../../program/run-event.ts';
import type { Io } from '../io.ts';

/** The events, until an interrupt or until nobody reads stdout any more: who only looks on leaves the run alone. */
export async function* untilGone(events: AsyncIterable<RunEvent>, io: Io): AsyncGenerator<RunEvent, void> {
  const { promise: gone, resolve: leave } = Promise.withResolvers<undefined>();
  const stopListening = [io.onInterrupt(() => leave(undefined)), io.stdout.onClosed(() => leave(undefined))];
  const iterator = events[Symbol.asyncIterator]();
  try {
    while (!io.stdout.closed) {
      const next = await Promise.race([iterator.next(), gone]);
      if (next === undefined || next.done === true) return;
      yield next.value;
    }
  } finally {
    for (const stop of stopListening) stop();
    // Not awaited: a stream that is silent ends only with its next event.
    iterator.return?.()?.catch(() => {});
  }
}
