import { describe, expect, test } from 'vitest';
import type { JsonSchema, JsonValue } from '../../../src/program/json.ts';
import { applyDefaults } from '../../../src/runtime/schema/apply-defaults.ts';
import { fc } from '../../support/fast-check.ts';

describe('applyDefaults', () => {
  test('missing fields take their defaults and present ones stay', () => {
    const schema = { type: 'object', properties: { lang: { default: 'en' }, size: { default: 3 } } };
    expect(applyDefaults(schema, { lang: null, other: 1 })).toEqual({ lang: null, other: 1, size: 3 });
  });

  test('defaults are filled in at every depth that the data reaches', () => {
    const item = { type: 'object', properties: { n: { default: 0 } } };
    const schema = { properties: { list: { type: 'array', items: item }, absent: item, given: { ...item, default: {} } } };
    expect(applyDefaults(schema, { list: [{}, { n: 2 }] })).toEqual({ list: [{ n: 0 }, { n: 2 }], given: { n: 0 } });
  });

  test('allOf and local references are followed', () => {
    const schema = {
      $defs: { paged: { properties: { page: { default: 1 } } } },
      allOf: [{ $ref: '#/$defs/paged' }, { properties: { sort: { default: 'asc' } } }],
    };
    expect(applyDefaults(schema, {})).toEqual({ page: 1, sort: 'asc' });
  });

  test('a default is the caller’s own copy', () => {
    const schema = { properties: { tags: { default: ['a'] } } };
    const first = applyDefaults(schema, {}) as { tags: string[] };
    first.tags.push('b');
    expect(applyDefaults(schema, {})).toEqual({ tags: ['a'] });
  });

  test('the given value is not changed', () => {
    const given = Object.freeze({ inner: Object.freeze({}) });
    expect(applyDefaults({ properties: { inner: { properties: { a: { default: 1 } } } } }, given)).toEqual({ inner: { a: 1 } });
  });

  test('a schema that refers to itself ends', () => {
    expect(applyDefaults({ properties: { next: { $ref: '#' } } }, { next: { next: {} } })).toEqual({ next: { next: {} } });
    expect(applyDefaults({ $ref: '#' }, { a: 1 })).toEqual({ a: 1 });
    expect(applyDefaults({ allOf: [{ $ref: '#' }] }, { a: 1 })).toEqual({ a: 1 });
  });

  test('a field called __proto__ stays a field', () => {
    const value = JSON.parse('{"__proto__": {"polluted": true}}') as JsonValue;
    const filled = applyDefaults({ properties: { a: { default: 1 } } }, value) as { polluted?: boolean };
    expect(filled.polluted).toBeUndefined();
    expect(JSON.stringify(filled)).toBe('{"__proto__":{"polluted":true},"a":1}');
  });

  test('without defaults in the schema every value stays as it is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const schema: JsonSchema = { type: 'object', properties: { a: { type: 'string' } }, items: { type: 'number' } };
        expect(JSON.stringify(applyDefaults(schema, value as JsonValue))).toBe(JSON.stringify(value));
      }),
    );
  });
});
