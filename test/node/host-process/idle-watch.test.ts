import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { watchIdle } from '../../../src/node/host-process/idle-watch.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function watch(idleMs: number) {
  const signs = { clients: 0, busy: false, known: true, asked: 0 };
  const left: string[] = [];
  const end = watchIdle(
    {
      idleMs,
      clients: () => signs.clients,
      async isBusy() {
        signs.asked += 1;
        return signs.busy;
      },
      isKnown: () => signs.known,
    },
    (why) => left.push(why),
  );
  return { signs, left, end };
}

test('a host leaves once nobody was there for as long as it may be idle', async () => {
  const { left } = watch(60_000);
  await vi.advanceTimersByTimeAsync(59_000);
  expect(left).toEqual([]);
  await vi.advanceTimersByTimeAsync(120_000);
  expect(left).toHaveLength(1);
});

test('whoever is connected keeps it, and it is counted from when the last one left', async () => {
  const { signs, left } = watch(60_000);
  signs.clients = 1;
  await vi.advanceTimersByTimeAsync(300_000);
  signs.clients = 0;
  await vi.advanceTimersByTimeAsync(59_000);
  expect([left, signs.asked]).toEqual([[], 0]);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(left).toHaveLength(1);
});

test('runs keep it, and it is not asked about them without end', async () => {
  const { signs, left } = watch(60_000);
  signs.busy = true;
  await vi.advanceTimersByTimeAsync(600_000);
  expect(left).toEqual([]);
  expect(signs.asked).toBeLessThanOrEqual(10);
  signs.busy = false;
  await vi.advanceTimersByTimeAsync(62_000);
  expect(left).toHaveLength(1);
});

test('one that commands cannot find any more leaves at once, whoever is connected', async () => {
  const { signs, left } = watch(60_000);
  signs.clients = 3;
  signs.known = false;
  await vi.advanceTimersByTimeAsync(1_000);
  expect(left).toEqual(['its data folder is gone']);
});

test('an ended watch never leaves', async () => {
  const { left, end } = watch(1_000);
  end();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(left).toEqual([]);
});
