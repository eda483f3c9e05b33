import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../../src/program/json.ts';
import { findExcess, ListSize, MAX_OUTPUT_DEPTH, MAX_OUTPUT_SIZE } from '../../../src/runtime/engine/json-size.ts';
import { fc } from '../../support/fast-check.ts';

const nested = (depth: number): JsonValue => JSON.parse('['.repeat(depth) + ']'.repeat(depth));

describe('the size of an output', () => {
  test('is fine for every small value', () => {
    for (const value of [undefined, null, true, 1, 'text', [], {}, [1, { a: 'b' }], nested(MAX_OUTPUT_DEPTH)])
      expect(findExcess(value)).toBeUndefined();
  });

  // at its limit: src/runtime/engine/json-size.ts MAX_OUTPUT_SIZE
  test('is too much from 8 MiB of text on, wherever the text stands', () => {
    const text = 'x'.repeat(MAX_OUTPUT_SIZE);
    expect(findExcess(text)).toBeUndefined();
    expect(findExcess(`${text}x`)).toBe('larger than 8 MiB as JSON');
    expect(findExcess([text])).toBe('larger than 8 MiB as JSON');
    expect(findExcess({ [text]: 1 })).toBe('larger than 8 MiB as JSON');
  });

  // The text in the middle is as long as the rest of the JSON leaves room for.
  test.each<[string, (text: string) => JsonValue]>([
    ['a list', (text) => [text]],
    ['lists in a list', (text) => [text, [], [[]]]],
    ['an object', (text) => ({ key: text })],
    ['objects in an object', (text) => ({ text, empty: {}, list: [] })],
    ['a text before an empty list', (text) => [[text], []]],
  ])('is too much from the first character beyond 8 MiB of JSON on: %s', (_, around) => {
    const room = MAX_OUTPUT_SIZE - JSON.stringify(around('')).length;
    expect(findExcess(around('x'.repeat(room)))).toBeUndefined();
    for (let more = 1; more <= 8; more++) expect(findExcess(around('x'.repeat(room + more)))).toBe('larger than 8 MiB as JSON');
  });

  test('is too much when a value repeats another often, without walking it all', () => {
    const megabyte = 'x'.repeat(1024 * 1024);
    const repeated = Array(100_000).fill(megabyte);
    const squared = Array(100_000).fill(repeated);
    expect(findExcess(squared)).toBe('larger than 8 MiB as JSON');
  });

  // at its limit: src/runtime/engine/json-size.ts MAX_OUTPUT_DEPTH
  test('is too much when it is nested too deeply', () => {
    expect(findExcess(nested(MAX_OUTPUT_DEPTH + 1))).toBe('nested deeper than 1000 levels');
    expect(findExcess(nested(100_000))).toBe('nested deeper than 1000 levels');
  });
});

describe('the size of a list that comes item by item', () => {
  const value = fc.letrec<{ value: JsonValue }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom<JsonValue>(null, true, 1, '', 'text'),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(fc.string({ maxLength: 3 }), tie('value'), { maxKeys: 3, noNullPrototype: true }),
    ),
  })).value;

  test('is that of the whole list', () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 6 }), fc.integer({ min: -3, max: 3 }), (list, more) => {
        // Filled up so far that the rest just fits, or just does not.
        const whole = [...list, 'x'.repeat(Math.max(0, MAX_OUTPUT_SIZE - JSON.stringify(list).length - 3 + more))];
        const size = new ListSize(MAX_OUTPUT_SIZE);
        const excess = whole.map((item) => size.add(item)).find((found) => found !== undefined);
        expect(excess).toBe(findExcess(whole));
      }),
    );
  });

  test('is too deep one level sooner than its items', () => {
    expect(new ListSize(MAX_OUTPUT_SIZE).add(nested(MAX_OUTPUT_DEPTH - 1))).toBeUndefined();
    expect(new ListSize(MAX_OUTPUT_SIZE).add(nested(MAX_OUTPUT_DEPTH))).toBe('nested deeper than 1000 levels');
  });
});
