import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CarefulTurns } from '../../src/worker/careful-turns.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const NEVER = new AbortController().signal;

describe('CarefulTurns', () => {
  test('lets one begin when the one before it is over, in the order in which they asked', async () => {
    const turns = new CarefulTurns();
    const began: number[] = [];
    const ends: (() => void)[] = [];
    for (const n of [1, 2, 3]) {
      void turns.take(NEVER).then((leave) => {
        began.push(n);
        ends.push(leave);
      });
    }
    await vi.advanceTimersByTimeAsync(100);
    expect(began).toEqual([1]);
    ends[0]?.();
    await vi.advanceTimersByTimeAsync(100);
    expect(began).toEqual([1, 2]);
    ends[1]?.();
    await vi.advanceTimersByTimeAsync(100);
    expect(began).toEqual([1, 2, 3]);
  });

  test('lets the next one begin beside a call that is at work for long', async () => {
    const turns = new CarefulTurns();
    const began: number[] = [];
    void turns.take(NEVER).then(() => began.push(1));
    void turns.take(NEVER).then(() => began.push(2));
    await vi.advanceTimersByTimeAsync(1_900);
    expect(began).toEqual([1]);
    await vi.advanceTimersByTimeAsync(200);
    expect(began).toEqual([1, 2]);
  });

  test('loses nobody when everything stood still for long, as behind a body that computes', async () => {
    const turns = new CarefulTurns();
    const leave = await turns.take(NEVER);
    const began: number[] = [];
    for (const n of [2, 3, 4]) {
      void turns.take(NEVER).then((done) => {
        began.push(n);
        done();
      });
    }
    await vi.advanceTimersByTimeAsync(10);
    vi.setSystemTime(Date.now() + 10_000);
    leave();
    await vi.advanceTimersByTimeAsync(100);
    expect(began.toSorted()).toEqual([2, 3, 4]);
  });

  test('rejects with the reason of a signal that fires while it waits, and lets the next one through', async () => {
    const turns = new CarefulTurns();
    const leave = await turns.take(NEVER);
    const gone = new AbortController();
    const refused = expect(turns.take(gone.signal)).rejects.toBe('over');
    const third = turns.take(NEVER);
    gone.abort('over');
    await vi.advanceTimersByTimeAsync(10);
    await refused;
    leave();
    await vi.advanceTimersByTimeAsync(10);
    expect(typeof (await third)).toBe('function');
  });
});
