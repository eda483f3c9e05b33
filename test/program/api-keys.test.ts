import { expect, test } from 'vitest';
import { parseApiKeys } from '../../src/program/api-keys.ts';

const KEY = 'a-key-of-some-length';
const HASH = 'ab'.repeat(32);

test('an entry has a name, a key or its SHA-256, scopes, and perhaps ensembles', () => {
  const text = JSON.stringify([
    { name: 'ci', key: KEY, scopes: ['runs:start', '*'], description: 'for people' },
    { name: 'shop@1.x', sha256: HASH.toUpperCase(), scopes: [], ensembles: ['orders/create'] },
  ]);
  expect(parseApiKeys(text)).toEqual({
    type: 'keys',
    keys: [
      { name: 'ci', proof: { key: KEY }, scopes: ['runs:start', '*'] },
      { name: 'shop@1.x', proof: { sha256: HASH }, scopes: [], ensembles: ['orders/create'] },
    ],
  });
});

const good = { name: 'ci', key: KEY, scopes: ['*'] };
test.each([
  ['', 'it is not JSON'],
  ['{}', 'it is no list of keys'],
  [[null], 'entry 1 is no object'],
  [[[]], 'entry 1 is no object'],
  [[good, { ...good, name: 'a b' }], 'entry 2 has no `name` of letters, digits and . _ @ -'],
  [[good, good], 'entry 2 has the name of an earlier one'],
  [[{ ...good, key: 'short' }], 'entry 1 ("ci") has a `key` of less than 16 characters'],
  [[{ ...good, key: 1 }], 'entry 1 ("ci") has a `key` of less than 16 characters'],
  [[{ ...good, key: `${KEY}\n` }], 'entry 1 ("ci") has a `key` with characters that no header can carry'],
  [[{ ...good, sha256: HASH }], 'entry 1 ("ci") needs either `key` or `sha256`'],
  [[{ name: 'ci', scopes: [] }], 'entry 1 ("ci") needs either `key` or `sha256`'],
  [[{ name: 'ci', sha256: `${HASH}0`, scopes: [] }], 'entry 1 ("ci") has a `sha256` that is not 64 hexadecimal digits'],
  [[{ name: 'ci', key: KEY }], 'entry 1 ("ci") needs `scopes`'],
  [[{ ...good, scopes: '*' }], 'entry 1 ("ci") needs `scopes`'],
  [[{ ...good, scopes: ['runs'] }], 'entry 1 ("ci") needs `scopes`'],
  [[{ ...good, scopes: ['constructor'] }], 'entry 1 ("ci") needs `scopes`'],
  [[{ ...good, ensembles: 'x' }], 'entry 1 ("ci") has `ensembles` that are no list of ids'],
  [[{ ...good, ensemble: ['x'] }], 'entry 1 ("ci") has a member that is not known'],
])('%j is broken as a whole, and the key is not told', (given, message) => {
  const parsed = parseApiKeys(typeof given === 'string' ? given : JSON.stringify(given));
  expect(parsed).toEqual({ type: 'broken', message: expect.stringContaining(message) });
  expect(JSON.stringify(parsed)).not.toContain(KEY);
});
