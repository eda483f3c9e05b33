import type * as Fs from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import { readText } from '../../src/node/read-text.ts';
import { atLimit } from '../support/at-limit.ts';

const readSync = vi.hoisted(() => vi.fn());
vi.mock('node:fs', async (original) => ({ ...(await original<typeof Fs>()), readSync }));

/** What is read of a device that gives so many bytes, `atOnce` at most; how many buffers that takes. */
function read(bytes: number, atOnce = Number.POSITIVE_INFINITY): { readonly text: string; readonly buffers: number } {
  const buffers = new Set<Uint8Array>();
  let given = 0;
  readSync.mockImplementation((_file: number, into: Uint8Array, offset: number, length: number) => {
    const count = Math.min(atOnce, length, bytes - given);
    into.fill(0x78, offset, offset + count);
    given += count;
    buffers.add(into);
    return count;
  });
  return { text: readText('/dev/null'), buffers: buffers.size };
}

describe('a pipe', () => {
  test('that is written byte by byte is read into one buffer', () => {
    expect(read(3_000, 1)).toEqual({ text: 'x'.repeat(3_000), buffers: 1 });
  });

  atLimit('src/node/read-text.ts FIRST_BUFFER_BYTES', {
    within: (bytes) => expect(read(bytes).text === 'x'.repeat(bytes)).toBe(true),
    beyond: (bytes) => expect(read(bytes).text === 'x'.repeat(bytes)).toBe(true),
  });

  atLimit('src/node/read-text.ts MAX_TEXT_BYTES', {
    within: (bytes) => expect(read(bytes).text).toHaveLength(bytes),
    beyond: (bytes) => expect(() => read(bytes)).toThrow(/^it is larger than 64 MiB$/),
  });
});
