import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MAX_SNAPSHOT_NAME } from '../../../src/program/snapshot-name.ts';
import type { ScopeAddress } from '../../../src/program/state-calls.ts';
import { fc } from '../../support/fast-check.ts';
import { askState, deleteKeys, PLACES, readPairs, setKeys } from '../support/ask-state.ts';
import { openRunHost, type RunHost } from '../support/run-host.ts';

let host: RunHost;
beforeAll(async () => {
  host = await openRunHost();
});
afterAll(() => host.close());

const ODD = [
  '/',
  '..',
  '../a',
  'a/../b',
  '%2e%2e',
  '*',
  '?',
  "'",
  "' OR 1=1 --",
  '"',
  '`',
  '\\',
  'a\u0000b',
  'a\u0000',
  '\u0000',
  'a\nb',
  ' ',
  'a ',
  'A',
  'a',
  'aa',
  '\u00e4',
  'a\u0308',
  '\u212a',
  'K',
  'а',
  '__proto__',
  'constructor',
  '["kv","KV","a"]',
  'scopes',
  '\u2028',
  '\ufffd',
  '🚀',
  'x'.repeat(400),
  `${'x'.repeat(399)}y`,
];

/** Names that KV cannot have as keys. */
const isKvKey = (name: string): boolean => name !== '..' && name !== '.' && new TextEncoder().encode(name).length <= 480;

const name = fc.oneof(
  fc.constantFrom(...ODD),
  fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme-composite' }),
  fc.string({ minLength: 1, maxLength: 4, unit: 'binary' }),
);
let drawn = 0;

describe.each(PLACES)('scopes in $backend', (place) => {
  const at = (scope: string): ScopeAddress => ({ ...place, scope });

  test('with odd names are apart', async () => {
    const names = place.backend === 'kv' ? ODD.filter(isKvKey) : ODD;
    for (const [index, scope] of names.entries()) await setKeys(host, at(scope), { index });
    for (const [index, scope] of names.entries())
      expect(await readPairs(host, at(scope)), JSON.stringify(scope)).toEqual([['index', index]]);
  });

  test('are not reached by what is done to another one, whatever their names', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(name, { minLength: 2, maxLength: 3 }), fc.constantFrom(...ODD), async (names, key) => {
        // Of this case alone, and still as alike as they were drawn.
        const scopes = names.map((text) => `${drawn}:${text}`).filter((scope) => place.backend !== 'kv' || isKvKey(scope));
        drawn += 1;
        const [first, ...others] = scopes;
        if (first === undefined) return;
        // Keys may be longer.
        const snapshot = key.slice(0, MAX_SNAPSHOT_NAME);
        for (const scope of others) await setKeys(host, at(scope), { [key]: scope, other: 1 });
        const before = await Promise.all(others.map((scope) => readPairs(host, at(scope))));
        await setKeys(host, at(first), { [key]: 'first', more: 2 });
        await askState(host, { action: 'snapshot', address: at(first), name: snapshot, replace: true }, 'snapshot');
        await deleteKeys(host, at(first), key, 'other');
        await askState(host, { action: 'restore', address: at(first), point: { type: 'snapshot', name: snapshot } }, 'edited');
        await deleteKeys(host, at(first), 'more');
        expect(await readPairs(host, at(first))).toEqual([[key, 'first']]);
        expect(await Promise.all(others.map((scope) => readPairs(host, at(scope))))).toEqual(before);
        for (const scope of others) {
          expect((await askState(host, { action: 'snapshots', address: at(scope) }, 'snapshots')).snapshots).toEqual([]);
          if (place.backend === 'kv') continue;
          const { changes } = await askState(host, { action: 'history', address: at(scope) }, 'history');
          expect(changes.map((change) => change.key).sort()).toEqual([key, 'other'].sort());
        }
      }),
      { numRuns: 25 },
    );
  });
});
