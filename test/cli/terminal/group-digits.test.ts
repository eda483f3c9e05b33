import fc from 'fast-check';
import { expect, test } from 'vitest';
import { groupDigits } from '../../../src/cli/terminal/group-digits.ts';

test('numbers are written as toLocaleString writes them', () => {
  fc.assert(
    fc.property(fc.oneof(fc.maxSafeInteger(), fc.integer({ min: -2_000, max: 2_000 }), fc.double()), (number) => {
      expect(groupDigits(number)).toBe((Object.is(number, -0) ? 0 : number).toLocaleString('en-US'));
    }),
  );
});
