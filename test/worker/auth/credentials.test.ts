import { expect, test } from 'vitest';
import type { AuthPlan } from '../../../src/program/trigger.ts';
import { basicOf, bearerOf } from '../../../src/worker/auth/credentials.ts';
import { readTriggerSecret } from '../../../src/worker/auth/trigger-secret.ts';

const asked = (authorization: string) => new Request('https://ensemble.test/', { headers: { authorization } });

// at its limit: src/worker/auth/credentials.ts MAX_LENGTH
test('an Authorization header of 8 KiB is read, and none that is longer', () => {
  const token = 'x'.repeat(8 * 1024 - 'Bearer '.length);
  expect(bearerOf(asked(`Bearer ${token}`))).toBe(token);
  expect(bearerOf(asked(`Bearer ${token}x`))).toBeUndefined();
  const user = `${'u'.repeat(6_000)}:p`;
  expect(basicOf(asked(`Basic ${btoa(user)}`))).toBe(user);
  expect(basicOf(asked(`Basic ${btoa('u'.repeat(6_200))}`))).toBeUndefined();
});

// at its limit: src/worker/auth/trigger-secret.ts MIN_LENGTH
test.each<[AuthPlan['type'], string, boolean]>([
  ['bearer', 'x'.repeat(16), true],
  ['bearer', 'x'.repeat(15), false],
  ['signature', 'x'.repeat(16), true],
  ['signature', 'x'.repeat(15), false],
  ['basic', `u:${'x'.repeat(8)}`, true],
  ['basic', `u:${'x'.repeat(7)}`, false],
  ['basic', `${'u'.repeat(20)}:`, false],
  ['basic', `:${'x'.repeat(20)}`, false],
  ['basic', 'x'.repeat(20), false],
])('the %s secret %s protects something: %s', (type, secret, isOne) => {
  const plan: AuthPlan = { type, secret: { type: 'constant', value: secret } };
  expect(readTriggerSecret(plan, {}, `${type} ${secret}`)).toBe(isOne ? secret : undefined);
});
