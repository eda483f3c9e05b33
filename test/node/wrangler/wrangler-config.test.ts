import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
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
