import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../../../src/program/json.ts';
import type { ScopeContent } from '../../../../src/program/state-calls.ts';
import { diffScope, type ScopeMoment, writtenBetween } from '../../../../src/runtime/state/inspect/diff-scope.ts';
import { expiryOf, liveKeys } from '../../../../src/runtime/state/inspect/live-keys.ts';
import { fc } from '../../../support/fast-check.ts';

const keyNames = fc.constantFrom('a', 'b', 'c', '__proto__', '', 'constructor');
const content: fc.Arbitrary<ScopeContent> = fc
  .uniqueArray(fc.tuple(keyNames, fc.integer({ min: 0, max: 2 }), fc.option(fc.integer({ min: 0, max: 20 }), { nil: undefined })), {
    selector: ([key]) => key,
  })
  .map((keys) => ({
    keys: keys.map(([key, value, until]) => ({ key, value, tainted: false, ...(until === undefined ? {} : { valid_until: until }) })),
  }));
const moment: fc.Arbitrary<ScopeMoment> = fc.record({ content, at: fc.integer({ min: 0, max: 20 }) });

function valuesOf({ content: held, at }: ScopeMoment): ReadonlyMap<string, JsonValue> {
  return new Map([...liveKeys(held, at, undefined)].map(([key, { value }]) => [key, value]));
}

describe('the difference of a scope at two moments', () => {
  test('makes the later one of the earlier one', () => {
    fc.assert(
      fc.property(moment, moment, (since, until) => {
        const values = new Map(valuesOf(since));
        for (const { type, key, before, after } of diffScope(since, until, undefined)) {
          expect(values.get(key)).toBe(before?.value);
          if (after === undefined) values.delete(key);
          else values.set(key, after.value);
          expect(type).toBe(
            before === undefined
              ? 'created'
              : after !== undefined
                ? 'updated'
                : until.content.keys.some((one) => one.key === key)
                  ? 'expired'
                  : 'deleted',
          );
        }
        expect(values).toEqual(valuesOf(until));
      }),
      { numRuns: 1_000 },
    );
  });

  test('is nothing for the same moment', () => {
    fc.assert(
      fc.property(moment, (same) => {
        expect(diffScope(same, same, undefined)).toEqual([]);
      }),
    );
  });
});

describe('a key', () => {
  const schema = { price: { schema: {}, secret: false, valid_for_ms: 100 } };

  test('expires when what was stored with it says so, else by its ensemble, else never', () => {
    const entry = { key: 'price', value: 1, tainted: false, at: 1_000 };
    expect(expiryOf({ ...entry, valid_until: 5_000 }, schema)).toBe(5_000);
    expect(expiryOf(entry, schema)).toBe(1_100);
    expect(expiryOf(entry, undefined)).toBeUndefined();
    expect(expiryOf({ ...entry, key: 'toString' }, schema)).toBeUndefined();
    const { at: _, ...ageless } = entry;
    expect(expiryOf(ageless, schema)).toBeUndefined();
  });

  test('is gone from the very moment on at which it expires', () => {
    const keys = [{ key: 'price', value: 1, tainted: false, at: 1_000 }];
    expect([...liveKeys({ keys }, 1_099, schema).keys()]).toEqual(['price']);
    expect([...liveKeys({ keys }, 1_100, schema).keys()]).toEqual([]);
  });

  test('counts as written when it has a later version, though its value is the same', () => {
    const at = (version: number, value: number): ScopeMoment => ({
      at: 0,
      content: { keys: [{ key: 'a', value, tainted: false, version }] },
    });
    expect([...writtenBetween(at(1, 5), at(2, 5))]).toEqual(['a']);
    expect([...writtenBetween(at(2, 5), at(2, 5))]).toEqual([]);
  });
});
