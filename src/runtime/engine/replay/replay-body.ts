import type { Failure } from '../../../program/failure.ts';
import type { RunEvent } from '../../../program/run-event.ts';
import { FailureError } from '../../failure.ts';
import type { BodyContext } from '../body-context.ts';
import { RunStop } from '../run-stop.ts';
import { endLines, stateLine, undoLine } from './event-lines.ts';
import type { RecordedRun } from './recorded-run.ts';

/**
 * In a resumed run, once all steps of a body are over: throws the reason of its signal when the record says that it was stopped nevertheless, between its last step and its end. A body that has
 * something to write may have been stopped while it did so, which changed nothing any more: it goes on where the record ends there.
 */
export async function throwIfStoppedAtEnd({ path, signal, state, body }: BodyContext, replay: RecordedRun): Promise<void> {
  const ends = endLines(path);
  const next = replay.nextOf([stateLine(path), undoLine(path), ...ends]);
  if (next === undefined) {
    const writes = body.state.backend !== 'memory' && state.due('succeeded');
    await replay.turn(ends.at(-1) ?? '', writes ? undefined : signal);
    return;
  }
  await replay.reach(next);
  const isWritten = next.type === 'state.committed' || next.type === 'state.failed';
  if (await tellsOfStop(isWritten ? replay.nextOf(ends) : next, signal, replay)) throw signal.reason;
}

/**
 * In a resumed run, once all steps of a body are over, of which one failed with `error`: with what the body fails. Where it was stopped before it had told that, it is the reason of its signal
 * if the record says so.
 */
export async function findError({ path, signal }: BodyContext, replay: RecordedRun, error: unknown): Promise<unknown> {
  const next = replay.nextOf([stateLine(path), undoLine(path), ...endLines(path)]);
  if (next === undefined || error === signal.reason) return error;
  await replay.reach(next);
  const end = replay.nextOf(endLines(path));
  if (!signal.aborted || end === undefined || !('failure' in end) || end.failure === undefined) return error;
  const { code, message } = end.failure;
  const [own, reason] = [failureOf(error), failureOf(signal.reason)];
  return reason?.code === code && (own?.code !== code || own.message !== message) ? signal.reason : error;
}

async function tellsOfStop(event: RunEvent | undefined, signal: AbortSignal, replay: RecordedRun): Promise<boolean> {
  switch (event?.type) {
    case 'run.compensating':
      return replay.stopped(signal);
    case 'agent.failed':
      return event.stopped === true && (await replay.stopped(signal));
    case 'attempt.failed':
      return signal.aborted && failureOf(signal.reason)?.code === event.failure.code;
    case 'run.finished':
      return signal.aborted && event.status !== 'succeeded';
    default:
      return false;
  }
}

function failureOf(reason: unknown): Failure | undefined {
  return reason instanceof FailureError || reason instanceof RunStop ? reason.failure : undefined;
}
