import { describe, expect, test } from 'vitest';
import { parseDocument } from '../../../src/language/document/parse-document.ts';
import { Findings } from '../../../src/language/model/findings.ts';
import { expandFields, expandSchema } from '../../../src/language/model/schema-forms.ts';

function expand(text: string, required = false): unknown {
  const { root } = parseDocument({ path: 'x.yaml', text });
  if (root === undefined) throw new Error('no root');
  const findings = new Findings();
  const { schema } = expandSchema(root, { required }, findings);
  return findings.all.length === 0 ? schema : findings.all.map(({ code, help }) => `${code}: ${help}`);
}

function expandInput(text: string): unknown {
  const { root } = parseDocument({ path: 'x.yaml', text });
  if (root?.kind !== 'mapping') throw new Error('no mapping');
  return expandFields(root, { required: false }, new Findings());
}

describe('a short form', () => {
  test('is a type name, and any is no constraint', () => {
    expect(expand('string')).toEqual({ type: 'string' });
    expect(expand('any')).toEqual({});
    expect(expand('null')).toEqual({ type: 'null' });
  });
  test('is a mapping of properties, which may be short forms again', () => {
    expect(expand('{ title: string, tags: { type: array, items: string }, by: { name: string } }')).toEqual({
      type: 'object',
      properties: {
        title: { type: 'string' },
        tags: { type: 'array', items: { type: 'string' } },
        by: { type: 'object', properties: { name: { type: 'string' } } },
      },
    });
  });
  test('in an output must be there unless it says otherwise', () => {
    expect(
      expand('{ a: string, b: { type: string, required: false }, c: { type: string, default: x }, d: { e: number } }', true),
    ).toMatchObject({
      required: ['a', 'd'],
      properties: { d: { required: ['e'] } },
    });
  });
  test('that names no type is reported with the one that was meant', () => {
    expect(expand('{ a: strin }')).toEqual(['unknown-type: did you mean string?']);
    expect(expand('{ title: sting }')).toEqual(['unknown-type: did you mean string?']);
  });
});

describe('a JSON Schema', () => {
  test('stays as it is, but for any and short forms in it', () => {
    expect(
      expand('{ type: object, required: [a], properties: { a: integer, b: { type: any, description: B } }, additionalProperties: false }'),
    ).toEqual({
      type: 'object',
      properties: { a: { type: 'integer' }, b: { description: 'B' } },
      additionalProperties: false,
      required: ['a'],
    });
  });
  test('may list types and alternatives', () => {
    expect(expand('{ type: [string, "null"] }')).toEqual({ type: ['string', 'null'] });
    expect(expand('{ anyOf: [string, { type: number }] }')).toEqual({ anyOf: [{ type: 'string' }, { type: 'number' }] });
  });
  test('is told from a set of properties by what it says', () => {
    expect(expand('{ default: en }')).toEqual({ default: 'en' });
    expect(expand('{ description: The language of the text. }')).toEqual({ description: 'The language of the text.' });
    expect(expand('{ description: string, default: number }')).toMatchObject({ properties: { description: {}, default: {} } });
  });
});

describe('inputs', () => {
  test('are fields, whatever their names', () => {
    expect(expandInput('{ type: string, items: array }')).toEqual({
      type: 'object',
      properties: { type: { type: 'string' }, items: { type: 'array' } },
    });
  });
  test('may be required one by one', () => {
    expect(expandInput('{ a: { type: string, required: true }, b: string }')).toMatchObject({ required: ['a'] });
  });
  test('may be one JSON Schema of an object', () => {
    expect(expandInput('{ type: object, properties: { a: string }, required: [a] }')).toEqual({
      type: 'object',
      properties: { a: { type: 'string' } },
      required: ['a'],
    });
  });
  test('may be called __proto__ without harm', () => {
    expect(Object.keys((expandInput('{ __proto__: string }') as { properties: object }).properties)).toEqual(['__proto__']);
  });
});
