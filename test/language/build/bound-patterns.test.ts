import { describe, expect, test } from 'vitest';
import { boundPatterns } from '../../../src/language/build/bound-patterns.ts';
import type { JsonSchema } from '../../../src/program/json.ts';
import { checkSchema } from '../../../src/runtime/schema/check-schema.ts';
import { programOf } from '../../runtime/engine/support/program-of.ts';

const SLOW = String.raw`\s+$`;

describe('a pattern that could take long on a long text', () => {
  test.each<[pattern: string, maxLength: number | undefined]>([
    [SLOW, 10_000],
    [String.raw`^\S+@\S+\.\S+$`, 292],
    ['.*a.*b.*c', 100],
    [String.raw`^(\w+)\s\1$`, 1_000],
    [String.raw`^.*\b.*x$`, 7_071],
    [String.raw`.*\S.*`, 7_071],
    [String.raw`\S+@\S+`, 7_071],
    ['(- .+\\n)+!', 5_000],
    ['^[a-z]+(-[a-z]+)*$', undefined],
    [String.raw`^(\d+,)*\d+$`, undefined],
    [String.raw`^(- .*\n)+$`, undefined],
    ['^.{10,2000}$', undefined],
    [String.raw`^(?!\s*$).+`, undefined],
    [String.raw`^(?=.*[A-Z])(?=.*\d).{8,}$`, undefined],
    ['^(a+)+$', 24],
    [String.raw`^\d{4}-\d\d$`, undefined],
    [String.raw`^[\w.+-]+@[\w-]+\.[\w.-]+$`, undefined],
    ['(', undefined],
  ])('%s bounds the text that it is tried on to %s characters', (pattern, maxLength) => {
    const schema = { type: 'string', pattern };
    expect(boundPatterns(schema)).toEqual({ ...schema, ...(maxLength === undefined ? {} : { maxLength }) });
  });

  test('keeps a bound of its author that is lower', () => {
    const own = (maxLength: number) => boundPatterns({ pattern: SLOW, maxLength });
    expect([9_999, 10_000, 10_001].map((length) => own(length).maxLength)).toEqual([9_999, 10_000, 10_000]);
  });

  test('is bounded wherever it stands, at the place where the value is judged as a whole', () => {
    const bounded = { pattern: SLOW, maxLength: 10_000 };
    const part = { pattern: SLOW };
    const schema: JsonSchema = {
      properties: {
        a: part,
        __proto__: { type: 'string' },
        b: { not: part },
        c: { if: { allOf: [part] }, else: { minLength: 1 } },
      },
      prefixItems: [part, true],
      $defs: { d: { items: part } },
      default: { a: part },
    };
    expect(boundPatterns(schema)).toEqual({
      properties: {
        a: bounded,
        __proto__: { type: 'string' },
        b: { not: bounded, maxLength: 10_000 },
        c: { if: { allOf: [bounded], maxLength: 10_000 }, else: { minLength: 1 }, maxLength: 10_000 },
      },
      prefixItems: [bounded, true],
      $defs: { d: { items: bounded } },
      default: { a: part },
    });
    const quick = { properties: { a: { pattern: 'a' }, b: { anyOf: [{ type: 'null' }, { items: [{}] }] } } };
    expect(boundPatterns(quick)).toBe(quick);
  });

  test('is bounded where it is referred to, so that a longer text does not pass for one that `not` lets through', () => {
    const schema: JsonSchema = {
      $defs: { slow: { anyOf: [{ pattern: SLOW }] }, 'a/b%': { $ref: '#/$defs/slow' } },
      properties: { text: { not: { $ref: '#/$defs/a~1b%25' } }, deep: { $ref: '#' }, lost: { $ref: '#/$defs/none' } },
    };
    expect(boundPatterns(schema)).toMatchObject({ properties: { text: { maxLength: 10_000 }, deep: { $ref: '#' } } });
    const round: JsonSchema = { $defs: { a: { $ref: '#/$defs/b' }, b: { $ref: '#/$defs/a' } }, $ref: '#/$defs/a' };
    expect(boundPatterns(round)).toBe(round);
    for (const length of [9_000, 20_000]) {
      expect(checkSchema(boundPatterns(schema), { text: `${'x'.repeat(length)} ` })).toMatchObject([{ path: 'text' }]);
    }
    expect(checkSchema(boundPatterns(schema), { text: 'x'.repeat(9_000) })).toEqual([]);
  });

  test('is not tried on a longer one: of an input, an output or a state key', () => {
    const { body } = programOf(`
ensemble: e
input: { text: { type: string, pattern: '${SLOW}' } }
state: { schema: { text: { type: string, pattern: '${SLOW}' } } }
agents:
  - { name: a, operation: transform, config: { value: "\${input}" }, schema: { output: { text: { not: { type: string, pattern: '${SLOW}' } } } } }
`);
    const [agent] = body.steps;
    const schemas = [
      body.input,
      { properties: { text: body.state.schema?.text?.schema } },
      agent?.type === 'agent' ? agent.outputSchema : undefined,
    ];
    const text = `${' '.repeat(200_000)}x`;
    for (const schema of schemas) {
      expect(checkSchema(schema as JsonSchema, { text })).toEqual([
        expect.objectContaining({ path: 'text', message: expect.stringContaining('at most 10000 characters') }),
      ]);
    }
  });
});

test.each([
  [String.raw`^\S+@\S+\.\S+$`, `${'@.'.repeat(145)} `],
  ['^(a+)+$', `${'a'.repeat(22)}!`],
])('many texts for %s are given up together, before they keep the run busy for minutes', (pattern, text) => {
  const items = boundPatterns({ type: 'array', items: { type: 'string', pattern } });
  const many = Array.from({ length: 400 }, () => text);
  expect(checkSchema(items, many)).toEqual([
    expect.objectContaining({
      message: expect.stringMatching(/^cannot be checked: so many texts are held against the pattern .* takes too long$/),
    }),
  ]);
});

test('many texts are given up together where they must not match, too', () => {
  const items = boundPatterns({ items: { not: { pattern: '^(a+)+$' } } });
  expect(checkSchema(items, Array<string>(400).fill(`${'a'.repeat(22)}!`))).toMatchObject([
    { message: expect.stringContaining('takes too long') },
  ]);
});

test.each<[schema: JsonSchema, text: string, count: number]>([
  [{ pattern: 'https?://[^/]+/.+', maxLength: 2_048 }, `https://example.com/${'a'.repeat(2_000)}`, 1],
  [{ pattern: 'https?://[^/]+/.+', maxLength: 2_048 }, `https://example.com/${'a'.repeat(100)}`, 1_000],
  [{ pattern: String.raw`.*\S.*` }, 'a word '.repeat(200), 200],
  [{ pattern: String.raw`^.+@.+\..+$` }, `${'a'.repeat(100)}@mail.example.com`, 500],
  [{ pattern: '^[A-Z][a-z]+( [A-Z][a-z]+)*$', maxLength: 24 }, 'Some Body With A Name'.replace(' A ', ' Ab '), 3_000],
])('texts that fit %j are not too many: %.30s', (schema, text, count) => {
  const items = boundPatterns({ type: 'array', items: schema });
  expect(checkSchema(items, Array<string>(count).fill(text))).toEqual([]);
});

test('many ordinary texts are all held against a pattern', () => {
  const items = boundPatterns({ type: 'array', items: { type: 'string', pattern: String.raw`^\S+@\S+\.\S+$` } });
  const many = Array.from({ length: 10_000 }, (_, index) => `somebody.with.a.long.name.${index}@mail.department.example.com`);
  expect(checkSchema(items, many)).toEqual([]);
});

test('names of a thousand characters are held against patternProperties, longer ones are not', () => {
  const schema: JsonSchema = { patternProperties: { '^a*$': { type: 'number' } }, additionalProperties: false };
  expect(checkSchema(schema, { ['a'.repeat(1_000)]: 1 })).toEqual([]);
  expect(checkSchema(schema, { ['a'.repeat(1_001)]: 1 })).toMatchObject([
    { message: 'cannot be checked: a name of 1001 characters is too long to be held against `patternProperties`' },
  ]);
});
