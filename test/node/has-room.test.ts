import { describe, expect, test } from 'vitest';
import { hasRoom } from '../../src/node/has-room.ts';

const disk = { bsize: 4_096, blocks: 1_000, bfree: 1_000, bavail: 1_000 };

describe('a file system', () => {
  test('that is full, or nearly, has no room for a run', () => {
    expect(hasRoom(disk, false)).toBe(true);
    expect(hasRoom({ ...disk, bfree: 16, bavail: 16 }, false)).toBe(true);
    expect(hasRoom({ ...disk, bfree: 15, bavail: 15 }, false)).toBe(false);
    expect(hasRoom({ ...disk, bfree: 0, bavail: 0 }, true)).toBe(false);
  });

  test('of which only what is reserved is left has room for the superuser alone', () => {
    const reserved = { ...disk, bfree: 50, bavail: 0 };
    expect(hasRoom(reserved, true)).toBe(true);
    expect(hasRoom(reserved, false)).toBe(false);
  });

  test('that does not tell its size has room', () => {
    expect(hasRoom({ bsize: 4_096, blocks: 0, bfree: 0, bavail: 0 }, false)).toBe(true);
  });
});
