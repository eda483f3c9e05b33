import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { PROBLEMS } from '../../../src/worker/http/problem.ts';

type Node = { readonly [key: string]: unknown };

const read = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as Node;
const document = read(new URL('../../../schemas/openapi.json', import.meta.url).pathname);
const paths = document.paths as Readonly<Record<string, Readonly<Record<string, Operation>>>>;
const operations = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, own]) => ({ path, method, ...own })),
);

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required: boolean }[];
  readonly responses: Node;
}

describe('the OpenAPI document', () => {
  test('is what the specification asks for', () => {
    const file = createRequire(import.meta.url).resolve(
      'schemastore/schemas/json/raw.githubusercontent.com/OAI/OpenAPI-Specification/main/schemas/v3.1/schema.json',
    );
    // Ajv finds the wrong schema behind this dynamic reference; without a dialect in its place it is this one.
    const schema = readFileSync(file, 'utf8').replaceAll('"$dynamicRef": "#meta"', '"$ref": "#/$defs/schema"');
    const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(JSON.parse(schema) as Node);
    expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
    expect(validate({ ...document, paths: { runs: {} } })).toBe(false);
  });

  test('refers to nothing that is not there', () => {
    const references = JSON.stringify(document).match(/"\$ref":"[^"]*"/g) ?? [];
    expect(references.length).toBeGreaterThan(100);
    for (const reference of new Set(references)) {
      const [, pointer = ''] = /"#\/(.*)"$/.exec(reference) ?? [];
      const found = pointer.split('/').reduce<unknown>((node, name) => (node as Node | undefined)?.[name], document);
      expect(found, reference).toBeTypeOf('object');
    }
  });

  test('has schemas that can be used', () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    ajv.addSchema(document, 'doc');
    const { schemas } = document.components as { readonly schemas: Node };
    for (const name of Object.keys(schemas)) expect(ajv.getSchema(`doc#/components/schemas/${name}`), name).toBeTypeOf('function');
  });

  test('names each operation once, and declares each parameter of its path', () => {
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
    for (const { path, parameters = [] } of operations) {
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect(parameters.filter((one) => one.in === 'path').map(({ name }) => name)).toEqual(named);
      expect(new Set(parameters.map((one) => `${one.in} ${one.name}`)).size).toBe(parameters.length);
      for (const parameter of parameters) expect(parameter.required).toBe(parameter.in === 'path');
    }
  });

  test('says of each operation what happens without a key, and where there is no such thing', () => {
    for (const { responses } of operations)
      expect(Object.keys(responses)).toEqual(expect.arrayContaining(['400', '401', '404', '429', '500', '503']));
  });
});

describe('docs/http-api.md', () => {
  const page = readFileSync(new URL('../../../docs/http-api.md', import.meta.url), 'utf8');

  test('lists every route of the document, and no other', () => {
    const listed = [...page.matchAll(/^\| `(GET|POST) (\/\S*)` \|/gm)].map(([, method, path]) => `${method} /api/v1${path}`);
    expect(listed.toSorted()).toEqual(operations.map(({ method, path }) => `${method.toUpperCase()} ${path}`).toSorted());
  });

  test('asks in its examples for nothing that is not there', () => {
    const asked = page
      .replaceAll('\\\n', ' ')
      .split('\n')
      .filter((line) => line.startsWith('curl '));
    expect(asked.length).toBeGreaterThan(10);
    for (const line of asked) {
      const method = /-X POST| -d /.test(line) ? 'post' : 'get';
      const [, path = '', query = ''] = /"\$URL([^"?]*)\??([^"]*)"/.exec(line) ?? [];
      const found = operations.find(
        (one) => one.method === method && new RegExp(`^${one.path.replace('{id}', '.+').replace(/\{\w+\}/g, '[^/]+')}$`).test(path),
      );
      expect(found, line).toBeDefined();
      const known = (found?.parameters ?? []).filter((one) => one.in === 'query').map(({ name }) => name);
      expect(known).toEqual(expect.arrayContaining([...new URLSearchParams(query).keys()]));
    }
  });

  test('lists every code of a problem with its status', () => {
    const listed = [...page.matchAll(/^\| (\d{3}) \| `([\w-]+)` \|/gm)].map(([, status, code]) => [code, Number(status)]);
    expect(Object.fromEntries(listed)).toEqual(Object.fromEntries(Object.entries(PROBLEMS).map(([code, { status }]) => [code, status])));
  });
});
