import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { watchIdle } from '../../../src/node/host-process/idle-watch.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function watch(idleMs: number) {
  const signs = { clients: 0, visits: 0, known: true, asked: 0, isBusy: async () => false };
  const left: string[] = [];
  const end = watchIdle(
    {
      idleMs,
      clients: () => signs.clients,
      visits: () => signs.visits,
      isBusy() {
        signs.asked += 1;
        return signs.isBusy();
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
  signs.isBusy = async () => true;
  await vi.advanceTimersByTimeAsync(600_000);
  expect(left).toEqual([]);
  expect(signs.asked).toBeLessThanOrEqual(10);
  signs.isBusy = async () => false;
  await vi.advanceTimersByTimeAsync(62_000);
  expect(left).toHaveLength(1);
});

test('whoever came and left between two looks is counted, too', async () => {
  const { signs, left } = watch(60_000);
  await vi.advanceTimersByTimeAsync(50_500);
  signs.visits += 1;
  await vi.advanceTimersByTimeAsync(58_000);
  expect(left).toEqual([]);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(left).toHaveLength(1);
});

test('whoever came and left while it was asked for runs may have begun one: it is asked again later', async () => {
  const { signs, left } = watch(60_000);
  const answer = Promise.withResolvers<boolean>();
  signs.isBusy = () => answer.promise;
  await vi.advanceTimersByTimeAsync(61_000);
  expect(signs.asked).toBe(1);
  signs.visits += 1;
  signs.isBusy = async () => true;
  answer.resolve(false);
  await vi.advanceTimersByTimeAsync(300_000);
  expect(left).toEqual([]);
  expect(signs.asked).toBeGreaterThan(1);
});

test('one that cannot say whether it has runs stays until it can', async () => {
  const { signs, left } = watch(60_000);
  signs.isBusy = async () => {
    throw new Error('the runtime is starting anew');
  };
  await vi.advanceTimersByTimeAsync(300_000);
  expect(left).toEqual([]);
  signs.isBusy = async () => false;
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
