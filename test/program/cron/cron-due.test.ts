import { Cron } from 'croner';
import { describe, expect, test } from 'vitest';
import { isCronDue } from '../../../src/program/cron/cron-due.ts';
import { nextCron } from '../../../src/program/cron/next-cron.ts';
import { fc } from '../../support/fast-check.ts';

const BERLIN = 'Europe/Berlin';
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** All times, as ISO texts in UTC, at which a cron fires from `from` on for `ms`. */
function firings(cron: string, timezone: string, from: string, ms: number, stepMs = 60_000): readonly string[] {
  const found: string[] = [];
  for (let at = Date.parse(from); at < Date.parse(from) + ms; at += stepMs) {
    if (isCronDue({ cron, timezone }, at)) found.push(new Date(at).toISOString().slice(5, 16));
  }
  return found;
}

describe('a cron trigger', () => {
  test('fires by the clocks of its time zone', () => {
    expect(firings('0 9 * * MON-FRI', BERLIN, '2026-07-03T00:00Z', 4 * DAY)).toEqual(['07-03T07:00', '07-06T07:00']);
    expect(firings('0 9 * * *', BERLIN, '2026-12-03T00:00Z', DAY)).toEqual(['12-03T08:00']);
  });

  test('fires once, later, when its time is skipped because clocks are set forward', () => {
    expect(firings('30 2 * * *', BERLIN, '2026-03-28T12:00Z', DAY)).toEqual(['03-29T01:30']);
    expect(firings('30 2,3 * * *', BERLIN, '2026-03-28T12:00Z', DAY)).toEqual(['03-29T01:30']);
  });

  test('fires once when clocks that are set back show its time twice', () => {
    expect(firings('30 2 * * *', BERLIN, '2026-10-24T12:00Z', DAY)).toEqual(['10-25T00:30']);
  });

  test('that names no hours does not rest while clocks show an hour again', () => {
    expect(firings('0 * * * *', BERLIN, '2026-10-24T23:00Z', 4 * HOUR)).toEqual([
      '10-24T23:00',
      '10-25T00:00',
      '10-25T01:00',
      '10-25T02:00',
    ]);
    expect(firings('0 * * * *', BERLIN, '2026-03-29T00:00Z', 3 * HOUR)).toEqual(['03-29T00:00', '03-29T01:00', '03-29T02:00']);
  });

  test.each([
    ['0 0 L * *', '2026-02-10T00:00Z', ['02-28T00:00']],
    ['0 0 L-3 * *', '2026-02-10T00:00Z', ['02-25T00:00']],
    ['0 0 LW * *', '2026-02-10T00:00Z', ['02-27T00:00']],
    ['0 0 1W * *', '2026-08-01T00:00Z', ['08-03T00:00']],
    ['0 0 15W * *', '2026-02-01T00:00Z', ['02-16T00:00']],
    ['0 0 * * FRIL', '2026-02-10T00:00Z', ['02-27T00:00']],
    ['0 0 * * MON#2', '2026-02-01T00:00Z', ['02-09T00:00']],
    ['0 0 * * L', '2026-02-01T00:00Z', ['02-07T00:00', '02-14T00:00', '02-21T00:00']],
    ['0 0 13 * FRI#1', '2026-02-01T00:00Z', ['02-06T00:00', '02-13T00:00']],
    ['0 0 31-1 * *', '2026-02-01T00:00Z', ['02-01T00:00']],
    ['0 0 * 12-1 SAT-SUN', '2026-02-01T00:00Z', []],
    [
      '0 0 1-7 * *',
      '2026-01-26T00:00Z',
      ['02-01T00:00', '02-02T00:00', '02-03T00:00', '02-04T00:00', '02-05T00:00', '02-06T00:00', '02-07T00:00'],
    ],
  ])('%s has the days that Cloudflare gives it', (cron, from, expected) => {
    expect(firings(cron, 'UTC', from, 22 * DAY, DAY)).toEqual(expected);
  });

  test('counts weekdays from 1, which is Sunday', () => {
    expect(firings('0 0 * * 1', 'UTC', '2026-02-01T00:00Z', 7 * DAY)).toEqual(['02-01T00:00']);
    expect(firings('0 0 * * 6-2', 'UTC', '2026-02-01T00:00Z', 7 * DAY)).toEqual([
      '02-01T00:00',
      '02-02T00:00',
      '02-06T00:00',
      '02-07T00:00',
    ]);
  });

  test.each(['', '* * * *', '60 * * * *', '* * * * MONDAY', '*/0 * * * *', '*-5 * * * *'])('%j never fires', (cron) => {
    expect(isCronDue({ cron, timezone: 'UTC' }, 0)).toBe(false);
    expect(nextCron({ cron, timezone: 'UTC' }, 0)).toBeUndefined();
  });

  test('fires when a well-known library says so, where both have the same expressions', () => {
    const list = (min: number, max: number) =>
      fc.oneof(
        fc.constant('*'),
        fc.uniqueArray(fc.integer({ min, max }), { minLength: 1, maxLength: 3 }).map((values) => values.join(',')),
        fc.integer({ min: 2, max: 9 }).map((step) => `*/${step}`),
        fc.tuple(fc.integer({ min, max }), fc.integer({ min, max })).map((ends) => ends.toSorted((a, b) => a - b).join('-')),
      );
    const cron = fc
      .tuple(
        list(0, 59),
        list(0, 23),
        fc.oneof(list(1, 28), fc.constantFrom('L', '15W')),
        list(1, 12),
        fc.constantFrom('*', 'MON-FRI', 'SAT', 'FRIL', 'TUE#2'),
      )
      .map((fields) => fields.join(' '));
    const at = fc.integer({ min: Date.UTC(2026, 0), max: Date.UTC(2030, 0) });
    fc.assert(
      fc.property(cron, at, (text, after) => {
        const other = new Cron(text, { timezone: 'UTC', paused: true }).nextRun(new Date(after));
        expect({ text, next: nextCron({ cron: text, timezone: 'UTC' }, after) }).toEqual({ text, next: other?.getTime() });
      }),
      { numRuns: 300 },
    );
  });
});
