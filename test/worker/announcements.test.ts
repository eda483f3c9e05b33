import { describe, expect, test } from 'vitest';
import type { RunEvent } from '../../src/program/run-event.ts';
import { Announcements } from '../../src/worker/announcements.ts';

const group = (seq: number): readonly RunEvent[] => [{ seq, at: 0, run: 'r', type: 'run.continued' }];

/** What listeners heard, and the syncs that wait for the test. */
function open() {
  const heard: string[] = [];
  const syncs: { resolve(): void; reject(error: Error): void }[] = [];
  const announcements = new Announcements(() => new Promise<void>((resolve, reject) => syncs.push({ resolve, reject })), {
    send: (_, text) => heard.push(text),
    fail: (error) => heard.push(String(error)),
  });
  return { heard, syncs, announcements };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('an announcement', () => {
  test('is made once its events are on disk, not before', async () => {
    const { heard, syncs, announcements } = open();
    announcements.add(group(0), 'a');
    await turn();
    expect(heard).toEqual([]);
    syncs[0]?.resolve();
    await turn();
    expect(heard).toEqual(['a']);
  });

  test('that comes while others wait for the disk waits for the next time, in order', async () => {
    const { heard, syncs, announcements } = open();
    announcements.add(group(0), 'a');
    announcements.add(group(1), 'b');
    announcements.add(group(2), 'c');
    syncs[0]?.resolve();
    await turn();
    expect(heard).toEqual(['a']);
    syncs[1]?.resolve();
    await turn();
    expect([heard, syncs.length]).toEqual([['a', 'b', 'c'], 2]);
  });

  test('of what the disk refused is never made: who listens hears of that', async () => {
    const { heard, syncs, announcements } = open();
    announcements.add(group(0), 'a');
    syncs[0]?.reject(new Error('full'));
    await turn();
    expect(heard).toEqual(['Error: full']);
  });
});
