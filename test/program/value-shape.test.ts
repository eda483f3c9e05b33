import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../src/program/json.ts';
import { joinShapes, renderShape, shapeOf } from '../../src/program/value-shape.ts';
import { fc } from '../support/fast-check.ts';

const shape = (value: JsonValue, values = 1000) => shapeOf(value, { values });

describe('the shape of a value', () => {
  test.each<[JsonValue, string]>([
    ['secret text', 'string'],
    [null, 'null'],
    [[], 'list'],
    [[1, 2], 'list of number'],
    [{ rows: [{ id: 1, name: 'x' }, { id: 2 }], next: null }, '{ rows: list of { id: number, name: string }, next: null }'],
    [[1, 'x', null], 'list of number or string or null'],
    [{}, '{}'],
  ])('of %j is %s', (value, expected) => {
    expect(renderShape(shape(value))).toBe(expected);
  });

  test('leaves out keys that are data: addresses, ids, paths, and any of too many', () => {
    for (const key of ['ada@example.com', '8f3a91c2', 'sk_live_51HxAAbbCC22', '/home/ada', 'user_10042', 'Ada Lovelace', '']) {
      expect(renderShape(shape({ [key]: 1 }))).toBe('object of number');
    }
    expect(
      renderShape(shape(Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`k${'abcdefghij'[i % 10]}${'x'.repeat(i)}`, i])))),
    ).toBe('object of number');
  });

  test('ends at its budget and depth, whatever the value', () => {
    const deep = Array.from({ length: 90 }).reduce<JsonValue>((inner) => [inner], 'x');
    expect(renderShape(shape(deep))).toMatch(/^(list of )*list$/);
    const budget = { values: 100 };
    shapeOf(
      Array.from({ length: 20 }, () => Array.from({ length: 20 }, () => ({ a: 1, b: 2 }))),
      budget,
    );
    expect(budget.values).toBeLessThanOrEqual(0);
    expect(budget.values).toBeGreaterThan(-1000);
  });

  test('holds no text and no number of the value', () => {
    const marked = fc.string({ minLength: 1 }).map((text) => `MARK${text}`);
    const json = fc.letrec<{ value: JsonValue }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 5 },
        marked,
        fc.integer({ min: 1_000_000 }),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(fc.oneof(fc.constantFrom('total', 'rows', 'id'), fc.uuid(), fc.emailAddress()), tie('value'), { maxKeys: 4 }),
      ),
    })).value;
    fc.assert(
      fc.property(json, json, (a, b) => {
        const text = JSON.stringify(joinShapes(shape(a), shape(b)));
        expect(text).not.toMatch(/MARK|\d{7}|@|[0-9a-f]{8}-/);
        expect(
          text.replaceAll(
            /"(?:kind|items|properties|values|of|list|object|map|union|string|number|boolean|null|unknown|total|rows|id)"/g,
            '',
          ),
        ).toMatch(/^[{}[\]:,]*$/);
      }),
    );
  });

  test('joins in any order to the same kinds', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), fc.jsonValue({ maxDepth: 3 }), (a, b) => {
        const one = shape(a as JsonValue);
        expect(joinShapes(one, one)).toEqual(one);
        const kinds = (rendered: string) => rendered.split(/\W+/).filter(Boolean).sort().join();
        expect(kinds(renderShape(joinShapes(one, shape(b as JsonValue))))).toBe(kinds(renderShape(joinShapes(shape(b as JsonValue), one))));
      }),
    );
  });
});
