import { describe, expect, test } from 'vitest';
import type { Failure } from '../../../src/program/failure.ts';
import type { RetryPlan } from '../../../src/program/program.ts';
import { MAX_RETRY_AFTER_MS, retryDelay } from '../../../src/runtime/engine/retry-delay.ts';
import { fc } from '../../support/fast-check.ts';

const plan: RetryPlan = { maxAttempts: 5, backoff: 'exponential', initialDelayMs: 100, maxDelayMs: 1_000, jitter: false, retryOn: [] };
const network: Failure = { code: 'NETWORK', message: 'no answer', retryable: true };
const delays = (over: Partial<RetryPlan>, failure = network, random = 0.5): (number | undefined)[] =>
  [1, 2, 3, 4, 5].map((attempt) => retryDelay({ ...plan, ...over }, failure, attempt, () => random));

describe('the pause before the next try', () => {
  test('doubles with exponential backoff up to the cap, and the last try has none', () => {
    expect(delays({})).toEqual([100, 200, 400, 800, undefined]);
    expect(delays({ maxDelayMs: 300 })).toEqual([100, 200, 300, 300, undefined]);
  });

  test('stays a number after thousands of tries', () => {
    const many = { ...plan, maxAttempts: 5_000 };
    expect(retryDelay(many, network, 4_000, () => 0)).toBe(1_000);
    expect(retryDelay({ ...many, initialDelayMs: 0 }, network, 4_000, () => 0)).toBe(0);
  });

  test('grows by the initial delay with linear backoff and stays with fixed backoff', () => {
    expect(delays({ backoff: 'linear' })).toEqual([100, 200, 300, 400, undefined]);
    expect(delays({ backoff: 'fixed' })).toEqual([100, 100, 100, 100, undefined]);
  });

  test('is drawn from the upper half with jitter', () => {
    expect(delays({ jitter: true }, network, 0)).toEqual([50, 100, 200, 400, undefined]);
    expect(delays({ jitter: true }, network, 0.999)[0]).toBe(100);
  });

  test('is as long as the server asks, past the cap too', () => {
    expect(delays({}, { ...network, retryAfterMs: 5_000 })).toEqual([5_000, 5_000, 5_000, 5_000, undefined]);
    expect(delays({}, { ...network, retryAfterMs: 150 })).toEqual([150, 200, 400, 800, undefined]);
  });

  test('is none when the server asks for longer than anyone would wait', () => {
    expect(delays({}, { ...network, retryAfterMs: MAX_RETRY_AFTER_MS + 1 })).toEqual(Array(5).fill(undefined));
  });

  test('is none for a failure that no try mends, unless retryOn names its status', () => {
    const conflict: Failure = { code: 'HTTP_STATUS', message: '409', retryable: false, status: 409 };
    expect(retryDelay(plan, conflict, 1, () => 0)).toBeUndefined();
    expect(retryDelay({ ...plan, retryOn: [409] }, conflict, 1, () => 0)).toBe(100);
  });

  test('never exceeds the cap nor falls below half of what was planned', () => {
    const plans = fc.record({
      maxAttempts: fc.constant(60),
      backoff: fc.constantFrom('exponential' as const, 'linear' as const, 'fixed' as const),
      initialDelayMs: fc.integer({ min: 0, max: 60_000 }),
      maxDelayMs: fc.integer({ min: 0, max: 600_000 }),
      jitter: fc.boolean(),
      retryOn: fc.constant([]),
    });
    fc.assert(
      fc.property(
        plans,
        fc.integer({ min: 1, max: 59 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (any, attempt, draw) => {
          const delay = retryDelay(any, network, attempt, () => draw) ?? Number.NaN;
          const most = retryDelay({ ...any, jitter: false }, network, attempt, () => draw) ?? Number.NaN;
          return delay <= most && most <= any.maxDelayMs && delay >= Math.floor(most / 2);
        },
      ),
    );
  });
});
