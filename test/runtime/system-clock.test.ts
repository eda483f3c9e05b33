import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { SYSTEM_CLOCK } from '../../src/runtime/system-clock.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const DAY_MS = 24 * 60 * 60 * 1_000;

describe('the clock of the platform', () => {
  test('sleeps as long as asked, beyond what one timer can', async () => {
    let awake = false;
    const slept = SYSTEM_CLOCK.sleep(60 * DAY_MS, new AbortController().signal).then(() => {
      awake = true;
    });
    await vi.advanceTimersByTimeAsync(60 * DAY_MS - 1);
    expect(awake).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await slept;
    expect(awake).toBe(true);
  });

  test('wakes with the reason of its signal and leaves no timer', async () => {
    const controller = new AbortController();
    const slept = SYSTEM_CLOCK.sleep(1_000, controller.signal);
    controller.abort('enough');
    await expect(slept).rejects.toBe('enough');
    expect(vi.getTimerCount()).toBe(0);
    await expect(SYSTEM_CLOCK.sleep(1, controller.signal)).rejects.toBe('enough');
  });
});
