import type { Told } from './announcements.ts';

/** What the streams of a run are read from. */
export interface EventSource {
  /** The lines of the journal from `seq` on. */
  read(seq: number): Iterable<string>;
  /** The `seq` of the next event. */
  readonly nextSeq: number;
  /** Whether its last event is written. */
  isOver(): boolean;
  /** Resolves once all that was written before is on disk. */
  sync(): Promise<void>;
}

/** Characters of events that are read and sent at a time: the outputs of a long run are more than an isolate may hold at once. */
const PIECE = 256 * 1024;
/** Bytes that may wait for a reader before it gets what follows from the journal, at its own pace. */
const MAX_WAITING = 1024 * 1024;

interface OpenStream {
  readonly controller: ReadableStreamDefaultController<Uint8Array>;
  /** Of the next event that it gets. */
  seq: number;
  /** It has had all that is on disk and gets what comes next as it comes. */
  live: boolean;
  gone: boolean;
}

/**
 * The open answers that follow a run. Each begins in the journal and goes on with what is written, without a gap and nothing twice, until the run is over. None gets what is not on disk yet:
 * the platform's output gate does not hold back what is written to an answer that has begun.
 */
export class EventStreams {
  readonly #source: EventSource;
  readonly #streams = new Set<OpenStream>();
  readonly #encoder = new TextEncoder();
  /** The events before this one are on disk. */
  #durable = 0;

  constructor(source: EventSource) {
    this.#source = source;
  }

  get hasReaders(): boolean {
    return this.#streams.size > 0;
  }

  /** A reader who goes away is forgotten; the run goes on. Without `follow` it ends with what is written by then. */
  open(from: number, follow: boolean): ReadableStream<Uint8Array> {
    let own: OpenStream | undefined;
    return new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          own = { controller, seq: Number.isSafeInteger(from) && from > 0 ? from : 0, live: false, gone: false };
          if (follow) this.#streams.add(own);
        },
        pull: async () => {
          if (own === undefined || own.live) return;
          try {
            await this.#sync();
            if (!own.gone) this.#fill(own, follow);
          } catch (error) {
            own.gone = true;
            this.#streams.delete(own);
            throw error;
          }
        },
        cancel: () => {
          if (own === undefined) return;
          own.gone = true;
          this.#streams.delete(own);
        },
      },
      { highWaterMark: MAX_WAITING, size: (chunk) => chunk?.byteLength ?? 0 },
    );
  }

  /** Events are on disk. */
  send({ from, to, isEnd, text }: Told): void {
    this.#durable = Math.max(this.#durable, to);
    if (this.#streams.size === 0) return;
    const bytes = text === undefined ? undefined : this.#encoder.encode(text);
    for (const stream of this.#streams) {
      if (!stream.live) continue;
      if (stream.seq !== from) this.#catchUp(stream, to);
      else if ((stream.controller.desiredSize ?? 0) <= 0) stream.live = false;
      else if (bytes === undefined) this.#fill(stream, true);
      else {
        stream.controller.enqueue(bytes);
        stream.seq = to;
        if (isEnd) this.#end(stream);
      }
    }
  }

  fail(error: unknown): void {
    for (const stream of this.#streams) {
      stream.gone = true;
      stream.controller.error(error);
    }
    this.#streams.clear();
  }

  /** For one that asked to begin later than the journal went: within the group, or later still. */
  #catchUp(stream: OpenStream, nextSeq: number): void {
    if (stream.seq < nextSeq || this.#source.isOver()) this.#fill(stream, true);
  }

  async #sync(): Promise<void> {
    const { nextSeq } = this.#source;
    if (nextSeq <= this.#durable) return;
    await this.#source.sync();
    this.#durable = Math.max(this.#durable, nextSeq);
  }

  #fill(stream: OpenStream, follow: boolean): void {
    let text = '';
    const last = this.#durable;
    if (stream.seq < last) {
      for (const line of this.#source.read(stream.seq)) {
        text += `${line}\n`;
        stream.seq += 1;
        if (stream.seq === last || text.length > PIECE) break;
      }
    }
    // Before it is handed on: a reader that waits asks for more at once, from within.
    stream.live = stream.seq >= last;
    if (text !== '') stream.controller.enqueue(this.#encoder.encode(text));
    if (stream.live && (!follow || (this.#source.isOver() && stream.seq >= this.#source.nextSeq))) this.#end(stream);
  }

  #end(stream: OpenStream): void {
    stream.gone = true;
    this.#streams.delete(stream);
    stream.controller.close();
  }
}
