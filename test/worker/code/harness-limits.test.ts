import { describe, expect, test } from 'vitest';
import { CallLog } from '../../../src/worker/code-harness/call-log.ts';
import { describeError } from '../../../src/worker/code-harness/describe-error.ts';

const MIB = 1024 * 1024;

describe('what a body logs', () => {
  // at its limit: src/worker/code-harness/call-log.ts MAX_LINES
  test.each([
    [10_000, 10_000, undefined],
    [10_001, 10_001, '… and 1 more lines that were not kept'],
    [10_500, 10_001, '… and 500 more lines that were not kept'],
  ])('is kept for 10,000 lines, and what comes after is counted: %i', (count, kept, last) => {
    const log = new CallLog();
    for (let line = 0; line < count; line++) log.add('info', ['x']);
    const lines = log.takeLast();
    expect(lines).toHaveLength(kept);
    expect(lines.at(-1)?.message).toBe(last ?? 'x');
  });

  // at its limit: src/worker/code-harness/call-log.ts MAX_LENGTH
  test('is kept for 1 MiB: the line that goes beyond is cut, and those after it are counted', () => {
    const log = new CallLog();
    log.add('info', ['x'.repeat(MIB - 1)]);
    log.add('info', ['y']);
    log.add('info', ['z']);
    expect(log.takeLast().map(({ message }) => (message.length < 100 ? message : message.length))).toEqual([
      MIB - 1,
      'y',
      '… and 1 more lines that were not kept',
    ]);
    const longer = new CallLog();
    longer.add('info', ['x'.repeat(MIB + 1)]);
    expect(longer.takeLast()[0]?.message.slice(-32)).toBe('xx… (1 characters left out)'.padStart(32, 'x'));
  });
});

describe('what a body throws', () => {
  // at its limit: src/worker/code-harness/describe-error.ts MAX_MESSAGE
  test.each([16 * 1024 - 1, 16 * 1024])('is told whole with %i characters', (length) => {
    expect(describeError('x'.repeat(length), 'm.js').message).toBe('x'.repeat(length));
  });

  test('is cut beyond 16 KiB', () => {
    expect(describeError('x'.repeat(16 * 1024 + 1), 'm.js').message).toBe(`${'x'.repeat(16 * 1024)}…`);
  });

  test.each([
    null,
    undefined,
    7,
    Symbol('s'),
    {
      toJSON: () => {
        throw new Error('no');
      },
    },
    Object.defineProperty(new Error('x'), 'message', {
      get() {
        throw new Error('no');
      },
    }),
  ])('is told in words whatever it is: %#', (thrown) => {
    expect(typeof describeError(thrown, 'm.js').message).toBe('string');
  });
});
