import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { programOf } from '../../runtime/engine/support/program-of.ts';
import { askState, findPlaces, PLACES, readPairs, setKeys } from '../support/ask-state.ts';
import { openRunHost, type RunHost } from '../support/run-host.ts';

const keeping = (backend: string, schema: string, more = '') => `
ensemble: keeping-${backend}
state: { backend: ${backend}, key: "\${input.scope}", schema: { ${schema} }${more} }
agents:
  - { name: keep, operation: transform, config: { value: 1 }, state: { set: { total: "\${5}" } } }
`;

let host: RunHost;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'find-scopes-'));
  host = await openRunHost({ persist: folder, vars: { ENSEMBLE_INDEX_SHARDS: '3' } });
});
afterAll(async () => {
  await host.close();
  await rm(folder, { recursive: true, force: true });
});

/** Every object, database and KV entry on the disk, but the files that belong to SQLite alone. */
const filesOf = (): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => !/-(?:wal|shm)$/.test(name))
    .sort();

describe('a scope', () => {
  test('that is nowhere is not made by looking for it, nor by reading it', async () => {
    // The emulator makes a file for each namespace and database as soon as it is used.
    for (const binding of ['KV', 'OTHER_KV']) await (await host.miniflare.getKVNamespace(binding)).get('any');
    await askState(host, { action: 'scopes' }, 'scopes');
    const before = filesOf();
    expect(await findPlaces(host, 'nowhere')).toEqual([]);
    for (const place of PLACES) {
      expect(await findPlaces(host, 'nowhere', place)).toEqual([]);
      expect(await readPairs(host, { ...place, scope: 'nowhere' })).toEqual([]);
    }
    expect(filesOf()).toEqual(before);
    const database = await host.miniflare.getD1Database('DB');
    const { results } = await database.prepare("SELECT name FROM sqlite_master WHERE name LIKE '%ensemble%'").all();
    expect(results).toEqual([]);
    expect(await (await host.miniflare.getKVNamespace('KV')).get('nowhere')).toBeNull();
  });

  test.each(PLACES)('in $backend is found by its name once a run has written to it', async ({ backend }) => {
    const place = backend === 'durable-object' ? backend : `${backend} ${backend === 'd1' ? 'DB' : 'KV'}`;
    await host.run(keeping(backend, 'total: number'), { run: `found-${backend}`, input: { scope: `found-${backend}` } });
    expect(await findPlaces(host, `found-${backend}`)).toEqual([place]);
    const { scopes } = await askState(host, { action: 'find', scope: `found-${backend}` }, 'found');
    expect(scopes[0]).toMatchObject({ ensemble: `keeping-${backend}`, run: `found-${backend}`, schema: { total: { secret: false } } });
  });

  test('of the same name in two places is found in both, and in each that is asked for', async () => {
    for (const place of PLACES) await setKeys(host, { ...place, scope: 'thrice' }, { a: 1 });
    expect([...(await findPlaces(host, 'thrice'))].sort()).toEqual(['d1 DB', 'durable-object', 'kv KV']);
    expect(await findPlaces(host, 'thrice', { backend: 'd1' })).toEqual(['d1 DB']);
    expect(await findPlaces(host, 'thrice', { backend: 'kv', binding: 'OTHER_KV' })).toEqual([]);
  });

  test('in a binding that this host lacks is known, but out of reach', async () => {
    const program = programOf(keeping('kv', 'total: number', ', binding: KV'));
    await host.run(program, { input: { scope: 'far' } });
    const index = await host.miniflare.getDurableObjectNamespace('ENSEMBLE_SCOPES');
    const object = index.get(index.idFromName('scopes')) as unknown as { note(text: string): Promise<void> };
    await object.note(JSON.stringify([{ backend: 'kv', binding: 'GONE', scope: 'farther', last_at: 1, ensemble: 'e' }]));
    const { scopes } = await askState(host, { action: 'find', scope: 'farther' }, 'found');
    expect(scopes).toEqual([{ backend: 'kv', binding: 'GONE', scope: 'farther', ensemble: 'e', last_at: 1, unreachable: true }]);
  });

  test('that is a KV key of another program is none', async () => {
    const namespace = await host.miniflare.getKVNamespace('KV');
    await namespace.put('a page', '<html>');
    await namespace.put('a list', '[1]');
    await namespace.put('an object', '{"a":1}');
    expect(await findPlaces(host, 'a page')).toEqual([]);
    expect(await findPlaces(host, 'a list')).toEqual([]);
    expect(await findPlaces(host, 'an object')).toEqual(['kv KV']);
  });

  test('is listed with those that D1 holds and no run here has opened', async () => {
    await setKeys(host, { backend: 'd1', binding: 'DB', scope: 'listed' }, { a: 1 });
    const { scopes } = await askState(host, { action: 'scopes' }, 'scopes');
    expect(scopes.filter(({ scope }) => scope === 'listed')).toMatchObject([{ backend: 'd1', binding: 'DB' }]);
    expect(scopes.filter(({ scope }) => scope.startsWith('found-'))).toHaveLength(3);
  });

  test('keeps a key secret that a later ensemble does not know, until one declares it open', async () => {
    const schemaOf = async () => {
      const { scopes } = await askState(host, { action: 'find', scope: 'hidden' }, 'found');
      return Object.entries(scopes[0]?.schema ?? {}).map(([key, { secret }]) => [key, secret]);
    };
    const run = (schema: string) => host.run(keeping('d1', schema), { input: { scope: 'hidden' } });
    await run('total: number, token: { type: string, secret: true }');
    expect(new Map((await schemaOf()) as [string, boolean][])).toEqual(
      new Map([
        ['total', false],
        ['token', true],
      ]),
    );
    await run('total: number');
    expect(new Map((await schemaOf()) as [string, boolean][])).toEqual(
      new Map([
        ['total', false],
        ['token', true],
      ]),
    );
    await run('total: number, token: string');
    expect(new Map((await schemaOf()) as [string, boolean][])).toEqual(
      new Map([
        ['total', false],
        ['token', false],
      ]),
    );
  });

  test('of an agent file is known with the schema of that file', async () => {
    const program = programOf(
      `
ensemble: outer
agents:
  - { name: inner, agent: helper }
`,
      {
        helper: `
agent: helper
state: { backend: d1, key: helpers, schema: { seen: { type: array, default: [], reducer: append } } }
agents:
  - { name: note, operation: transform, config: { value: 1 }, state: { set: { seen: "\${1}" } } }
`,
      },
    );
    await host.run(program);
    const { scopes } = await askState(host, { action: 'find', scope: 'helpers' }, 'found');
    expect(scopes).toMatchObject([{ backend: 'd1', ensemble: 'outer', schema: { seen: { schema: { type: 'array' } } } }]);
  });
});
