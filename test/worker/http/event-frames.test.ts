import { describe, expect, test } from 'vitest';
import { frameEvents, NDJSON, SERVER_SENT_EVENTS } from '../../../src/worker/http/event-frames.ts';
import { fc } from '../../support/fast-check.ts';

const line = (seq: number) => JSON.stringify({ seq, type: 'log', message: `é\n\u2028${'x'.repeat(seq)}` });

/** A source that the test feeds. */
function openSource() {
  const told: { cancelled?: unknown } = {};
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  const stream = new ReadableStream<Uint8Array>({
    start: (own) => {
      controller = own;
    },
    cancel: (reason) => {
      told.cancelled = reason ?? true;
    },
  });
  return {
    stream,
    told,
    write: (text: string) => controller?.enqueue(new TextEncoder().encode(text)),
    close: () => controller?.close(),
    fail: () => controller?.error(new Error('the object was moved')),
  };
}

const readAll = (stream: ReadableStream<Uint8Array>) => new Response(stream).text();

describe('events as frames', () => {
  test('are the same lines wherever the pieces of the source end', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(20), fc.array(fc.nat(40), { maxLength: 60 }), async (count, cuts) => {
        const lines = Array.from({ length: count }, (_, seq) => line(seq));
        let bytes = new TextEncoder().encode(lines.map((one) => `${one}\n`).join(''));
        const source = new ReadableStream<Uint8Array>({
          start: (controller) => {
            for (const cut of cuts) {
              controller.enqueue(bytes.slice(0, cut));
              bytes = bytes.slice(cut);
            }
            controller.enqueue(bytes);
            controller.close();
          },
        });
        expect(await readAll(frameEvents(source, NDJSON))).toBe(lines.map((one) => `${one}\n`).join(''));
      }),
    );
  });

  test('carry their number and their type', async () => {
    const { stream, write, close } = openSource();
    write(`${line(0)}\n${line(1)}\n`);
    close();
    const text = await readAll(frameEvents(stream, SERVER_SENT_EVENTS));
    expect(text).toBe(`retry: 1000\n\nid: 0\nevent: log\ndata: ${line(0)}\n\nid: 1\nevent: log\ndata: ${line(1)}\n\n`);
  });

  test('end where the source breaks, without half an event', async () => {
    const { stream, write, fail } = openSource();
    const framed = frameEvents(stream, NDJSON).getReader();
    write(`${line(0)}\n{"seq":1,"ty`);
    expect(new TextDecoder().decode((await framed.read()).value)).toBe(`${line(0)}\n`);
    const next = framed.read();
    fail();
    expect(await next).toMatchObject({ done: true });
  });

  test('end the source when nobody reads them any more, at work or not', async () => {
    for (const isReading of [true, false]) {
      const { stream, told } = openSource();
      const framed = frameEvents(stream, NDJSON).getReader();
      const next = isReading ? framed.read() : undefined;
      await framed.cancel('gone');
      await next;
      expect(told.cancelled).toBe('gone');
    }
  });

  test.each([
    ['server-sent events', SERVER_SENT_EVENTS, 'retry: 1000\n\n: keep-alive\n\n'],
    ['NDJSON', NDJSON, '\n'],
  ])('%s show that the connection lives', async (_, format, signs) => {
    const { stream, write, close } = openSource();
    write('\n');
    write(`${line(0)}\n`);
    close();
    expect(await readAll(frameEvents(stream, format))).toBe(`${signs}${format.frame(line(0))}`);
  });
});
