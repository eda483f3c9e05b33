import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { OPERATIONS as operations } from '../../../scripts/schemas/operations.ts';
import { parseDocument } from '../../../src/language/document/parse-document.ts';
import { toJson } from '../../../src/language/document/to-json.ts';

const ROOT = new URL('../../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, ROOT), 'utf8');
type Json = { readonly [key: string]: unknown };

describe('the compiled validators', () => {
  test('bring no code that needs Ajv, eval or a package at run time', () => {
    const code = read('src/language/schema/validators.gen.js');
    expect(code).not.toMatch(/\brequire\(|\bimport\b|new Function|\beval\(/);
  });
});

describe.each(['schemas/ensemble.schema.json', 'schemas/agent.schema.json'])('%s', (path) => {
  const schema = JSON.parse(read(path)) as Json;

  test('is a draft-07 schema that any validator takes', () => {
    expect(schema.$schema).toBe('http://json-schema.org/draft-07/schema#');
    expect(() => new Ajv({ strict: false }).compile(schema)).not.toThrow();
  });

  test('describes every property', () => {
    const silent: string[] = [];
    const definitions = schema.definitions as Json;
    const describes = (property: Json): boolean =>
      property.description !== undefined ||
      (typeof property.$ref === 'string' && describes((definitions[property.$ref.replace('#/definitions/', '')] ?? {}) as Json));
    const walk = (node: unknown, place: string): void => {
      if (typeof node !== 'object' || node === null) return;
      const { properties } = node as Json;
      // In an `if` properties are tests, under `not` and `anyOf` rules.
      const isTest = /\/(?:if|not|anyOf\/\d+)$/.test(place);
      if (typeof properties === 'object' && properties !== null && !isTest && !place.endsWith('/properties')) {
        for (const [key, property] of Object.entries(properties)) {
          if (!describes(property as Json) && key !== 'config') silent.push(`${place}/${key}`);
        }
      }
      for (const [key, child] of Object.entries(node)) walk(child, `${place}/${key}`);
    };
    walk(schema, '');
    expect(silent).toEqual([]);
  });

  test('refuses keys that it does not know', () => {
    const text = read('test/language/schema/fixtures/ok/everything.yaml');
    const { root } = parseDocument({ path: 'a.yaml', text });
    const value = root && (toJson(root) as Json);
    const validate = new Ajv({ strict: false }).compile(schema);
    const isEnsemble = path.includes('ensemble');
    expect(validate(value)).toBe(isEnsemble);
    expect(validate({ ...(isEnsemble ? value : { agent: 'a' }), zebra: 1 })).toBe(false);
  });
});

test('editors are offered every operation', () => {
  expect(Object.keys(operations)).toEqual(
    expect.arrayContaining(['code', 'http', 'storage', 'data', 'think', 'transform', 'assert', 'log']),
  );
});
