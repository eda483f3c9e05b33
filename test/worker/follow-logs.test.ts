import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { CodeLog } from '../../src/runtime/ports.ts';
import { LogFollowers } from '../../src/worker/follow-logs.ts';

const line = (message: string): CodeLog => ({ level: 'info', message });

describe('following the logs of a call', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** An isolate that has `pieces` to tell, one each time it is asked. */
  function follow(pieces: readonly (readonly CodeLog[])[], signal = new AbortController().signal) {
    const got: CodeLog[] = [];
    let asked = 0;
    const isolate = { takeLogs: async () => JSON.stringify(pieces[asked++] ?? []) };
    const follower = new LogFollowers().follow(isolate, 'id', signal, (logs) => got.push(...logs));
    return { follower, got, asked: () => asked };
  }

  test('asks a short call for nothing', async () => {
    const { follower, asked } = follow([[line('a')]]);
    await vi.advanceTimersByTimeAsync(149);
    await follower.stop();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked()).toBe(0);
  });

  test('hands on what a long call logs, piece by piece', async () => {
    const { follower, got } = follow([[line('a'), line('b')], [], [line('c')]]);
    await vi.advanceTimersByTimeAsync(150);
    expect(got).toEqual([line('a'), line('b')]);
    await vi.advanceTimersByTimeAsync(500);
    expect(got).toEqual([line('a'), line('b'), line('c')]);
    await follower.stop();
  });

  test('waits at its end for what it has asked for', async () => {
    const got: CodeLog[] = [];
    let answer: (text: string) => void = () => undefined;
    const asked = new Promise<string>((resolve) => {
      answer = resolve;
    });
    const follower = new LogFollowers().follow({ takeLogs: () => asked }, 'id', new AbortController().signal, (logs) => got.push(...logs));
    await vi.advanceTimersByTimeAsync(150);
    const stopped = follower.stop();
    answer(JSON.stringify([line('late')]));
    await stopped;
    expect(got).toEqual([line('late')]);
  });

  test('ends with an aborted call, and survives an isolate that is gone', async () => {
    const controller = new AbortController();
    const { asked } = follow([[line('a')]], controller.signal);
    controller.abort();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(asked()).toBe(0);
    const gone = new LogFollowers().follow(
      { takeLogs: () => Promise.reject(new Error('gone')) },
      'id',
      new AbortController().signal,
      () => undefined,
    );
    await vi.advanceTimersByTimeAsync(500);
    await gone.stop();
  });

  test('has one timer for all calls of a run, and asks each of them in its time', async () => {
    const followers = new LogFollowers();
    const asked: string[] = [];
    const isolate = {
      takeLogs: async (id: string) => {
        asked.push(`${id} ${Date.now() - startedAt}`);
        return '[]';
      },
    };
    const startedAt = Date.now();
    const follow = (id: string) => followers.follow(isolate, id, new AbortController().signal, () => undefined);
    for (let call = 0; call < 100; call += 1) follow(`quick ${call}`).stop();
    expect(vi.getTimerCount()).toBe(1);
    const first = follow('first');
    await vi.advanceTimersByTimeAsync(160);
    const second = follow('second');
    await vi.advanceTimersByTimeAsync(300);
    first.stop();
    second.stop();
    expect(asked).toEqual(['first 150', 'second 310', 'first 400']);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('has no more timers after many quick calls beside a long one', async () => {
    const followers = new LogFollowers();
    const isolate = { takeLogs: async () => '[]' };
    const follow = (id: string) => followers.follow(isolate, id, new AbortController().signal, () => undefined);
    const long = follow('long');
    for (let call = 0; call < 100; call += 1) {
      follow(`quick ${call}`).stop();
      await vi.advanceTimersByTimeAsync(97);
    }
    expect(vi.getTimerCount()).toBeLessThan(5);
    long.stop();
  });
});
