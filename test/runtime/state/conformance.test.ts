import { build } from 'esbuild';
import { Miniflare } from 'miniflare';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BackendName, CONFORMANCE, EXCEPTIONS } from './conformance.ts';

const BACKENDS: readonly BackendName[] = ['memory', 'kv', 'd1', 'durable-object'];

let emulator: Miniflare;

beforeAll(async () => {
  const { outputFiles } = await build({
    entryPoints: ['test/worker/fixtures/state-worker.js'],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2024',
    external: ['cloudflare:*', 'node:*'],
  });
  emulator = new Miniflare({
    modules: true,
    script: outputFiles[0]?.text ?? '',
    compatibilityDate: '2026-07-01',
    compatibilityFlags: ['nodejs_compat'],
    kvNamespaces: ['KV'],
    d1Databases: ['DB'],
    durableObjects: { STATES: { className: 'StateObject', useSQLite: true } },
  });
  await emulator.ready;
});

afterAll(() => emulator.dispose());

async function hold(backend: BackendName, fact: string, scope: string): Promise<string> {
  const response = await emulator.dispatchFetch('http://state.test', { method: 'POST', body: JSON.stringify({ backend, fact, scope }) });
  return await response.text();
}

for (const backend of BACKENDS) {
  describe(`state backend ${backend}`, () => {
    const cases = CONFORMANCE.filter(({ fact }) => EXCEPTIONS[backend][fact] === undefined);
    for (const [index, { fact }] of cases.entries()) {
      test(fact, async () => {
        expect(await hold(backend, fact, `case-${index}`)).toBe('held');
      });
    }
  });
}

describe('state conformance', () => {
  test('every exception names a fact of the suite', () => {
    const facts = CONFORMANCE.map(({ fact }) => fact);
    for (const backend of BACKENDS) expect(facts).toEqual(expect.arrayContaining(Object.keys(EXCEPTIONS[backend])));
  });

  test('a fact that does not hold is reported', async () => {
    expect(await hold('kv', 'each commit grows the version by one', 'broken')).toContain('AssertionError');
  });

  test('kv holds the plain JSON object under the scope as its key', async () => {
    await hold('kv', 'a commit leaves the keys that it does not name', 'plain');
    const namespace = await emulator.getKVNamespace('KV');
    expect(await namespace.getWithMetadata('plain')).toMatchObject({ value: '{"a":1,"b":3,"c":4}', metadata: null });
  });

  test('d1 holds one row a key, readable in plain SQL', async () => {
    await hold('d1', 'a commit leaves the keys that it does not name', 'plain');
    const database = await emulator.getD1Database('DB');
    const { results } = await database.prepare("SELECT key, value FROM _ensemble_state WHERE scope = 'plain' ORDER BY key").all();
    expect(results).toEqual([
      { key: 'a', value: '1' },
      { key: 'b', value: '3' },
      { key: 'c', value: '4' },
    ]);
  });

  test('d1 makes its tables again when they were dropped', async () => {
    const database = await emulator.getD1Database('DB');
    await database.exec('DROP TABLE _ensemble_state; DROP TABLE _ensemble_state_history; DROP TABLE _ensemble_state_commits;');
    const fact = 'an absent scope holds nothing';
    expect(await hold('d1', fact, 'after the drop')).toContain('no such table');
    expect(await hold('d1', fact, 'after the drop')).toBe('held');
  });
});
