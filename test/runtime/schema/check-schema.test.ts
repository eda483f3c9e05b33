import { describe, expect, test } from 'vitest';
import type { JsonSchema, JsonValue } from '../../../src/program/json.ts';
import { checkSchema } from '../../../src/runtime/schema/check-schema.ts';
import { renderProblems } from '../../../src/runtime/schema/schema-problem.ts';
import { fc } from '../../support/fast-check.ts';

/** The problems as one text, the way a failure shows them. */
function report(schema: JsonSchema, value: JsonValue | undefined): string {
  return renderProblems(checkSchema(schema, value));
}

describe('checkSchema', () => {
  test('a value that satisfies the schema has no problems', () => {
    expect(checkSchema({ type: 'object', properties: { a: { type: 'number' } } }, { a: 1 })).toEqual([]);
  });

  test('a problem names the place, what was found and what is expected', () => {
    const schema = {
      type: 'object',
      properties: { items: { type: 'array', items: { type: 'object', properties: { name: { type: 'string' } } } } },
    };
    expect(checkSchema(schema, { items: [{ name: 'a' }, { name: 5 }] })).toEqual([
      { path: 'items[1].name', message: 'expected string, found the number 5', expected: 'string' },
    ]);
  });

  test('all problems are reported at once, each once', () => {
    const schema = {
      type: 'object',
      required: ['doc_id', 'pages'],
      properties: { doc_id: { type: 'string' }, pages: { type: 'integer', minimum: 1 }, lang: { enum: ['en', 'de'] } },
    };
    expect(report(schema, { pages: 0, lang: 'dee' })).toBe(
      'doc_id: is missing (expected string); pages: must be at least 1, found the number 0; lang: expected one of "en", "de", found the text "dee"; did you mean "de"?',
    );
  });

  test('a missing field that is there under a similar name is pointed out', () => {
    const schema = { type: 'object', required: ['doc_id'], properties: { doc_id: { type: 'string' } } };
    expect(report(schema, { docid: 'a' })).toBe('doc_id: is missing (expected string); did you write it as "docid"?');
  });

  test('a field that additionalProperties refuses is named with the one that was meant', () => {
    const schema = { type: 'object', properties: { title: { type: 'string' } }, additionalProperties: false };
    expect(report(schema, { titel: 'x' })).toBe('titel: is not a known field; did you mean "title"?');
  });

  test('of several alternatives the one of the same kind is explained', () => {
    const schema = { anyOf: [{ type: 'string' }, { type: 'object', required: ['id'], properties: { id: { type: 'string' } } }] };
    expect(report(schema, {})).toBe('id: is missing (expected string)');
    expect(report(schema, 5)).toBe('expected string or object, found the number 5');
  });

  test('alternatives told apart by a constant list their constants', () => {
    const kind = (name: string) => ({ type: 'object', properties: { kind: { const: name } }, required: ['kind'] });
    expect(report({ oneOf: [kind('cat'), kind('dog')] }, { kind: 'cow' })).toBe('kind: expected "cat" or "dog", found the text "cow"');
  });

  test('a value that satisfies two alternatives of oneOf is told so', () => {
    expect(report({ oneOf: [{ type: 'number' }, { type: 'integer' }] }, 5)).toBe(
      'satisfies 2 of the 2 alternatives of "oneOf"; it must satisfy exactly one',
    );
  });

  test('local references are followed', () => {
    const schema = { $defs: { word: { type: 'string', minLength: 2 } }, type: 'array', items: { $ref: '#/$defs/word' } };
    expect(report(schema, ['ab', 'a'])).toBe('[1]: must have at least 2 characters, found the text "a"');
  });

  test.each([
    [{ minItems: 2 }, [1], 'must have at least 2 items, found a list of 1'],
    [{ maxLength: 1 }, 'ab', 'must have at most 1 character, found the text "ab"'],
    [{ pattern: '^a' }, 'b', 'must match the pattern ^a, found the text "b"'],
    [{ format: 'email' }, 'nobody', 'must be of the format "email", found the text "nobody"'],
    [{ multipleOf: 5 }, 7, 'must be a multiple of 5, found the number 7'],
    [{ exclusiveMaximum: 7 }, 7, 'must be less than 7, found the number 7'],
    [{ uniqueItems: true }, [1, 1], 'must not hold the same item twice'],
    [{ contains: { type: 'string' } }, [1], 'has no item of the kind that the schema’s "contains" asks for'],
    [{ const: 'x' }, 'y', 'expected "x", found the text "y"'],
    [{ type: ['string', 'null'] }, 1, 'expected string or null, found the number 1'],
    [{ maxProperties: 1 }, { a: 1, b: 2 }, 'must have at most 1 field, found an object with a, b'],
    [{ not: { type: 'string' } }, 'x', 'is what the schema’s "not" rules out'],
    [
      { contains: { type: 'string' }, minContains: 2 },
      ['a', 1],
      'Array must contain at least 2 items matching schema. Only 1 items were found',
    ],
  ] as [JsonSchema, JsonValue, string][])('%j refuses %j in plain words', (schema, value, message) => {
    expect(report(schema, value)).toBe(message);
  });

  test('a long text is not shown in part, so that no half of a secret is printed', () => {
    expect(report({ type: 'number' }, 'k'.repeat(61))).toBe('expected number, found a text of 61 characters');
  });

  test('a missing value is a problem of its own', () => {
    expect(report({ type: 'string' }, undefined)).toBe('there is no value');
  });

  test('a frozen schema is checked and stays as it was', () => {
    const schema = Object.freeze({ type: 'object', properties: Object.freeze({ a: Object.freeze({ type: 'number' }) }) });
    expect(report(schema, { a: 'x' })).toBe('a: expected number, found the text "x"');
    expect(Reflect.ownKeys(schema)).toEqual(['type', 'properties']);
  });

  test.each([[{ pattern: '(' }], [{ $ref: '#/$defs/none' }], [{ required: true }]] as [JsonSchema][])(
    'a schema that cannot be used is a problem, not an exception: %j',
    (schema) => {
      expect(report(schema, schema.required === true ? {} : 'x')).toMatch(/^cannot be checked: /);
    },
  );

  test('a hundred thousand wrong items yield a bounded report', () => {
    const problems = checkSchema({ type: 'array', items: { type: 'string' } }, Array(100_000).fill(1));
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.length).toBeLessThanOrEqual(100);
  });

  test('paths of odd names are unambiguous', () => {
    const schema = { type: 'object', additionalProperties: { type: 'object', additionalProperties: { type: 'string' } } };
    expect(checkSchema(schema, { 'a/b~c%d': { '': 1 } })[0]?.path).toBe('["a/b~c%d"][""]');
  });

  test('names of Object.prototype are ordinary field names', () => {
    const value = JSON.parse('{"__proto__": 1, "constructor": "x"}') as JsonValue;
    expect(report({ type: 'object', required: ['toString'] }, value)).toBe('toString: is missing');
    expect(report({ type: 'object', additionalProperties: { type: 'string' } }, value)).toContain('__proto__: expected string');
  });

  test('any JSON value satisfies a schema made of its own type, and no other type', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (generated) => {
        const value = generated as JsonValue;
        const type = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
        expect(checkSchema({ type }, value)).toEqual([]);
        expect(checkSchema({ not: { type } }, value)).toHaveLength(1);
      }),
    );
  });
});
