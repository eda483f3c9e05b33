import { describe, expect, test } from 'vitest';
import type { EventBody, RunEvent } from '../../src/program/run-event.ts';
import { EventStreams } from '../../src/worker/event-streams.ts';
import { fc } from '../support/fast-check.ts';
import { parseLines } from './support/run-host.ts';

const bodyOf = (seq: number, last: number): EventBody =>
  seq === last
    ? { type: 'run.finished', status: 'succeeded', duration_ms: 1, steps: 0 }
    : { type: 'log', agent: 'a', level: 'info', message: `${seq} ${'x'.repeat(seq % 7 === 0 ? 300_000 : 1)}` };

/** A journal in memory with the streams that follow it. */
class Story {
  readonly events: RunEvent[] = [];
  readonly streams: EventStreams;
  /** So many events are on disk. */
  durable = 0;
  readonly #last: number;

  constructor(count: number) {
    const { events } = this;
    this.#last = count - 1;
    this.streams = new EventStreams({
      read: (seq) => events.slice(seq).map((event) => JSON.stringify(event)),
      get nextSeq() {
        return events.length;
      },
      isOver: () => events.at(-1)?.type === 'run.finished',
      sync: () => this.#sync(),
    });
  }

  async #sync(): Promise<void> {
    const written = this.events.length;
    for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    this.durable = Math.max(this.durable, written);
  }

  /** Announces it once it is on disk. */
  async write(count: number): Promise<void> {
    const group: RunEvent[] = [];
    while (group.length < count && this.events.length + group.length <= this.#last) {
      const seq = this.events.length + group.length;
      group.push({ seq, at: 0, run: 'r', ...bodyOf(seq, this.#last) });
    }
    if (group.length === 0) return;
    this.events.push(...group);
    const [from, to] = [group[0]?.seq ?? 0, this.events.length];
    await this.#sync();
    const text = group.map((event) => `${JSON.stringify(event)}\n`).join('');
    // What is long was too much to wait in memory.
    this.streams.send({ from, to, isEnd: to > this.#last, text: text.length > 500_000 ? undefined : text });
  }
}

/** A reader that reads when it is told to. */
class Reader {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #decoder = new TextDecoder();
  readonly #story: Story;
  #text = '';
  #last = -1;

  constructor(stream: ReadableStream<Uint8Array>, story: Story) {
    this.#story = story;
    this.#reader = stream.getReader();
  }

  /** False when the stream is over. */
  async read(): Promise<boolean> {
    const { done, value } = await this.#reader.read();
    if (done) return false;
    const text = this.#decoder.decode(value, { stream: true });
    this.#text += text;
    this.#last = parseLines(text).at(-1)?.seq ?? this.#last;
    expect(this.#last).toBeLessThan(this.#story.durable);
    return true;
  }

  async readAll(): Promise<readonly RunEvent[]> {
    while (await this.read());
    return parseLines(this.#text);
  }

  leave(): Promise<void> {
    return this.#reader.cancel();
  }
}

const action = fc.oneof(
  fc.record({ type: fc.constant('write' as const), count: fc.integer({ min: 1, max: 9 }) }),
  fc.record({ type: fc.constant('open' as const), from: fc.integer({ min: 0, max: 30 }), follow: fc.boolean() }),
  fc.record({ type: fc.constant('read' as const), reader: fc.nat(9) }),
  fc.record({ type: fc.constant('turn' as const) }),
);

describe('streams of events', () => {
  test('give each reader every event once, in order and not before it is on disk, however quickly it reads and whenever it came', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 40 }), fc.array(action, { maxLength: 30 }), async (count, actions) => {
        const story = new Story(count);
        const readers: { readonly reader: Reader; readonly from: number; readonly follow: boolean; readonly known: number }[] = [];
        const reads: Promise<boolean>[] = [];
        const writes: Promise<void>[] = [];
        for (const act of actions) {
          if (act.type === 'write') writes.push(story.write(act.count));
          else if (act.type === 'turn') await new Promise((resolve) => setImmediate(resolve));
          else if (act.type === 'open') {
            const reader = new Reader(story.streams.open(act.from, act.follow), story);
            readers.push({ reader, from: act.from, follow: act.follow, known: story.events.length });
          } else {
            const read = readers[act.reader]?.reader.read();
            if (read !== undefined) reads.push(read);
          }
        }
        await Promise.all([...writes, story.write(count), ...reads]);
        for (const { reader, from, follow, known } of readers) {
          const got = await reader.readAll();
          expect(got).toEqual(story.events.slice(from, from + got.length));
          if (follow) expect(from + got.length).toBeGreaterThanOrEqual(count);
          else expect(from + got.length).toBeGreaterThanOrEqual(Math.min(known, count));
        }
      }),
      { numRuns: 40 },
    );
  });

  test('do not keep for a slow reader what is in the journal anyway', async () => {
    const story = new Story(400);
    const stream = story.streams.open(0, true);
    await new Promise((resolve) => setImmediate(resolve));
    let enqueued = 0;
    const slow = new Reader(stream, story);
    for (let round = 0; round < 400; round += 1) await story.write(1);
    for (; await slow.read(); enqueued += 1);
    expect(enqueued).toBeGreaterThan(20);
    expect(await slow.readAll()).toEqual(story.events);
  });

  test('go on for others when one leaves', async () => {
    const story = new Story(3);
    const [gone, there] = [new Reader(story.streams.open(0, true), story), new Reader(story.streams.open(0, true), story)];
    await story.write(1);
    await gone.read();
    await gone.leave();
    await story.write(2);
    expect(await there.readAll()).toEqual(story.events);
  });
});
