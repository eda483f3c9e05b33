import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { Miniflare } from 'miniflare';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonValue } from '../../src/program/json.ts';
import type { StoredScopeText } from '../../src/runtime/state/state-object-port.ts';

/** Calls one method of the object that holds a scope, so that each test can also take workerd down between two calls. */
const WORKER = `
  import { StateObject } from './src/worker/state-object.ts';
  import { createDurableObjectBackend } from './src/runtime/state/durable-object-backend.ts';
  export { StateObject };
  export default {
    async fetch(request, env) {
      const { method, scope, values } = await request.json();
      const open = (scope) => env.STATES.getByName(scope);
      if (method === 'load') return Response.json(await open(scope).load());
      if (method === 'history') return new Response(await open(scope).inspect({ type: 'history', ask: {} }));
      const backend = createDurableObjectBackend(open, () => crypto.randomUUID());
      const changes = Object.entries(values).map(([key, value]) => {
        return { key, value, writes: [value], tainted: false, agent: 'writer', at: 1, replaces: true };
      });
      const commit = { run: 'run', base: await backend.load(scope), changes, onConflict: 'merge', reduce: (key, current, write) => write };
      return backend.commit(scope, commit).then(
        () => Response.json({ done: true }),
        (error) => Response.json({ code: error.failure?.code, message: error.message }),
      );
    },
  };`;

/** What an earlier version left: tables without some of today's columns. */
const EARLIER = `
  import { DurableObject } from 'cloudflare:workers';
  export class StateObject extends DurableObject {
    async fill() {
      const { sql } = this.ctx.storage;
      sql.exec('CREATE TABLE state (key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL, version INTEGER NOT NULL, written_at INTEGER NOT NULL, tainted INTEGER NOT NULL)');
      sql.exec('CREATE TABLE history (version INTEGER NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, run TEXT NOT NULL, agent TEXT NOT NULL, written_at INTEGER NOT NULL, valid_until INTEGER, tainted INTEGER NOT NULL, PRIMARY KEY (version, key))');
      sql.exec('CREATE TABLE commits (version INTEGER NOT NULL PRIMARY KEY, id TEXT NOT NULL UNIQUE)');
      sql.exec("INSERT INTO state VALUES ('a', '1', 1, 5, 0)");
      sql.exec("INSERT INTO history VALUES (1, 'a', '1', 'run-0', 'first', 5, NULL, 0)");
      sql.exec("INSERT INTO commits VALUES (1, 'id-0')");
    }
  }
  export default {
    async fetch(request, env) {
      await env.STATES.getByName('earlier').fill();
      return new Response();
    },
  };`;

let script: string;
let folder: string;
let emulator: Miniflare;

function start(source = script): Miniflare {
  return new Miniflare({
    modules: true,
    script: source,
    compatibilityDate: '2026-07-01',
    durableObjects: { STATES: { className: 'StateObject', useSQLite: true } },
    durableObjectsPersist: folder,
  });
}

beforeAll(async () => {
  const stdin = { contents: WORKER, resolveDir: process.cwd(), loader: 'js' } as const;
  const { outputFiles } = await build({ stdin, bundle: true, write: false, format: 'esm', target: 'es2024', external: ['cloudflare:*'] });
  script = outputFiles[0]?.text ?? '';
  folder = await mkdtemp(join(tmpdir(), 'ensemble-state-object-'));
  emulator = start();
});

afterAll(async () => {
  await emulator.dispose();
  await rm(folder, { recursive: true, force: true });
});

async function call<Reply>(body: {
  method: 'load' | 'commit' | 'history';
  scope: string;
  values?: Readonly<Record<string, JsonValue>>;
}): Promise<Reply> {
  const response = await emulator.dispatchFetch('http://state.test', { method: 'POST', body: JSON.stringify(body) });
  return (await response.json()) as Reply;
}

describe('the state object', () => {
  test('keeps its scope when workerd goes away', async () => {
    await call({ method: 'commit', scope: 'lasting', values: { a: [1], b: 'x' } });
    await emulator.dispose();
    emulator = start();
    const { version, keys } = await call<StoredScopeText>({ method: 'load', scope: 'lasting' });
    expect(version).toBe(1);
    expect(keys.map(({ key, text }) => [key, text])).toEqual([
      ['a', '[1]'],
      ['b', '"x"'],
    ]);
  });

  test('goes on with what an earlier version left', async () => {
    await emulator.dispose();
    emulator = start(EARLIER);
    await emulator.dispatchFetch('http://state.test');
    await emulator.dispose();
    emulator = start();
    expect(await call({ method: 'commit', scope: 'earlier', values: { b: 2 } })).toEqual({ done: true });
    const { changes } = await call<{ changes: readonly object[] }>({ method: 'history', scope: 'earlier' });
    expect(changes).toEqual([
      { key: 'a', value: 1, tainted: false, at: 5, version: 1, run: 'run-0', agent: 'first' },
      { key: 'b', value: 2, tainted: false, at: 1, version: 2, run: 'run', agent: 'writer', committed_at: expect.any(Number) },
    ]);
  });

  // at its limit: src/worker/state-object.ts MAX_SCOPE_BYTES
  test('refuses to grow beyond what can be read again, and keeps what it holds', async () => {
    const large = 'x'.repeat(1_900_000);
    for (let index = 0; index < 13; index++) {
      expect(await call({ method: 'commit', scope: 'full', values: { [`key${index}`]: large } })).toEqual({ done: true });
    }
    const refused = await call<{ code: string; message: string }>({ method: 'commit', scope: 'full', values: { key13: large } });
    expect(refused.code).toBe('STATE_BACKEND');
    expect(refused.message).toMatch(/^The state scope "full" would be \d+ bytes; durable-object keeps at most 25165824 a scope/);
    expect((await call<StoredScopeText>({ method: 'load', scope: 'full' })).keys).toHaveLength(13);
    // Each value is kept as JSON, in quotes, beside its key.
    const held = 13 * (large.length + 2) + 'key0'.length * 10 + 'key10'.length * 3;
    const rest = 'x'.repeat(24 * 1024 * 1024 - held - 'key13'.length - 2);
    expect(await call({ method: 'commit', scope: 'full', values: { key13: `${rest}x` } })).toMatchObject({ code: 'STATE_BACKEND' });
    expect(await call({ method: 'commit', scope: 'full', values: { key13: rest } })).toEqual({ done: true });
    expect(await call({ method: 'commit', scope: 'full', values: { key0: large } })).toEqual({ done: true });
  });
});
