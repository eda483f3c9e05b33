import { describe, expect, test } from 'vitest';
import { isDeeper } from '../../src/program/json-depth.ts';
import { fc } from '../support/fast-check.ts';

function levelsOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(levelsOf));
}

describe('the depth of JSON text', () => {
  test('is that of its value, whatever its texts and keys hold', () => {
    fc.assert(
      fc.property(fc.jsonValue({ depthSize: 'large', stringUnit: fc.constantFrom('[', ']', '{', '}', '"', '\\', 'a') }), (value) => {
        for (const text of [JSON.stringify(value), JSON.stringify(value, null, 2)]) {
          expect(isDeeper(text, levelsOf(value))).toBe(false);
          if (levelsOf(value) > 0) expect(isDeeper(text, levelsOf(value) - 1)).toBe(true);
        }
      }),
    );
  });

  test('is told of text that never closes what it opens', () => {
    expect([isDeeper('['.repeat(1_000_000), 1_000), isDeeper('"'.repeat(9), 0), isDeeper('"\\', 0), isDeeper('', 0)]).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });
});
