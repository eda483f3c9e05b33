import { Validator } from '@cfworker/json-schema';
import { describe, expect, test } from 'vitest';
import type { JsonSchema, JsonValue } from '../../../src/program/json.ts';
import { checkSchema } from '../../../src/runtime/schema/check-schema.ts';
import { prepareSchema } from '../../../src/runtime/schema/prepare-schema.ts';
import { FREE_STEPS, STEPS_PER_PART } from '../../../src/runtime/schema/steps.ts';
import { fc } from '../../support/fast-check.ts';

function fits(schema: JsonSchema, value: JsonValue): boolean {
  return prepareSchema(schema).isSatisfied(value);
}

const names = fc.constantFrom('a', 'b', 'ab', '__proto__', 'constructor');
const scalars = fc.oneof(
  fc.constantFrom(null, true, false, '', 'a', 'ab', 'x@y.zz'),
  fc.integer({ min: -2, max: 4 }),
  fc.constantFrom(0.1, 0.3, 1.5),
);
const { value: values } = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    scalars,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(names, tie('value'), { maxKeys: 3, noNullPrototype: true }),
  ),
}));
const count = fc.integer({ min: 0, max: 3 });
const { schema: schemas } = fc.letrec<{ schema: JsonSchema | boolean }>((tie) => {
  const list = fc.array(tie('schema'), { minLength: 1, maxLength: 3 });
  const byName = fc.dictionary(names, tie('schema'), { maxKeys: 3, noNullPrototype: true });
  const one = <Name extends string>(name: Name, limit: fc.Arbitrary<unknown>) => limit.map((found) => ({ [name]: found }));
  const keyword = fc.oneof(
    one('type', fc.constantFrom('null', 'boolean', 'number', 'integer', 'string', 'array', 'object', ['string', 'null'])),
    one('const', values),
    one('enum', fc.array(values, { minLength: 1, maxLength: 3 })),
    ...['minItems', 'maxItems', 'minLength', 'maxLength', 'minProperties', 'maxProperties'].map((name) => one(name, count)),
    ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'].map((name) => one(name, fc.integer({ min: -2, max: 4 }))),
    one('multipleOf', fc.constantFrom(1, 2, 0.1, 0.5)),
    one('uniqueItems', fc.boolean()),
    one('pattern', fc.constantFrom('^a', 'b$', '.')),
    one('format', fc.constantFrom('email', 'date', 'nonsense')),
    one('required', fc.array(names, { maxLength: 2 })),
    one('dependentRequired', fc.dictionary(names, fc.array(names, { maxLength: 2 }), { maxKeys: 2, noNullPrototype: true })),
    ...['not', 'items', 'contains', 'additionalProperties', 'propertyNames', 'unevaluatedProperties', 'unevaluatedItems'].map((name) =>
      one(name, tie('schema')),
    ),
    ...['anyOf', 'allOf', 'oneOf', 'prefixItems'].map((name) => one(name, list)),
    ...['properties', 'dependentSchemas'].map((name) => one(name, byName)),
    one(
      'dependencies',
      fc.dictionary(names, fc.oneof(tie('schema'), fc.array(names, { maxLength: 2 })), { maxKeys: 2, noNullPrototype: true }),
    ),
    one('patternProperties', fc.dictionary(fc.constantFrom('^a', 'b'), tie('schema'), { maxKeys: 2, noNullPrototype: true })),
    fc.record({ contains: tie('schema'), minContains: count, maxContains: count }, { requiredKeys: ['contains'] }),
    fc.record({ if: tie('schema'), then: tie('schema'), else: tie('schema') }, { requiredKeys: ['if'] }),
    one('$ref', fc.constantFrom('#/$defs/word', '#/$defs/list')),
  );
  const parts = fc.array(keyword, { maxLength: 3 }).map((found) => Object.assign({}, ...found) as JsonSchema);
  return { schema: fc.oneof({ maxDepth: 3, withCrossShrink: true }, fc.boolean(), parts) };
});

test('any value satisfies any schema just when the library says so, and has a fault just when it does not', () => {
  fc.assert(
    fc.property(schemas, values, (part, value) => {
      const $defs = { word: { type: 'string', minLength: 1 }, list: { type: 'array', items: { type: 'number' } } };
      const schema = { $defs, allOf: [part] } as unknown as JsonSchema;
      const { valid } = new Validator(structuredClone(schema) as object, '2020-12', false).validate(value);
      const prepared = prepareSchema(schema);
      expect(prepared.isSatisfied(value)).toBe(valid);
      expect(prepared.faults(value).length === 0).toBe(valid);
    }),
    { numRuns: 1_000 },
  );
});

describe('uniqueItems', () => {
  const unique: JsonSchema = { uniqueItems: true };

  test.each([
    [[1, 2, 3, 1.0], false],
    [[1, '1', [1], ['1'], { a: 1 }, { a: '1' }, null, 'null', true, 'true'], true],
    [
      [
        { a: 1, b: [2] },
        { b: [2], a: 1 },
      ],
      false,
    ],
    [[0, -0], false],
    [['a,b'], true],
    [['a', 'b', 'a\u0000'], true],
    [[{}, []], true],
  ] as [JsonValue[], boolean][])('%j: %s', (list, wanted) => {
    expect(fits(unique, list)).toBe(wanted);
  });

  test('of a hundred thousand items is checked wherever it stands', () => {
    const items = Array.from({ length: 100_000 }, (_unused, index) => index);
    const schemas: JsonSchema[] = [
      unique,
      { anyOf: [{ type: 'string' }, unique] },
      { not: { not: unique } },
      { $defs: { set: unique }, $ref: '#/$defs/set' },
    ];
    for (const schema of schemas) {
      expect(fits(schema, items)).toBe(true);
      expect(checkSchema(schema, [...items, 5])).toHaveLength(1);
    }
  });
});

describe('a schema that leads back to itself in several ways', () => {
  // The names of the alternatives come after what is in them: each level tries both.
  const tree: JsonSchema = {
    $defs: {
      node: {
        oneOf: ['and', 'or'].map((op) => ({
          type: 'object',
          properties: { of: { $ref: '#/$defs/node' }, op: { const: op } },
          required: ['op'],
        })),
      },
    },
    $ref: '#/$defs/node',
  };
  const nested = (levels: number): JsonValue => (levels === 0 ? { op: 'and' } : { of: nested(levels - 1), op: 'or' });

  test('is checked as long as the data is not deep', () => {
    expect(checkSchema(tree, nested(8))).toEqual([]);
  });

  test('is given up for data that would take years', () => {
    expect(checkSchema(tree, nested(60))).toEqual([
      {
        path: '',
        message: 'cannot be checked: the schema has so many alternatives within alternatives that it takes too long',
        expected: '',
      },
    ]);
  });

  test('is not followed for ever', () => {
    expect(checkSchema({ $ref: '#' }, 1)[0]?.message).toMatch(/^cannot be checked/);
    expect(checkSchema({ allOf: [{ $ref: '#' }, { $ref: '#' }] }, 1)[0]?.message).toMatch(/^cannot be checked/);
  });
});

test.each(['$dynamicRef', '$recursiveRef'])('nothing satisfies what a %s would lead to', (keyword) => {
  const schema: JsonSchema = { $defs: { n: { $dynamicAnchor: 'n', type: 'number' } }, properties: { a: { [keyword]: '#n' } } };
  expect(checkSchema(schema, { a: 'no number' })).toMatchObject([
    { message: `cannot be checked: the schema uses "${keyword}", which is not supported; use "$ref"` },
  ]);
  expect(checkSchema(schema, { b: 1 })).toEqual([]);
});

test('a check may take its free steps and a hundred for each part of the value, and none more', () => {
  // Two are those of the schema and of the items'.
  const parts = 2;
  const choices = Array.from({ length: FREE_STEPS + STEPS_PER_PART * parts - 2 }, () => [0]);
  const ofItems = (words: JsonValue[]): JsonSchema => ({ items: { enum: words } }) as unknown as JsonSchema;
  expect(checkSchema(ofItems([...choices.slice(1), {}]), [{}])).toEqual([]);
  expect(checkSchema(ofItems([...choices, {}]), [{}])[0]?.message).toMatch(/^cannot be checked: the schema has so many alternatives/);
});

test('each of many values may be one of many words', () => {
  const words = Array.from({ length: 600 }, (_unused, index) => `zone-${index}`);
  const zones = Array.from({ length: 20_000 }, () => 'zone-599');
  expect(checkSchema({ items: { enum: [...words, null, 0] } }, [...zones, null, -0])).toEqual([]);
  expect(checkSchema({ items: { enum: words } }, [...zones, 'zone-600'])).toHaveLength(1);
});

test('a large value has all the steps that it needs', () => {
  const rows = Array.from({ length: 30_000 }, (_unused, id) => ({ id, tags: ['a', 'b'], text: 'x'.repeat(20) }));
  const row = {
    type: 'object',
    properties: { id: { type: 'integer' }, tags: { type: 'array', items: { enum: ['a', 'b'] } } },
    required: ['text'],
  };
  expect(checkSchema({ type: 'array', items: { anyOf: [{ type: 'string' }, row] } }, rows)).toEqual([]);
});

test.each([
  'url',
  'uri',
  'uri-reference',
  'uri-template',
  'email',
  'hostname',
  'date-time',
  'ipv6',
  'duration',
  'regex',
  'json-pointer',
  'iri',
])('no text keeps the format %s busy', (format) => {
  for (const text of [
    `http://${'a'.repeat(60)}!`,
    `http://${'a-'.repeat(50_000)}!`,
    `${'a@'.repeat(50_000)}`,
    `/${'{a}'.repeat(30_000)}{`,
    't'.repeat(100_000),
    '['.repeat(50_000),
  ]) {
    expect(Array.isArray(checkSchema({ format }, text))).toBe(true);
  }
});

test.each([
  ['https://example.com/a?b#c', true],
  ['ftp://10.0.0.1', true],
  ['mailto:a@b.cc', false],
  ['http://', false],
  ['http://a b', false],
  ['example.com', false],
  ['http://localhost:8787/?q=1', true],
  ['https://münchen.example/straße?名=1', true],
  ['https://a.example/\u00a0b', false],
])('%s is of the format url: %s', (text, wanted) => {
  expect(fits({ format: 'url' }, text)).toBe(wanted);
});

test.each([
  [{ a: ['b'] }, { a: 1 }, 'has "a" but does not have "b"'],
  [{ a: { required: ['b'] } }, { a: 1 }, 'is missing'],
  [{ a: ['b'], c: { required: ['d'] } }, { a: 1, b: 1, c: 1, d: 1 }, undefined],
  [{ a: ['b'], c: { required: ['d'] } }, {}, undefined],
])('dependencies %j of older drafts hold for %j: %s', (dependencies, value, message) => {
  expect(checkSchema({ dependencies } as unknown as JsonSchema, value)[0]?.message).toBe(message);
});
