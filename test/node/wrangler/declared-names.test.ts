import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openProjectIndex } from '../../../src/node/project/project-index.ts';
import { readDeclaredNames } from '../../../src/node/wrangler/declared-names.ts';
import { writeProject } from '../../support/written-project.ts';

function read(files: Readonly<Record<string, string>>, elsewhere?: readonly string[]) {
  using project = writeProject(files);
  return readDeclaredNames(project.root, elsewhere);
}

const TOML = `
name = "shop"
[vars]
REGION = "eu"
[[kv_namespaces]]
binding = "CACHE"
id = "1"
[[secrets_store_secrets]]
binding = "STORED_KEY"
store_id = "1"
secret_name = "key"
[secrets]
required = ["API_KEY"]
[env.production]
vars = { STAGE = "live" }
[[env.production.kv_namespaces]]
binding = "CACHE"
id = "2"
[[env.production.d1_databases]]
binding = "DB"
database_id = "3"
`;

describe('the names that a project declares', () => {
  test('come from the wrangler configuration and all of its environments', () => {
    const { bindings, variables } = read({ 'wrangler.toml': TOML });
    expect(bindings).toEqual({ file: 'wrangler.toml', kv: ['CACHE'], d1: ['DB'], r2: [] });
    expect(variables).toEqual(['REGION', 'API_KEY', 'STORED_KEY', 'STAGE']);
  });

  test('come from JSON with comments too', () => {
    const text = '{ // the shop\n "vars": { "A": { "b": 1 } }, "r2_buckets": [{ "binding": "FILES", "bucket_name": "f" },], }';
    const { bindings, variables } = read({ 'wrangler.jsonc': text });
    expect(bindings).toEqual({ file: 'wrangler.jsonc', kv: [], d1: [], r2: ['FILES'] });
    expect(variables).toEqual(['A']);
  });

  test('come from files of variables, examples included, and from the settings', () => {
    const files = {
      '.dev.vars': 'A=1\n# no\nB="two"',
      '.dev.vars.example': 'B=\nC=',
      '.env': 'export D=4',
      '.env.local': 'E=5',
      '.envrc': 'F=6',
    };
    expect(read(files, ['G', 'A']).variables).toEqual(['A', 'B', 'C', 'D', 'E', 'G']);
    expect(read(files).bindings).toBeUndefined();
  });

  test('are unknown where no file could declare any', () => {
    expect(read({})).toEqual({ bindings: undefined, variables: undefined });
    expect(read({}, ['A']).variables).toEqual(['A']);
  });

  test.each([
    ['wrangler.toml', 'vars = [['],
    ['wrangler.json', '{'],
    ['wrangler.json', '[]'],
    ['wrangler.toml', 'name = "\u0000"'],
  ])('are unknown where %s is broken: %s', (name, text) => {
    expect(read({ [name]: text, '.dev.vars': 'A=1' }, ['B'])).toEqual({ bindings: undefined, variables: undefined });
  });

  test('are those of the well-formed parts where a part of the configuration is of the wrong kind', () => {
    const config = {
      vars: ['A'],
      kv_namespaces: [{ id: 'x' }, 3, { binding: 4 }, { binding: 'KV' }],
      d1_databases: {},
      env: [],
      secrets: 1,
    };
    const { bindings, variables } = read({ 'wrangler.json': JSON.stringify(config) });
    expect(bindings).toEqual({ file: 'wrangler.json', kv: ['KV'], d1: [], r2: [] });
    expect(variables).toEqual([]);
  });

  test('never wait for a pipe and never hold a value', () => {
    using project = writeProject({ '.dev.vars': 'TOKEN=hidden-value' });
    execFileSync('mkfifo', [join(project.root, '.env')]);
    const names = readDeclaredNames(project.root);
    expect(names.variables).toEqual(['TOKEN']);
    expect(JSON.stringify(names)).not.toContain('hidden-value');
  });
});

test('a project index reads the declared names once', () => {
  using project = writeProject({ '.dev.vars': 'A=1' });
  const index = openProjectIndex(project.root, { variables: ['B'] });
  expect(index.variables()).toEqual(['A', 'B']);
  expect(index.variables()).toBe(index.variables());
  expect(index.bindings()).toBeUndefined();
});
