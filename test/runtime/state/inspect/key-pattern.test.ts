import { describe, expect, test } from 'vitest';
import { isKeyPattern, matchesKeyPattern } from '../../../../src/runtime/state/inspect/key-pattern.ts';
import { fc } from '../../../support/fast-check.ts';

/** What it means, without a thought of what it costs. */
function matchesSlowly(pattern: readonly string[], key: readonly string[]): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return key.length === 0;
  if (first === '*') return matchesSlowly(rest, key) || (key.length > 0 && matchesSlowly(pattern, key.slice(1)));
  return key.length > 0 && (first === '?' || first === key[0]) && matchesSlowly(rest, key.slice(1));
}

describe('a pattern of keys', () => {
  test('matches what its stars and question marks stand for', () => {
    const letters = fc.constantFrom('a', 'b', '🚀', '.');
    const pattern = fc.array(fc.oneof(letters, fc.constantFrom('*', '?')), { maxLength: 7 });
    fc.assert(
      fc.property(pattern, fc.array(letters, { maxLength: 9 }), (wanted, key) => {
        expect(matchesKeyPattern(wanted.join(''), key.join(''))).toBe(matchesSlowly(wanted, key));
      }),
      { numRuns: 2_000 },
    );
  });

  test('gives nothing else a meaning', () => {
    for (const text of ['[ab]', '{a,b}', '.', 'a|b', '(a)+', '^a$', '\\*', '!a', '**']) {
      expect(matchesKeyPattern(text, 'a')).toBe(text === '**');
    }
    expect(isKeyPattern('[ab].c')).toBe(false);
  });

  test('is looked at in time, however many stars it has', () => {
    expect(matchesKeyPattern(`${'*a'.repeat(5_000)}b`, 'a'.repeat(100_000))).toBe(false);
    expect(matchesKeyPattern('*'.repeat(100_000), 'a'.repeat(1_000))).toBe(true);
  });
});
