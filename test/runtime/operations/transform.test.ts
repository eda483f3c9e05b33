import { describe, expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../../../src/program/json.ts';
import { canonicalText } from '../../../src/runtime/operations/transform/fields.ts';
import { transform } from '../../../src/runtime/operations/transform/transform.ts';
import { fc } from '../../support/fast-check.ts';
import { failureOf, testContext } from './operation-context.ts';

function run(config: JsonObject): JsonValue | undefined {
  const result = transform.run(config, testContext());
  if (result instanceof Promise) throw new Error('transform is synchronous');
  return result.output;
}

const PEOPLE = [
  { id: 3, name: 'Cleo', age: 30, city: 'Rome' },
  { id: 1, name: 'Ada', age: 36, city: null },
  { id: 2, name: 'Bob', age: 30 },
];
const ids = (output: JsonValue | undefined) => (output as { id: number }[]).map(({ id }) => id);

describe('transform', () => {
  test('hands back its value', () => {
    expect(run({ value: { a: [1] } })).toEqual({ a: [1] });
    expect(run({ value: null })).toBe(null);
    expect(run({})).toBe(null);
  });

  test('merges objects field by field and lists end to end', () => {
    expect(run({ merge: [{ a: 1, b: 1 }, null, { b: 2 }] })).toEqual({ a: 1, b: 2 });
    expect(run({ merge: [[1], [2, 3]] })).toEqual([1, 2, 3]);
    expect(run({ merge: [] })).toEqual({});
  });

  test('picks, omits and renames fields of an object and of each item', () => {
    expect(run({ value: { a: 1, b: 2, c: 3 }, pick: ['b', 'a', 'none'] })).toEqual({ b: 2, a: 1 });
    expect(run({ value: [{ a: 1, b: 2 }, 'text'], omit: 'a' })).toEqual([{ b: 2 }, 'text']);
    expect(run({ value: { a: 1, b: 2 }, rename: { a: 'x' } })).toEqual({ x: 1, b: 2 });
  });

  test('fills in defaults for missing and null fields', () => {
    expect(run({ value: [{ a: null }, { a: 0 }, {}], defaults: { a: 5 } })).toEqual([{ a: 5 }, { a: 0 }, { a: 5 }]);
  });

  test.each<[JsonValue, number[]]>([
    [{ age: 30 }, [3, 2]],
    [{ age: { gt: 30 } }, [1]],
    [{ age: { gte: 30, lt: 36 }, city: 'Rome' }, [3]],
    [{ city: null }, [1, 2]],
    [{ city: { exists: true } }, [3]],
    [{ city: { exists: false } }, [1, 2]],
    [{ name: ['Ada', 'Bob'] }, [1, 2]],
    [{ name: { not_in: ['Ada'] } }, [3, 2]],
    [{ name: { contains: 'o' } }, [3, 2]],
    [{ name: { ne: 'Bob' } }, [3, 1]],
    [{ age: { lt: '99' } }, []],
    [true, [3, 1, 2]],
    [
      [false, 1, 'yes'],
      [1, 2],
    ],
  ])('filter %j keeps %j', (filter, kept) => {
    expect(ids(run({ value: PEOPLE, filter }))).toEqual(kept);
  });

  test('filter: true keeps what is truthy', () => {
    expect(run({ value: [0, 1, '', 'a', null, []], filter: true })).toEqual([1, 'a', []]);
  });

  test('sorts by fields, missing values last in both directions, equal ones in order', () => {
    expect(ids(run({ value: PEOPLE, sort: 'name' }))).toEqual([1, 2, 3]);
    expect(ids(run({ value: PEOPLE, sort: '-age' }))).toEqual([1, 3, 2]);
    expect(ids(run({ value: PEOPLE, sort: ['age', '-name'] }))).toEqual([3, 2, 1]);
    expect(ids(run({ value: PEOPLE, sort: 'city' }))).toEqual([3, 1, 2]);
    expect(ids(run({ value: PEOPLE, sort: '-city' }))).toEqual([3, 1, 2]);
    expect(run({ value: [10, 9, 'b', null, true], sort: true })).toEqual([true, 9, 10, 'b', null]);
  });

  test('reads nested fields by a dotted path', () => {
    const value = [
      { id: 1, user: { age: 5 } },
      { id: 2, user: { age: 3 } },
      { id: 3, 'user.age': 4 },
    ];
    expect(ids(run({ value, sort: 'user.age' }))).toEqual([2, 3, 1]);
  });

  test('limits and removes duplicates', () => {
    expect(run({ value: [1, 2, 3], limit: 2 })).toEqual([1, 2]);
    expect(run({ value: [{ a: 1, b: 2 }, { b: 2, a: 1 }, { a: 2 }], dedupe: true })).toEqual([{ a: 1, b: 2 }, { a: 2 }]);
    expect(ids(run({ value: PEOPLE, dedupe: 'age' }))).toEqual([3, 1]);
    expect(ids(run({ value: PEOPLE, dedupe: ['age', 'city'] }))).toEqual([3, 1, 2]);
  });

  test('chooses items before it shapes them, whatever order the file has', () => {
    expect(run({ value: PEOPLE, pick: ['name'], limit: 1, sort: '-age', filter: { id: { gt: 0 } } })).toEqual([{ name: 'Ada' }]);
  });

  test('knows a renamed field by both names', () => {
    const config = { value: PEOPLE, rename: { age: 'years' }, pick: ['id', 'years'], defaults: { years: 0 } };
    expect(run({ ...config, sort: '-years', limit: 1 })).toEqual([{ id: 1, years: 36 }]);
    expect(run({ ...config, sort: '-age', limit: 1 })).toEqual([{ id: 1, years: 36 }]);
  });

  test('treats __proto__ and constructor as ordinary fields', () => {
    const value = JSON.parse('{"__proto__": {"polluted": 1}, "constructor": 2, "a": 3}') as JsonValue;
    expect(JSON.stringify(run({ value, omit: ['a'] }))).toBe('{"__proto__":{"polluted":1},"constructor":2}');
    expect(run({ value: { a: 1 }, pick: ['constructor', 'toString', '__proto__'] })).toEqual({});
    expect(JSON.stringify(run({ merge: [value, {}] }))).toBe(JSON.stringify(value));
    expect(run({ value: [{ a: 1 }], filter: { 'constructor.name': 'Object' } })).toEqual([]);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  test('sorting orders any values the same way however they come', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), (values) => {
        const texts = (list: readonly unknown[]) => (run({ value: list as JsonValue[], sort: true }) as JsonValue[]).map(canonicalText);
        expect(texts(values.toReversed())).toEqual(texts(values));
      }),
    );
  });

  test.each<[JsonObject, string]>([
    [{ value: 1, merge: [] }, 'transform takes either "value" or "merge", found both'],
    [{ merge: [{}, []] }, 'transform merges objects, or lists, but not both or anything else; found an empty object, an empty list'],
    [{ value: {}, sort: 'a' }, 'transform needs a list for "sort", found an empty object'],
    [{ value: [1], filter: [true, false] }, 'transform needs "filter" to be a list of 1 truths, one for each item, found a list of 2'],
    [
      { value: [1], filter: 'a' },
      'transform needs "filter" to be a mapping of field to wanted value, true, or a list of truths, found the text "a"',
    ],
    [
      { value: [], filter: { a: { above: 1 } } },
      'transform has no comparison "above" for "a" in "filter"; there are eq, ne, gt, gte, lt, lte, in, not_in, contains, exists',
    ],
    [{ value: [], limit: -1 }, 'transform needs "limit" to be a whole number at least 0, found the number -1'],
    [{ value: [], sort: [1] }, 'transform needs "sort" to be a text or a list of texts, found a list of 1'],
    [{ value: {}, rename: { a: 1 } }, 'transform needs "rename" to map names to names, found the number 1 for "a"'],
    [{ value: [], pik: ['a'] }, 'transform has no setting "pik"; did you mean "pick"?'],
  ])('%j is CONFIG_INVALID', async (config, message) => {
    expect(await failureOf(transform, config)).toMatchObject({
      code: 'CONFIG_INVALID',
      message,
    });
  });
});
