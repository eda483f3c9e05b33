import { Miniflare } from 'miniflare';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../../../src/program/json.ts';
import { buildCacheKey } from '../../../src/runtime/engine/cache/cache-key.ts';
import { data } from '../../../src/runtime/operations/storage/data.ts';
import { storage } from '../../../src/runtime/operations/storage/storage.ts';
import type { Bindings, D1Like, KvLike, R2Like } from '../../../src/runtime/ports.ts';
import { failureOf, testContext } from './operation-context.ts';

let miniflare: Miniflare;
let bindings: Partial<Bindings>;

beforeAll(async () => {
  miniflare = new Miniflare({
    modules: true,
    script: 'export default { fetch() { return new Response() } }',
    compatibilityDate: '2026-01-01',
    kvNamespaces: ['KV'],
    d1Databases: ['DB'],
    r2Buckets: ['FILES'],
  });
  const kv = (await miniflare.getKVNamespace('KV')) as unknown as KvLike;
  const db = (await miniflare.getD1Database('DB')) as unknown as D1Like;
  const files = (await miniflare.getR2Bucket('FILES')) as unknown as R2Like;
  const names = { kv: ['KV'], d1: ['DB'], r2: ['FILES'] };
  const pick =
    <Binding>(known: string, binding: Binding) =>
    (name?: string) =>
      name === undefined || name === known ? binding : undefined;
  bindings = { kv: pick('KV', kv), d1: pick('DB', db), r2: pick('FILES', files), names: (kind) => names[kind] };
});
afterAll(() => miniflare.dispose());

const context = () => testContext({ bindings });
const run = async (config: JsonObject): Promise<JsonObject> => (await storage.run(config, context())).output as JsonObject;
const fail = (config: JsonValue) => failureOf(storage, config, context());

describe('storage kv', () => {
  const kv = (config: JsonObject) => run({ type: 'kv', ...config });

  test('hands back values of a thousand levels, and fails by name for deeper ones that others put there', async () => {
    const lists = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
    await kv({ action: 'put', key: 'deep', value: lists(1_000) });
    expect(await kv({ action: 'get', key: 'deep' })).toMatchObject({ value: [expect.any(Array)] });
    await kv({ action: 'put', key: 'deep', value: lists(1_001) });
    expect(await fail({ type: 'kv', action: 'get', key: 'deep' })).toMatchObject({ code: 'OUTPUT_TOO_LARGE' });
    const r2 = { type: 'r2', key: 'deep' };
    await run({ ...r2, action: 'put', value: lists(1_000) });
    expect((await run({ ...r2, action: 'get', as: 'json' })).body).toHaveLength(1);
    await run({ ...r2, action: 'put', value: lists(1_001) });
    expect(await fail({ ...r2, action: 'get', as: 'json' })).toMatchObject({ code: 'OUTPUT_TOO_LARGE' });
  });

  test.each<[string, JsonValue]>([
    ['an object', { name: 'Ada', tags: ['x'] }],
    ['a text', 'plain words'],
    ['a number', 42],
    ['null', null],
    ['a text with quotes', '"quoted" and ${more}'],
  ])('hands back %s that was put', async (_case, value) => {
    expect(await kv({ action: 'put', key: 'k', value })).toEqual({ success: true });
    expect(await kv({ action: 'get', key: 'k' })).toEqual({ value, found: true, metadata: null });
  });

  test('a miss is null, or the default', async () => {
    expect(await kv({ action: 'get', key: 'none' })).toEqual({ value: null, found: false, metadata: null });
    expect(await kv({ action: 'get', key: 'none', default: { n: 0 } })).toEqual({ value: { n: 0 }, found: false, metadata: null });
  });

  test('metadata and life are stored with the value', async () => {
    await kv({ action: 'put', key: 'life', value: 1, metadata: { by: 'me' }, expirationTtl: '1h' });
    expect(await kv({ action: 'get', key: 'life' })).toMatchObject({ value: 1, metadata: { by: 'me' } });
    const { keys } = await kv({ action: 'list', prefix: 'life' });
    const [entry] = keys as [JsonObject];
    expect(entry).toMatchObject({ name: 'life', metadata: { by: 'me' } });
    expect(Math.abs(Number(entry.expiration) - (Date.now() / 1000 + 3600))).toBeLessThan(60);
  });

  test('a deleted key is gone', async () => {
    await kv({ action: 'put', key: 'gone', value: 1 });
    expect(await kv({ action: 'delete', key: 'gone' })).toEqual({ success: true });
    expect(await kv({ action: 'get', key: 'gone' })).toMatchObject({ found: false });
  });

  test('a list comes in pages', async () => {
    for (const key of ['page:1', 'page:2', 'page:3']) await kv({ action: 'put', key, value: key });
    const first = await kv({ action: 'list', prefix: 'page:', limit: 2 });
    expect(first).toMatchObject({ keys: [{ name: 'page:1' }, { name: 'page:2' }], list_complete: false });
    const rest = await kv({ action: 'list', prefix: 'page:', cursor: first.cursor ?? null });
    expect(rest).toEqual({ keys: [{ name: 'page:3' }], list_complete: true, cursor: null });
  });

  test.each<[string, JsonObject, string]>([
    ['no action', {}, 'storage kv needs "action" to be one of get, put, delete, list, found nothing'],
    [
      'another action',
      { action: 'put!' },
      'storage kv needs "action" to be one of get, put, delete, list (did you mean put?), found the text "put!"',
    ],
    ['no key', { action: 'get' }, 'storage kv needs "key" to be a text such as user:42, found nothing'],
    ['an object as key', { action: 'get', key: {} }, 'storage kv needs "key" to be a text, found an empty object'],
    ['a key of dots', { action: 'get', key: '..' }, 'storage kv needs "key" to be neither "." nor "..", found the text ".."'],
    [
      'a long key',
      { action: 'get', key: 'é'.repeat(257) },
      'storage kv needs "key" to be at most 512 bytes long, found a text of 257 characters',
    ],
    ['no value', { action: 'put', key: 'k' }, 'storage kv needs "value" to be what to store, found nothing'],
    [
      'a life too short',
      { action: 'put', key: 'k', value: 1, expirationTtl: 30 },
      'storage kv needs "expirationTtl" to be at least 60 seconds (KV keeps no key for less), found the number 30',
    ],
    [
      'a page too long',
      { action: 'list', limit: 1001 },
      'storage kv needs "limit" to be a whole number at least 1 and at most 1000, found the number 1001',
    ],
  ])('with %s is CONFIG_INVALID', async (_case, config, message) => {
    expect(await fail({ type: 'kv', ...config })).toEqual({ code: 'CONFIG_INVALID', message, retryable: false });
  });

  test('an unknown binding is BINDING_MISSING and names those that there are', async () => {
    expect(await fail({ type: 'kv', action: 'get', key: 'k', binding: 'CACHE' })).toMatchObject({
      code: 'BINDING_MISSING',
      message: 'there is no KV namespace binding called "CACHE"; bound are KV',
    });
    expect(await failureOf(storage, { type: 'kv', action: 'get', key: 'k' })).toMatchObject({ message: 'no KV namespace is bound' });
  });

  test('what the namespace refuses is STORAGE; overload is retryable', async () => {
    const refuse = (message: string): KvLike => ({ getWithMetadata: () => Promise.reject(new Error(message)) }) as unknown as KvLike;
    const failWith = (message: string) =>
      failureOf(storage, { type: 'kv', action: 'get', key: 'k' }, testContext({ bindings: { kv: () => refuse(message) } }));
    expect(await failWith('KV GET failed: 429 Too Many Requests')).toEqual({
      code: 'STORAGE',
      message: 'KV get of "k" failed: KV GET failed: 429 Too Many Requests',
      retryable: true,
    });
    expect(await failWith('KV GET failed: 400 Bad Request')).toMatchObject({ code: 'STORAGE', retryable: false });
  });
});

const SAME = [
  'a/../b',
  '../x',
  './x',
  '/x',
  'x/',
  '//',
  '\0',
  'a\0b',
  '\n',
  'é',
  'e\u0301',
  'K',
  'k',
  '\u212a',
  '__proto__',
  'constructor',
  'a:b',
  '%2e%2e',
  '?',
  'a?b#c',
  ' ',
  '😀',
];
describe.each(['kv', 'r2'])('a key in storage %s', (type) => {
  test('that looks like another one, or like a path, is a key of its own', async () => {
    for (const key of SAME) expect(await run({ type, action: 'put', key, value: `of ${key}` })).toMatchObject({ success: true });
    for (const key of SAME) {
      const found = await run({ type, action: 'get', key });
      expect(found.value ?? found.body, key).toBe(`of ${key}`);
    }
    const { keys, objects } = await run({ type, action: 'list', prefix: 'a/' });
    expect((keys ?? objects) as JsonValue[]).toHaveLength(1);
  });

  test.each(['\ud800', 'a\udfff', '\udc00\ud800'])(
    'with half of a surrogate pair is refused: all of them are one key in UTF-8 (%j)',
    async (key) => {
      for (const action of ['get', 'put', 'delete'])
        expect(await fail({ type, action, key, value: 1 })).toMatchObject({
          code: 'CONFIG_INVALID',
          message: expect.stringContaining('to be without half of a surrogate pair'),
        });
    },
  );
});

describe('the limits of storage', () => {
  const bytes = (size: number) => `${'é'.repeat(Math.floor(size / 2))}${size % 2 === 1 ? 'x' : ''}`;
  // at its limit: src/runtime/operations/storage/kv.ts MAX_KEY_BYTES
  // at its limit: src/runtime/operations/storage/kv.ts MAX_PAGE
  // at its limit: src/runtime/operations/storage/r2.ts MAX_KEY_BYTES
  // at its limit: src/runtime/operations/storage/r2.ts MAX_PAGE
  // at its limit: src/runtime/operations/storage/d1.ts MAX_PARAMS
  test.each<[string, (size: number) => JsonObject, number, string]>([
    ['a kv key has 512 bytes', (size) => ({ type: 'kv', action: 'put', key: bytes(size), value: 1 }), 512, 'CONFIG_INVALID'],
    ['a kv page has 1,000 keys', (limit) => ({ type: 'kv', action: 'list', limit }), 1000, 'CONFIG_INVALID'],
    ['an r2 key has 1,024 bytes', (size) => ({ type: 'r2', action: 'put', key: bytes(size), value: 1 }), 1024, 'CONFIG_INVALID'],
    ['an r2 page has 1,000 objects', (limit) => ({ type: 'r2', action: 'list', limit }), 1000, 'CONFIG_INVALID'],
    [
      'a query binds 100 params',
      (n) => ({ type: 'd1', query: `SELECT ${Array(n).fill('?')}`, params: Array(n).fill(1) }),
      100,
      'CONFIG_INVALID',
    ],
    // The platform's own.
    [
      'kv metadata has 1,024 bytes',
      (size) => ({ type: 'kv', action: 'put', key: 'm', value: 1, metadata: 'x'.repeat(size - 2) }),
      1024,
      'STORAGE',
    ],
    ['a query has 100,000 bytes', (size) => ({ type: 'd1', query: `SELECT 1${' '.repeat(size - 8)}` }), 100_000, 'STORAGE'],
  ])('%s and no more', async (_, config, limit, code) => {
    await run(config(limit));
    expect(await fail(config(limit + 1))).toMatchObject({ code });
  });

  // at its limit: src/runtime/operations/storage/kv.ts MIN_TTL_SECONDS
  test('a kv key lives for a minute and no less', async () => {
    const config = { type: 'kv', action: 'put', key: 'short', value: 1 };
    expect(await run({ ...config, expirationTtl: 60 })).toEqual({ success: true });
    expect(await fail({ ...config, expirationTtl: '59.9s' })).toMatchObject({ code: 'CONFIG_INVALID' });
  });
});

test('a storage agent puts nothing in place of what another agent has answered', async () => {
  const entry = await buildCacheKey('shop/price', '"x"');
  expect(await fail({ type: 'kv', action: 'put', key: entry, value: 'forged' })).toMatchObject({ code: 'CONFIG_INVALID' });
  const long = await buildCacheKey('shop/'.repeat(200), '"x"');
  expect(await fail({ type: 'kv', action: 'put', key: long, value: 'forged' })).toMatchObject({ code: 'CONFIG_INVALID' });
  for (const key of ['cache:prices', 'cache', `${entry}0`])
    expect(await run({ type: 'kv', action: 'put', key, value: 'own' })).toEqual({ success: true });
});

describe('SQL', () => {
  const d1 = (query: string, params: JsonValue[] = []) => run({ type: 'd1', query, params });
  test.each<[JsonValue, JsonValue]>([
    ["'; DROP TABLE kept; --", "'; DROP TABLE kept; --"],
    ['") OR 1=1 /*', '") OR 1=1 /*'],
    ['?1 :a @b $c', '?1 :a @b $c'],
    ['a\0b', 'a\0b'],
    ['', ''],
    [2 ** 53, 2 ** 53],
    [1e308, 1e308],
    [-0, 0],
    [Number.NaN, null],
    [{ a: "'" }, '{"a":"\'"}'],
    [['1) OR (1=1', 2], '["1) OR (1=1",2]'],
  ])('never has the param %j for SQL', async (param, kept) => {
    await d1('CREATE TABLE IF NOT EXISTS kept (a)');
    expect(await d1('INSERT INTO kept VALUES (?) RETURNING a', [param])).toMatchObject({ rows: [{ a: kept }] });
    expect(await d1('SELECT a FROM kept WHERE a IN (?)', [['1', '2']])).toMatchObject({ rows: [] });
  });

  test.each([
    "ATTACH DATABASE '/tmp/other.db' AS other",
    "SELECT load_extension('x')",
    "SELECT readfile('/etc/passwd')",
    "VACUUM INTO '/tmp/copy.db'",
    'PRAGMA journal_mode = OFF',
    'SELECT * FROM pragma_database_list',
  ])('leads out of no database: %s', async (query) => {
    expect(await fail({ type: 'd1', query })).toMatchObject({ code: 'STORAGE', retryable: false });
  });
});

describe('storage d1', () => {
  const d1 = (config: JsonObject) => run({ type: 'd1', ...config });

  beforeAll(async () => {
    await d1({ query: 'CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT UNIQUE, data TEXT)' });
  });

  test('binds every kind of value', async () => {
    const output = await d1({
      query: 'SELECT ? AS text, ? AS number, ? AS yes, ? AS no, ? AS missing, ? AS list, ? AS object',
      params: ["O'Brien; DROP TABLE people", 1.5, true, false, null, [1, 2], { a: 'b' }],
    });
    const row = { text: "O'Brien; DROP TABLE people", number: 1.5, yes: 1, no: 0, missing: null, list: '[1,2]', object: '{"a":"b"}' };
    expect(output).toMatchObject({ rows: [row], results: [row], success: true, meta: { rows_read: expect.any(Number) } });
  });

  test('takes sql for query, and data is the same by another name', async () => {
    expect(await d1({ sql: 'SELECT 1 AS one' })).toMatchObject({ rows: [{ one: 1 }] });
    const { output } = await data.run({ backend: 'd1', query: 'SELECT 2 AS two' }, context());
    expect(output).toMatchObject({ rows: [{ two: 2 }] });
    expect((await data.run({ query: 'SELECT 3 AS three' }, context())).output).toMatchObject({ rows: [{ three: 3 }] });
  });

  test('says how many rows a write changed', async () => {
    const output = await d1({ query: 'INSERT INTO people (name) VALUES (?)', params: ['Ada'] });
    expect(output).toMatchObject({ rows: [], meta: { changes: 1 } });
  });

  test('runs statements in one transaction', async () => {
    const output = await d1({
      statements: [
        { query: 'INSERT INTO people (name) VALUES (?)', params: ['Grace'] },
        "SELECT COUNT(*) AS n FROM people WHERE name = 'Grace'",
      ],
    });
    expect(output).toMatchObject({ results: [{ rows: [], meta: { changes: 1 } }, { rows: [{ n: 1 }] }], rows: [{ n: 1 }], success: true });
    const failed = await fail({
      type: 'd1',
      statements: [
        { query: 'INSERT INTO people (name) VALUES (?)', params: ['Edsger'] },
        { query: 'INSERT INTO people (name) VALUES (?)', params: ['Grace'] },
      ],
    });
    expect(failed).toMatchObject({ code: 'STORAGE', retryable: false });
    expect(failed.message).toContain('UNIQUE constraint failed');
    expect(await d1({ query: "SELECT * FROM people WHERE name = 'Edsger'" })).toMatchObject({ rows: [] });
  });

  test('no statements do nothing', async () => {
    expect(await d1({ statements: [] })).toEqual({ results: [], rows: [], success: true });
  });

  test('a failure carries the database’s words and the first line of the query', async () => {
    const found = await fail({ type: 'd1', query: '\n  SELECT *\n  FROM nowhere' });
    expect(found).toMatchObject({ code: 'STORAGE', retryable: false });
    expect(found.message).toMatch(/^D1 query "SELECT \*" failed: .*no such table: nowhere/);
  });

  test('too few params are STORAGE', async () => {
    expect(await fail({ type: 'd1', query: 'SELECT ? AS a, ? AS b', params: [1] })).toMatchObject({ code: 'STORAGE' });
  });

  test.each<[string, JsonObject, string]>([
    ['no query', {}, 'storage d1 needs "query" to be a text such as "SELECT * FROM users WHERE id = ?", found nothing'],
    ['params that are no list', { query: 'SELECT ?', params: 'x' }, 'storage d1 needs "params" to be a list, found the text "x"'],
    ['both forms', { query: 'SELECT 1', statements: [] }, 'storage d1 takes either "query" or "statements", found both'],
    ['a bad statement', { statements: [{ qery: 'x' }] }, 'storage d1, statement 1, has no setting "qery"; did you mean "query"?'],
    ['too many params', { query: 'SELECT 1', params: Array(101).fill(1) }, 'storage d1 binds at most 100 params, found a list of 101'],
  ])('with %s is CONFIG_INVALID', async (_case, config, message) => {
    expect(await fail({ type: 'd1', ...config })).toEqual({ code: 'CONFIG_INVALID', message, retryable: false });
  });
});

describe('storage r2', () => {
  const r2 = (config: JsonObject) => run({ type: 'r2', ...config });

  test('hands back a text with its facts', async () => {
    const put = await r2({
      action: 'put',
      key: 'a/hello.txt',
      value: 'Héllo',
      httpMetadata: { contentType: 'text/plain' },
      metadata: { by: 'me', n: 1 },
    });
    expect(put).toEqual({ success: true, size: 6, etag: expect.any(String) });
    expect(await r2({ action: 'get', key: 'a/hello.txt' })).toEqual({
      body: 'Héllo',
      size: 6,
      etag: put.etag,
      httpMetadata: { contentType: 'text/plain' },
      metadata: { by: 'me', n: '1' },
      uploaded: expect.stringMatching(/^\d{4}-/),
      found: true,
    });
  });

  test('stores data as JSON and reads it with as: json', async () => {
    await r2({ action: 'put', key: 'data.json', value: { a: [1] } });
    expect(await r2({ action: 'get', key: 'data.json' })).toMatchObject({
      body: '{"a":[1]}',
      httpMetadata: { contentType: 'application/json' },
    });
    expect(await r2({ action: 'get', key: 'data.json', as: 'json' })).toMatchObject({ body: { a: [1] } });
  });

  test('carries bytes as base64', async () => {
    await r2({ action: 'put', key: 'bytes', value: 'AP+ACg==', as: 'base64' });
    expect(await r2({ action: 'get', key: 'bytes', as: 'base64' })).toMatchObject({ body: 'AP+ACg==', size: 4 });
  });

  test('a miss is not found', async () => {
    expect(await r2({ action: 'get', key: 'none' })).toEqual({ body: null, size: null, etag: null, httpMetadata: null, found: false });
    expect(await r2({ action: 'head', key: 'none' })).toMatchObject({ found: false });
  });

  test('head gives the facts without the body, delete removes', async () => {
    await r2({ action: 'put', key: 'gone', value: 'x' });
    const head = await r2({ action: 'head', key: 'gone' });
    expect(head).toMatchObject({ size: 1, found: true });
    expect(head).not.toHaveProperty('body');
    expect(await r2({ action: 'delete', key: 'gone' })).toEqual({ success: true });
    expect(await r2({ action: 'head', key: 'gone' })).toMatchObject({ found: false });
  });

  test('a list comes in pages', async () => {
    for (const key of ['list/1', 'list/2', 'list/3']) await r2({ action: 'put', key, value: key });
    const first = await r2({ action: 'list', prefix: 'list/', limit: 2 });
    expect(first).toMatchObject({ objects: [{ key: 'list/1', size: 6 }, { key: 'list/2' }], truncated: true, cursor: expect.any(String) });
    const rest = await r2({ action: 'list', prefix: 'list/', cursor: first.cursor ?? null });
    expect(rest).toMatchObject({ objects: [{ key: 'list/3' }], truncated: false, cursor: null });
  });

  test('an object beyond 8 MiB is OUTPUT_TOO_LARGE', async () => {
    await r2({ action: 'put', key: 'huge', value: 'x'.repeat(8 * 1024 * 1024) });
    expect(await r2({ action: 'get', key: 'huge' })).toMatchObject({ size: 8 * 1024 * 1024 });
    await r2({ action: 'put', key: 'huge', value: 'x'.repeat(8 * 1024 * 1024 + 1) });
    expect(await fail({ type: 'r2', action: 'get', key: 'huge' })).toMatchObject({ code: 'OUTPUT_TOO_LARGE' });
  });

  test('a text that is not the JSON or base64 that was said is refused', async () => {
    await r2({ action: 'put', key: 'words', value: 'words' });
    expect(await fail({ type: 'r2', action: 'get', key: 'words', as: 'json' })).toMatchObject({ code: 'STORAGE' });
    expect(await fail({ type: 'r2', action: 'put', key: 'words', value: '%%', as: 'base64' })).toMatchObject({ code: 'CONFIG_INVALID' });
  });
});

describe('storage', () => {
  test('lists its types', async () => {
    expect(await fail({ type: 'sqlite' })).toMatchObject({
      code: 'CONFIG_INVALID',
      message: 'storage needs "type" to be one of kv, d1, r2, found the text "sqlite"',
    });
    expect(await failureOf(data, { backend: 'kv' })).toMatchObject({
      message: 'data needs "backend" to be one of d1, found the text "kv"',
    });
  });
});
