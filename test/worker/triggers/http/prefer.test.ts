import { expect, test } from 'vitest';
import { readPreference } from '../../../../src/worker/triggers/http/prefer.ts';

test('a caller may wait for 60 seconds, and no longer', () => {
  const waitOf = (prefer: string) => readPreference(new Headers({ prefer })).waitMs;
  expect([waitOf('wait=60'), waitOf('wait=61'), waitOf('wait=999999')]).toEqual([60_000, 60_000, 60_000]);
  // What is no number of seconds is no wish.
  for (const prefer of ['wait=9999999', 'wait=-1', 'wait=1e3', 'wait="', '']) expect(waitOf(prefer)).toBe(30_000);
});
