import { describe, expect, test } from 'vitest';
import { ConnectionLost } from '../../../src/node/host-error.ts';
import { type EventSource, readEvents } from '../../../src/node/remote/read-events.ts';
import { RemoteProblem } from '../../../src/node/remote/remote-problem.ts';
import type { RunEvent } from '../../../src/program/run-event.ts';
import { agentFinished, agentStarted, finished, numberEvents, STARTED } from '../../cli/support/events.ts';
import { fc } from '../../support/fast-check.ts';

const EVENTS = numberEvents([
  STARTED,
  ...['eins', 'zwei 🚀', 'drei'].flatMap((agent) => [agentStarted(agent), agentFinished(agent, { output: 'ü'.repeat(9) })]),
  finished(),
]);
const SOURCE = { origin: 'https://shop.example', run: 'r'.repeat(26), pause: async () => {} };

/** How one connection goes: from how many events too early it begins, in pieces of how many bytes, and after how many it breaks. */
const CONNECTION = fc.record({ early: fc.nat(3), piece: fc.integer({ min: 1, max: 400 }), bytes: fc.nat(2_000), cleanly: fc.boolean() });

async function* send(events: readonly RunEvent[], piece: number, bytes: number, cleanly: boolean): AsyncGenerator<Uint8Array, void> {
  const all = new TextEncoder().encode(events.map((event) => `${JSON.stringify(event)}\n`).join('\n'));
  for (let start = 0; start < Math.min(bytes, all.length); start += piece) yield all.slice(start, Math.min(start + piece, bytes));
  if (bytes < all.length && !cleanly) throw new ConnectionLost('gone', true);
}

async function readAll(source: EventSource): Promise<readonly RunEvent[]> {
  const all: RunEvent[] = [];
  for await (const event of readEvents(source, 0, true)) all.push(event);
  return all;
}

describe('the events of a run that is followed', () => {
  test('come each once and in order, wherever connections break and begin again', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(CONNECTION, { maxLength: 9 }), async (connections) => {
        const left = [...connections];
        const source: EventSource = {
          ...SOURCE,
          async open(next) {
            const { early, piece, bytes, cleanly } = left.shift() ?? {
              early: 0,
              piece: 100,
              bytes: Number.POSITIVE_INFINITY,
              cleanly: true,
            };
            return send(EVENTS.slice(Math.max(0, next - early)), piece, bytes, cleanly);
          },
        };
        expect(await readAll(source)).toEqual(EVENTS);
      }),
    );
  });

  // at its limit: src/node/remote/read-events.ts MAX_LOSSES
  test('are given up when ten connections in a row bring none', async () => {
    let opened = 0;
    const source: EventSource = {
      ...SOURCE,
      flags: '--remote https://shop.example',
      async open() {
        opened += 1;
        return send(EVENTS, 10, 20, false);
      },
    };
    const read = readAll(source);
    await expect(read).rejects.toThrow(RemoteProblem);
    await expect(read).rejects.toThrow(`ensemble attach ${SOURCE.run} --remote https://shop.example follows it again`);
    expect(opened).toBe(10);
  });

  test('come on when the Worker could not be reached for longer than one request is tried', async () => {
    let opened = 0;
    const source: EventSource = {
      ...SOURCE,
      async open(next) {
        opened += 1;
        if (opened === 1) return send(EVENTS, 400, 1_000, false);
        if (opened < 10) throw new RemoteProblem('cannot be reached', { cause: new ConnectionLost('connect ECONNREFUSED', false) });
        return send(EVENTS.slice(next), 400, Number.POSITIVE_INFINITY, true);
      },
    };
    expect(await readAll(source)).toEqual(EVENTS);
  });

  test('that never end a line are not kept in memory for ever', async () => {
    let sent = 0;
    async function* endless(): AsyncGenerator<Uint8Array, void> {
      for (;;) {
        sent += 1;
        yield new Uint8Array(8 * 1024 * 1024).fill(0x20);
      }
    }
    await expect(readAll({ ...SOURCE, open: async () => endless() })).rejects.toThrow('too long to be one');
    expect(sent).toBeLessThan(12);
  });
});

describe('what a Worker sends as events', () => {
  const MIB = new Uint8Array(1024 * 1024).fill(0x20);
  const sent = (pieces: () => Iterable<Uint8Array>): EventSource => ({
    ...SOURCE,
    async open() {
      return (async function* () {
        yield* pieces();
      })();
    },
  });
  const bytes = (text: string) => new TextEncoder().encode(text);
  const [first] = EVENTS;

  test('may be a line of 64 MiB, and no longer one, so that one without end is left', async () => {
    const line = function* (size: number) {
      for (let left = size; left > 0; left -= MIB.length) yield MIB.subarray(0, Math.min(left, MIB.length));
    };
    const event = bytes(`\n${JSON.stringify(first)}\n`);
    const read = (size: number) =>
      readEvents(
        sent(function* () {
          yield* line(size);
          yield event;
        }),
        0,
        false,
      ).next();
    await expect(read(64 * 1024 * 1024 + 1)).rejects.toThrow('sent an event that is too long to be one');
    // Blanks alone are no JSON: it was read to its end.
    await expect(read(64 * 1024 * 1024)).rejects.toThrow('sent events that are not JSON');
  });

  test('may be nested 2,000 levels deep, and no deeper: what is written again or walked would run out of stack', async () => {
    const read = (levels: number) => {
      const text = JSON.stringify({ ...first, input: null }).replace(
        '"input":null',
        `"input":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}`,
      );
      return readEvents(
        sent(() => [bytes(`${text}\n`)]),
        0,
        false,
      ).next();
    };
    expect((await read(2_000)).value).toMatchObject({ type: 'run.started' });
    await expect(read(2_001)).rejects.toThrow(new RemoteProblem('https://shop.example sent events that are not JSON'));
    await expect(read(1_000_000)).rejects.toThrow(RemoteProblem);
  });
});
