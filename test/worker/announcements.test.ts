import { describe, expect, test } from 'vitest';
import type { RunEvent } from '../../src/program/run-event.ts';
import { Announcements } from '../../src/worker/announcements.ts';
import { atLimit } from '../support/at-limit.ts';

const group = (seq: number): readonly RunEvent[] => [{ seq, at: 0, run: 'r', type: 'run.continued' }];
const paused = (seq: number): readonly RunEvent[] => [{ seq, at: 0, run: 'r', type: 'run.paused' }];

/** What listeners heard, and the syncs and timers that wait for the test. */
function open() {
  const heard: string[] = [];
  const syncs: { resolve(): void; reject(error: Error): void }[] = [];
  const timers: (() => void)[] = [];
  const announcements = new Announcements(
    () => new Promise<void>((resolve, reject) => syncs.push({ resolve, reject })),
    {
      send: ({ from, text }) => heard.push(text ?? `${from} from the journal`),
      fail: (error) => heard.push(String(error)),
    },
    (call) => timers.push(call),
  );
  return { heard, syncs, timers, announcements };
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
    const { heard, syncs, timers, announcements } = open();
    announcements.add(group(0), 'a');
    announcements.add(group(1), 'b');
    announcements.add(group(2), 'c');
    syncs[0]?.resolve();
    await turn();
    expect(heard).toEqual(['a']);
    timers[0]?.();
    await turn();
    syncs[1]?.resolve();
    await turn();
    expect([heard, syncs.length]).toEqual([['a', 'b', 'c'], 2]);
  });

  test('that follows at once waits for those that come in the next milliseconds', async () => {
    const { heard, syncs, timers, announcements } = open();
    announcements.add(group(0), 'a');
    syncs[0]?.resolve();
    await turn();
    announcements.add(group(1), 'b');
    announcements.add(group(2), 'c');
    await turn();
    expect([heard, syncs.length]).toEqual([['a'], 1]);
    timers[0]?.();
    await turn();
    syncs[1]?.resolve();
    await turn();
    expect([heard, syncs.length]).toEqual([['a', 'b', 'c'], 2]);
    timers[1]?.();
    await turn();
    announcements.add(group(3), 'd');
    syncs[2]?.resolve();
    await turn();
    expect(heard).toEqual(['a', 'b', 'c', 'd']);
  });

  test.each(['before', 'in'])('of a run that waits is made at once, also when it comes %s the gap after another', async (when) => {
    const { heard, syncs, announcements } = open();
    announcements.add(group(0), 'a');
    if (when === 'before') announcements.add(paused(1), 'b');
    syncs[0]?.resolve();
    await turn();
    if (when === 'in') announcements.add(paused(1), 'b');
    await turn();
    syncs[1]?.resolve();
    await turn();
    expect(heard).toEqual(['a', 'b']);
  });

  test('of what the disk refused is never made: who listens hears of that', async () => {
    const { heard, syncs, announcements } = open();
    announcements.add(group(0), 'a');
    syncs[0]?.reject(new Error('full'));
    await turn();
    expect(heard).toEqual(['Error: full']);
  });

  // A run is faster than a disk: forty outputs of 8 MB waited in memory, and with what they were made of they ended the runtime.
  atLimit('src/worker/announcements.ts MAX_WAITING', {
    within: async (characters) => expect(await waiting(characters)).toEqual(['a', characters - 1, 'ended']),
    beyond: async (characters) => expect(await waiting(characters)).toEqual(['a', '1 from the journal', 'ended']),
  });

  /** What is heard of a text that waits with another one of one character, and of a short one once both have gone. */
  async function waiting(characters: number): Promise<readonly (string | number)[]> {
    const { heard, syncs, timers, announcements } = open();
    announcements.add(group(0), 'a');
    announcements.add(group(1), 'x'.repeat(characters - 1));
    syncs[0]?.resolve();
    await turn();
    timers[0]?.();
    await turn();
    syncs[1]?.resolve();
    await turn();
    announcements.add(paused(2), 'ended');
    await turn();
    syncs[2]?.resolve();
    await turn();
    return heard.map((text) => (text.length > 100 ? text.length : text));
  }
});
