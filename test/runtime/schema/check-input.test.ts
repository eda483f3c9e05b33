import { describe, expect, test } from 'vitest';
import type { JsonObject, JsonSchema } from '../../../src/program/json.ts';
import { applyDefaults } from '../../../src/runtime/schema/apply-defaults.ts';
import { checkInput } from '../../../src/runtime/schema/check-input.ts';
import { coerceInput } from '../../../src/runtime/schema/coerce-input.ts';

const schema = {
  type: 'object',
  required: ['doc_id'],
  properties: {
    doc_id: { type: 'string' },
    pages: { type: 'integer', default: 1 },
    ratio: { type: ['number', 'null'] },
    draft: { type: 'boolean' },
    tags: { type: 'array', items: { type: 'string' } },
    level: { enum: [1, 2] },
    either: { anyOf: [{ type: 'number' }, { type: 'boolean' }] },
    data: { type: 'object' },
  },
};

describe('checkInput', () => {
  test('defaults that "allOf" looks for in ever more ways are given up in time', () => {
    const both = { properties: { child: { $ref: '#/$defs/node' } } };
    const node: JsonSchema = { $defs: { node: { allOf: [both, both] } }, properties: { child: { $ref: '#/$defs/node' } } };
    const nested = (levels: number): JsonObject => (levels === 0 ? {} : { child: nested(levels - 1) });
    // Two parts for the first, four for the second: 65,534 in all, and twice as many. Any value may take 100,000.
    expect(applyDefaults(node, nested(15))).toEqual(nested(15));
    expect(() => applyDefaults(node, nested(16))).toThrow('takes too long');
    expect(checkInput(node, nested(30))).toMatchObject({
      problems: [{ message: expect.stringMatching(/^cannot be checked: .* takes too long$/) }],
    });
  });

  test('defaults are filled in before the check', () => {
    expect(checkInput(schema, { doc_id: 'a' })).toEqual({ value: { doc_id: 'a', pages: 1 } });
  });

  test('no input is an empty object', () => {
    expect(checkInput(undefined, undefined)).toEqual({ value: {} });
    expect(checkInput(schema, undefined)).toEqual({
      problems: [{ path: 'doc_id', message: 'is missing (expected string)', expected: 'string' }],
    });
  });

  test('anything but an object is refused, with or without a schema', () => {
    const problems = [{ path: '', message: 'expected an object, found a list of 1', expected: 'object' }];
    expect(checkInput(undefined, [1])).toEqual({ problems });
    expect(checkInput(schema, [1])).toEqual({ problems });
  });

  test('undeclared fields are kept', () => {
    expect(checkInput(schema, { doc_id: 'a', method: 'GET' })).toEqual({ value: { doc_id: 'a', method: 'GET', pages: 1 } });
  });
});

describe('coerceInput', () => {
  test('texts become what the schema declares', () => {
    const texts = { doc_id: '007', pages: '12', ratio: '0.5', draft: 'true', tags: '["a"]', level: '2', either: 'false', data: '{"a":1}' };
    expect(coerceInput(schema, texts)).toEqual({
      doc_id: '007',
      pages: 12,
      ratio: 0.5,
      draft: true,
      tags: ['a'],
      level: 2,
      either: false,
      data: { a: 1 },
    });
  });

  test('JSON of more levels than any value may have stays a text', () => {
    const lists = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
    expect(coerceInput(schema, { tags: lists(1_000) }).tags).toHaveLength(1);
    expect(coerceInput(schema, { tags: lists(1_001) }).tags).toBe(lists(1_001));
  });

  test('a nullable number takes null', () => {
    expect(coerceInput(schema, { ratio: 'null' })).toEqual({ ratio: null });
  });

  test.each([
    ['pages', 'many'],
    ['pages', '1.5'],
    ['pages', '99999999999999999999'],
    ['draft', 'yes'],
    ['tags', '{"a":1}'],
    ['data', '[1]'],
    ['ratio', ''],
  ])('%s=%s stays a text for the check to report', (key, text) => {
    expect(coerceInput(schema, { [key]: text })).toEqual({ [key]: text });
  });

  test('undeclared fields, and all without a schema, are texts', () => {
    expect(coerceInput(schema, { other: '5' })).toEqual({ other: '5' });
    expect(coerceInput(undefined, { pages: '5' })).toEqual({ pages: '5' });
  });

  test('a schema of alternatives that refers to itself ends', () => {
    const circular = { properties: { a: { $ref: '#/properties/a' }, b: { anyOf: [{ $ref: '#/properties/b' }] } } };
    expect(coerceInput(circular, { a: '1', b: '2' })).toEqual({ a: '1', b: '2' });
  });
});
