import { describe, expect, test } from 'vitest';
import { findCronProblem } from '../../../src/language/checks/cron/cron-problem.ts';
import { readCron } from '../../../src/program/cron/cron-fields.ts';
import { fc } from '../../support/fast-check.ts';

describe('a cron expression', () => {
  test('of numbers, steps, lists and ranges within their bounds has no problem, also where a range runs over the end', () => {
    const field = (from: number, to: number) => {
      const value = fc.integer({ min: from, max: to }).map(String);
      const step = fc.integer({ min: 1, max: to - from }).map(String);
      const range = fc.tuple(value, value).map((ends) => ends.join('-'));
      const item = fc.oneof(
        value,
        range,
        fc.tuple(fc.oneof(fc.constant('*'), range, value), step).map((parts) => parts.join('/')),
      );
      return fc.oneof(
        fc.constant('*'),
        fc.array(item, { minLength: 1, maxLength: 4 }).map((items) => items.join(',')),
      );
    };
    const expression = fc.tuple(
      field(0, 59),
      field(0, 23),
      field(1, 28),
      field(1, 12),
      fc.constantFrom('*', 'MON-FRI', 'sat,SUN', 'FRIL', 'TUE#3', 'L'),
    );
    fc.assert(fc.property(expression, (fields) => findCronProblem(fields.join(' ')) === undefined));
  });

  test('with one field that is wrong has its problem there', () => {
    const wrong = [
      ['60', '-1', 'a', '*/0', '1-', '/5', '007'],
      ['24', '1-24'],
      ['0', '32', 'LL', '1X'],
      ['0', '13', 'JANUARY'],
      ['0', '8', '0-5', 'MONDAY', 'MON#6', ''],
    ];
    wrong.forEach((texts, index) => {
      for (const text of texts.filter((candidate) => candidate !== '')) {
        const fields = ['0', '0', '1', '1', '*'].with(index, text);
        const problem = findCronProblem(fields.join(' '));
        expect({ text, found: problem && fields.join(' ').slice(problem.start, problem.end) }).toEqual({ text, found: text });
      }
    });
  });

  test.each(['* '.repeat(300_000), ','.repeat(500_000), `${'1'.repeat(900_000)} b`, `* * * * ${'1,'.repeat(300_000)}`])(
    'that is very long is refused at once',
    (text) => {
      expect(findCronProblem(text)?.what).toMatch(/is longer than/);
    },
  );

  test('without a problem is one that a deployed Worker can read', () => {
    const item = fc.string({ unit: fc.constantFrom(...'01235*/,-LW#?'), minLength: 1, maxLength: 5 });
    const field = fc.oneof(item, fc.constantFrom('*', 'FRI-MON', 'JAN', 'LW', '15W', 'L-3W', 'FRIL', 'MON#5', '5/10'));
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4 }), field, (index, text) => {
        const cron = ['1', '1', '*', '*', '*'].with(index, text).join(' ');
        if (findCronProblem(cron) === undefined) expect({ cron, isRead: readCron(cron) !== undefined }).toMatchObject({ isRead: true });
      }),
      { numRuns: 5_000 },
    );
  });

  test('of any text finds a stretch of it or nothing, and never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'0159*/,-LW#?@ JANmon\t') }), (text) => {
        const problem = findCronProblem(text);
        if (problem === undefined) return;
        expect(problem.start).toBeLessThanOrEqual(problem.end);
        expect(problem.end).toBeLessThanOrEqual(text.length);
      }),
    );
  });
});
