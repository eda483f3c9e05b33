import { describe, expect, test } from 'vitest';
import { isCronDue } from '../../src/program/cron/cron-due.ts';
import { platformCrons } from '../../src/program/platform-crons.ts';
import { fc } from '../support/fast-check.ts';

const MINUTE = 60_000;

describe('the crons that the platform needs', () => {
  test.each([
    ['0 9 * * MON-FRI', 'UTC', '0 9 * * MON-FRI'],
    ['  0   9 * * *', 'Etc/GMT', '0 9 * * *'],
    ['0 9 * * MON-FRI', 'Europe/Berlin', '0 7,8 * * MON-FRI'],
    ['30 1 * * MON', 'Europe/Berlin', '30 0,23 * * *'],
    ['0 9 * * 2', 'Asia/Tokyo', '0 0 * * 2'],
    ['0 9 1 * *', 'Asia/Kolkata', '30 3 1 * *'],
    ['*/5 * * * *', 'America/New_York', '*/5 * * * *'],
    ['0 * * * *', 'Asia/Kolkata', '30 * * * *'],
    ['0 * * * MON', 'Europe/Berlin', '0 * * * *'],
  ])('of %s in %s are %s', (cron, timezone, expected) => {
    expect(platformCrons({ cron, timezone })).toEqual([expected]);
  });

  test('cover each minute in which the trigger is due', () => {
    const zone = fc.constantFrom(
      ...[
        'Europe/Berlin',
        'America/New_York',
        'Asia/Kolkata',
        'Australia/Lord_Howe',
        'Pacific/Kiritimati',
        'Pacific/Pago_Pago',
        'Africa/Casablanca',
      ],
    );
    const cron = fc
      .tuple(
        fc.integer({ min: 0, max: 59 }),
        fc.constantFrom('*', '*/3', '0', '2', '1-3', '22-2', '9,23'),
        fc.constantFrom('*', 'MON', '15'),
      )
      .map(([minute, hour, day]) => (day === '15' ? `${minute} ${hour} 15 * *` : `${minute} ${hour} * * ${day}`));
    // Around the changes of clocks of two years, and anywhere.
    const day = fc.integer({ min: Date.UTC(2026, 0) / 86_400_000, max: Date.UTC(2028, 0) / 86_400_000 });
    fc.assert(
      fc.property(cron, zone, day, (text, timezone, at) => {
        const [utc = ''] = platformCrons({ cron: text, timezone });
        for (let minute = at * 86_400_000; minute < (at + 1) * 86_400_000; minute += MINUTE) {
          if (!isCronDue({ cron: text, timezone }, minute)) continue;
          expect({ text, utc, minute, covered: isCronDue({ cron: utc, timezone: 'UTC' }, minute) }).toMatchObject({ covered: true });
        }
      }),
      { numRuns: 15 },
    );
  });
});
