import { expect, test } from 'vitest';
import { groupDigits } from '../../../src/cli/terminal/group-digits.ts';
import { fc } from '../../support/fast-check.ts';

test('numbers are written as toLocaleString writes them', () => {
  fc.assert(
    fc.property(fc.oneof(fc.maxSafeInteger(), fc.integer({ min: -2_000, max: 2_000 }), fc.double()), (number) => {
      expect(groupDigits(number)).toBe((Object.is(number, -0) ? 0 : number).toLocaleString('en-US'));
    }),
  );
});
