import { expect, test } from 'vitest';
import { callerAddress } from '../../../src/worker/auth/caller-address.ts';

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:DB8:0001:2:ffff::', '2001:db8:1:2'],
  ['2001:db8::6', '2001:db8:0:0'],
  ['2001:db8::1:2:3:4:5', '2001:db8:0:1'],
  ['::1', '0:0:0:0'],
])('%s is counted as %s', (address, expected) => {
  expect(callerAddress(new Headers({ 'cf-connecting-ip': address }))).toBe(expected);
});

test('without an address all are counted together', () => {
  expect(callerAddress(new Headers())).toBe('');
});
