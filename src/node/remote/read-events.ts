import type { RunEvent } from '../../program/run-event.ts';
import { checkEvent } from '../check-event.ts';
import { ConnectionLost } from '../host-error.ts';
import { readNdjson } from '../ndjson.ts';
import { parseForeign } from './parse-foreign.ts';
import { RemoteProblem } from './remote-problem.ts';

/** No event is larger: what an agent may hand on is bounded below that. */
const LONGEST_LINE = 64 * 1024 * 1024;

/** How the events of a run are asked for. */
export interface EventSource {
  readonly origin: string;
  readonly run: string;
  /** As a host has them. */
  readonly flags?: string | undefined;
  /** Those from `next` on. Undefined when there is no such run any more. */
  open(next: number): Promise<AsyncIterable<Uint8Array> | undefined>;
  /** Before it is asked again; `losses`: how often in a row nothing came. */
  pause(losses: number): Promise<void>;
}

/** So many times in a row may a connection break before anything came through it. */
const MAX_LOSSES = 10;
/** A connection that held for so long was not lost for want of trying. */
const LONG_LIFE_MS = 10_000;

/** The events of a run from `from` on, each once and in order, asked for again behind the last one whenever the connection breaks. Without `follow` it ends with the last that is written now. */
export async function* readEvents(source: EventSource, from: number, follow: boolean): AsyncGenerator<RunEvent, void> {
  const { origin, run } = source;
  let next = from;
  for (let losses = 0; ; ) {
    const askedAt = performance.now();
    let lost: ConnectionLost | undefined;
    try {
      const stream = await source.open(next);
      if (stream === undefined) throw new RemoteProblem(`the run ${run} is gone: ${origin} does not have it any more`);
      for await (const value of readLines(stream, origin)) {
        const checked = checkEvent(value, 'told');
        if ('problem' in checked) throw notUnderstood(origin, run, checked.problem);
        const seq = 'event' in checked ? checked.event.seq : checked.seq;
        if (seq < next) continue;
        if (seq > next) throw notUnderstood(origin, run, `event ${next} is missing`);
        next += 1;
        losses = 0;
        if (!('event' in checked)) continue;
        if (checked.event.run !== run) throw notUnderstood(origin, run, 'they are of another run');
        yield checked.event;
        if (checked.event.type === 'run.finished') return;
      }
      if (!follow) return;
    } catch (error) {
      lost = lossIn(error);
      if (lost === undefined) throw error;
    }
    losses = performance.now() - askedAt > LONG_LIFE_MS ? 0 : losses + 1;
    if (losses === MAX_LOSSES) {
      const why = lost === undefined ? 'its answers end before the run does' : lost.message;
      throw new RemoteProblem(
        `the connection to ${origin} was lost: ${why}\nThe run may go on: ensemble attach ${run}${source.flags === undefined ? '' : ` ${source.flags}`} follows it again.`,
      );
    }
    await source.pause(losses);
  }
}

/** Whoever asks for the events again has tried more than once: that they cannot be had at the moment is a loss as well. */
function lossIn(error: unknown): ConnectionLost | undefined {
  if (error instanceof ConnectionLost) return error;
  return error instanceof RemoteProblem && error.cause instanceof ConnectionLost ? error.cause : undefined;
}

function notUnderstood(origin: string, run: string, why: string): RemoteProblem {
  return new RemoteProblem(`${origin} tells events of the run ${run} that this version of ensemble does not understand: ${why}`);
}

async function* readLines(stream: AsyncIterable<Uint8Array>, origin: string): AsyncGenerator<unknown, void> {
  try {
    yield* readNdjson(boundLines(stream, origin), parseForeign);
  } catch (error) {
    if (error instanceof SyntaxError) throw new RemoteProblem(`${origin} sent events that are not JSON`, { cause: error });
    throw error;
  }
}

/** A line that never ends would be kept in memory whole. */
async function* boundLines(stream: AsyncIterable<Uint8Array>, origin: string): AsyncGenerator<Uint8Array, void> {
  let length = 0;
  for await (const bytes of stream) {
    const end = bytes.lastIndexOf(0x0a);
    length = end === -1 ? length + bytes.byteLength : bytes.byteLength - end - 1;
    if (length > LONGEST_LINE) throw new RemoteProblem(`${origin} sent an event that is too long to be one`);
    yield bytes;
  }
}
