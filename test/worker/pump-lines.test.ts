import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { pumpLines } from '../../src/worker/pump-lines.ts';

const KEEP_ALIVE_MS = 15_000;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function openPump() {
  const told: { cancelled?: unknown } = {};
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  const source = new ReadableStream<Uint8Array>({
    start: (own) => {
      controller = own;
    },
    cancel: (reason) => {
      told.cancelled = reason ?? true;
    },
  });
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const done = pumpLines(source, writable, KEEP_ALIVE_MS);
  const reader = readable.getReader();
  const next = async () => new TextDecoder().decode((await reader.read()).value);
  return { told, controller, done, reader, next, write: (text: string) => controller?.enqueue(new TextEncoder().encode(text)) };
}

describe('pumped lines', () => {
  test('come as they are, with an empty one whenever there is silence', async () => {
    const { write, next, controller, reader, done } = openPump();
    write('{"seq":0}\n');
    expect(await next()).toBe('{"seq":0}\n');
    for (let time = 0; time < 3; time += 1) {
      const sign = next();
      await vi.advanceTimersByTimeAsync(KEEP_ALIVE_MS);
      expect(await sign).toBe('\n');
    }
    write('{"seq":1}\n');
    expect(await next()).toBe('{"seq":1}\n');
    controller?.close();
    expect(await reader.read()).toMatchObject({ done: true });
    await done;
    expect(vi.getTimerCount()).toBe(0);
  });

  test('a reader who is gone ends the source, at the latest at the next sign of life', async () => {
    const { told, reader, next, write, done } = openPump();
    write('{"seq":0}\n');
    await next();
    await reader.cancel('gone');
    await vi.advanceTimersByTimeAsync(KEEP_ALIVE_MS);
    await done;
    expect(told.cancelled).toBeDefined();
    expect(vi.getTimerCount()).toBe(0);
  });

  test('a reader who takes nothing is sent nothing more', async () => {
    const { next, write, reader, done } = openPump();
    await vi.advanceTimersByTimeAsync(100 * KEEP_ALIVE_MS);
    write('{"seq":0}\n');
    expect([await next(), await next()]).toEqual(['\n', '{"seq":0}\n']);
    await reader.cancel();
    await vi.advanceTimersByTimeAsync(KEEP_ALIVE_MS);
    await done;
  });

  test('a source that breaks breaks the answer', async () => {
    const { controller, reader, done } = openPump();
    const read = reader.read();
    read.catch(() => undefined);
    controller?.error(new Error('the disk is full'));
    await done;
    await expect(read).rejects.toThrow('the disk is full');
  });
});
