import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openConfigText } from '../../../src/node/wrangler/config-reader.ts';
import { readDevVars } from '../../../src/node/wrangler/dev-vars.ts';
import { readWranglerConfig } from '../../../src/node/wrangler/wrangler-config.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ensemble-wrangler-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function read(name: string, text: string) {
  const file = join(folder, name);
  writeFileSync(file, text);
  return readWranglerConfig(file);
}

const TOML = `
name = "shop"
compatibility_date = "2026-07-01"
vars = { REGION = "eu", LIMITS = { rows = 5 } }

[[kv_namespaces]]
binding = "STORE"
id = "abc"
[[kv_namespaces]]
binding = "CACHE"

[[d1_databases]]
binding = "ORDERS"
database_name = "orders"
database_id = "id-1"
preview_database_id = "preview-1"
migrations_dir = "db/migrations"
[[d1_databases]]
binding = "LOGS"
database_id = "id-2"
migrations_table = "done"

[[r2_buckets]]
binding = "FILES"
bucket_name = "files"
`;
const JSONC = `{
  // the same in JSONC
  "name": "shop",
  "vars": { "REGION": "eu", "LIMITS": { "rows": 5 } },
  "kv_namespaces": [{ "binding": "STORE", "id": "abc" }, { "binding": "CACHE" }],
  "d1_databases": [
    { "binding": "ORDERS", "database_name": "orders", "database_id": "id-1", "preview_database_id": "preview-1", "migrations_dir": "db/migrations" },
    { "binding": "LOGS", "database_id": "id-2", "migrations_table": "done" },
  ],
  "r2_buckets": [{ "binding": "FILES", "bucket_name": "files" }],
}`;

describe('readWranglerConfig', () => {
  test.each([
    ['wrangler.toml', TOML],
    ['wrangler.jsonc', JSONC],
  ])('%s gives bindings in the order of the file, with the ids under which wrangler keeps local data', (name, text) => {
    expect(read(name, text)).toEqual({
      name: 'shop',
      kv: [
        { binding: 'STORE', id: 'abc' },
        { binding: 'CACHE', id: 'CACHE' },
      ],
      d1: [
        { binding: 'ORDERS', id: 'preview-1', migrationsDir: join(folder, 'db/migrations'), migrationsTable: 'd1_migrations' },
        { binding: 'LOGS', id: 'id-2', migrationsTable: 'done' },
      ],
      r2: [{ binding: 'FILES', id: 'files' }],
      vars: { REGION: 'eu', LIMITS: { rows: 5 } },
    });
  });

  test.each([
    ['wrangler.toml', 'name = "a"\n\nname = oops\n', /wrangler\.toml:3:\d+: /],
    [
      'wrangler.toml',
      '[[kv_namespaces]]\nbinding = "A"\n[[kv_namespaces]]\nid = "x"\n',
      /wrangler\.toml:3: kv_namespaces\[1\] has no `binding`/,
    ],
    [
      'wrangler.toml',
      '[[d1_databases]]\nbinding = "A"\ndatabase_id = 5\n',
      /wrangler\.toml:3: d1_databases\[0\]\.database_id must be text, found number 5/,
    ],
    ['wrangler.toml', 'kv_namespaces = "KV"\n', /wrangler\.toml:1: kv_namespaces must be a list/],
    ['wrangler.jsonc', '{\n  "name": "a"\n  "vars": {}\n}', /wrangler\.jsonc:3:3: comma expected/],
    ['wrangler.json', '[]', /wrangler\.json:1: expected an object/],
    ['wrangler.jsonc', '{\n "kv_namespaces": [\n  { "binding": 5 }\n ]\n}', /wrangler\.jsonc:3: kv_namespaces\[0\]\.binding must be text/],
    [
      'wrangler.toml',
      '[[kv_namespaces]]\nbinding = "A"\n[[r2_buckets]]\nbinding = "A"\n',
      /wrangler\.toml:3: r2_buckets\[0\] uses the name "A", which kv_namespaces\[0\] has already/,
    ],
    [
      'wrangler.toml',
      '[vars]\nENSEMBLE_RUNS = "x"\n',
      /vars\.ENSEMBLE_RUNS uses the name "ENSEMBLE_RUNS", which the host itself has already/,
    ],
  ])('a broken %s is refused with file, line and key (%#)', (name, text, message) => {
    expect(() => read(name, text)).toThrow(message);
  });

  test.each(['"../../esc"', '"a/b"', "'a\\b'", '"a\\u0000"', '"a\\nb"', '""', `"${'n'.repeat(201)}"`])(
    'the name %s would lead out of the data folder, which has folders of that name',
    (name) => {
      expect(() => read('wrangler.toml', `name = ${name}\n`)).toThrow(/wrangler\.toml:1: name must be a name without slashes/);
    },
  );

  test('a name of 200 letters is one', () => {
    expect(read('wrangler.toml', `name = "${'n'.repeat(200)}"\n`).name).toHaveLength(200);
  });
});

describe('a hostile configuration', () => {
  const nested = (open: string, close: string, levels: number) => `${open.repeat(levels)}1${close.repeat(levels)}`;
  const DEEP: readonly [string, string, (levels: number) => string][] = [
    ['lists in JSON', 'wrangler.jsonc', (levels) => `{ "x": ${nested('[', ']', levels)} }`],
    ['objects in JSON', 'wrangler.jsonc', (levels) => `{ "x": ${nested('{"x":', '}', levels)} }`],
    ['lists in TOML', 'wrangler.toml', (levels) => `x = ${nested('[', ']', levels)}\n`],
    ['tables in TOML', 'wrangler.toml', (levels) => `x = ${nested('{x=', '}', levels)}\n`],
  ];
  test.each(DEEP)('has %s as deep as any project needs, and no deeper', (_, name, text) => {
    expect(read(name, text(98))).toMatchObject({ kv: [] });
    for (const levels of [102, 100_000]) expect(() => read(name, text(levels))).toThrow(/nested deeper than 100 levels|excessively nested/);
  });

  test.each([
    ['of a JSON text that ends before', 'wrangler.jsonc', '['.repeat(100_000)],
    ['of keys in TOML', 'wrangler.toml', `${'a.'.repeat(20_000)}b = 1\n`],
    ['of headers in TOML', 'wrangler.toml', `[${'a.'.repeat(20_000)}b]\n`],
  ])('runs out of no stack by the depth %s', (_, name, text) => {
    expect(() => read(name, text)).toThrow(/nested deeper than 100 levels/);
  });

  test.each([
    ['wrangler.jsonc', '{ "__proto__": { "name": "hidden" } }'],
    ['wrangler.jsonc', '{ "vars": { "\\u005f_proto__": { "KEY": "hidden" } } }'],
    ['wrangler.toml', '[vars.__proto__]\nKEY = "hidden"\n'],
    ['wrangler.toml', '"__proto__".name = "hidden"\n'],
  ])('lends nothing by a prototype (%#)', (name, text) => {
    expect(() => read(name, text)).toThrow('no key may be called __proto__');
    expect(({} as { readonly KEY?: unknown }).KEY).toBeUndefined();
  });

  test('takes no binding of the Worker itself for a storage', () => {
    expect(() => read('wrangler.toml', '[[kv_namespaces]]\nbinding = "ENSEMBLE_RUNS"\n')).toThrow(
      /wrangler\.toml:1: kv_namespaces\[0\] uses the name "ENSEMBLE_RUNS", which the host itself has already/,
    );
  });

  test('has variables that are called like what every object inherits', () => {
    expect(read('wrangler.toml', '[vars]\nconstructor = "c"\ntoString = "t"\n').vars).toEqual({ constructor: 'c', toString: 't' });
  });

  test('tells the line of the last of 20,000 tables', () => {
    const text = Array.from({ length: 20_000 }, (_, index) => `[[kv_namespaces]]\nbinding = "B${index}"\n`).join('');
    const { root } = openConfigText('wrangler.toml', text);
    expect(root.tables('kv_namespaces').at(-1)?.line).toBe(39_999);
    const json = `{ "kv_namespaces": [\n${Array.from({ length: 20_000 }, (_, index) => `{ "binding": "B${index}" }`).join(',\n')}\n] }`;
    expect(openConfigText('wrangler.jsonc', json).root.tables('kv_namespaces').at(-1)?.line).toBe(20_001);
  });
});

describe('readDevVars', () => {
  test('values are those of dotenv: quotes, comments, several lines', () => {
    writeFileSync(join(folder, '.dev.vars'), '# secrets\nA=1\nB="two words" # note\nexport C=\'x\'\nD="line\nline"\nEMPTY=\n');
    expect(readDevVars(folder)).toEqual({ A: '1', B: 'two words', C: 'x', D: 'line\nline', EMPTY: '' });
  });

  test('a project without the file has none', () => {
    expect(readDevVars(folder)).toEqual({});
  });
});
