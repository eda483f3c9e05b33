import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ScopeAddress } from '../../../src/program/state-calls.ts';
import { askState, deleteKeys, PLACES, readContent, readPairs, setKeys, VERSIONED } from '../support/ask-state.ts';
import { openRunHost, type RunHost } from '../support/run-host.ts';

let host: RunHost;
beforeAll(async () => {
  host = await openRunHost();
});
afterAll(() => host.close());

const adding = (backend: string) => `
ensemble: adding
state: { backend: ${backend}, key: "\${input.scope}", schema: { total: { type: number, default: 0, reducer: add } } }
agents:
  - { name: add, operation: transform, config: { value: 1 }, state: { use: [total], set: { total: "\${5}" } } }
output: \${state.total}
`;

describe.each(PLACES)('a scope in $backend', (place) => {
  const address = (scope: string): ScopeAddress => ({ ...place, scope });

  test('holds what people set, and runs go on from it', async () => {
    await setKeys(host, address('by-hand'), { total: 10 });
    const events = await host.run(adding(place.backend), { input: { scope: 'by-hand' } });
    expect(events.at(-1)).toMatchObject({ status: 'succeeded', output: 15 });
    expect(await readPairs(host, address('by-hand'))).toEqual([['total', 15]]);
  });

  test('loses the keys that people delete', async () => {
    await setKeys(host, address('deleting'), { a: 1, b: 2, c: 3 });
    expect((await deleteKeys(host, address('deleting'), 'b', 'never there')).keys).toEqual(['b']);
    expect(await readPairs(host, address('deleting'))).toEqual([
      ['a', 1],
      ['c', 3],
    ]);
    expect((await deleteKeys(host, address('deleting'), 'b')).keys).toEqual([]);
  });

  test('tells when what it holds expires', async () => {
    await setKeys(host, address('expiring'), { price: 5 }, 1_000);
    await setKeys(host, address('expiring'), { kept: 6 });
    expect((await readContent(host, address('expiring'))).keys).toMatchObject([{ key: 'kept' }, { key: 'price', valid_until: 1_000 }]);
    expect((await readContent(host, address('expiring'))).keys[0]).not.toHaveProperty('valid_until');
    await setKeys(host, address('expiring'), { price: 7 });
    expect((await readContent(host, address('expiring'))).keys[1]).not.toHaveProperty('valid_until');
  });

  test('keeps keys with any name apart from its prototype', async () => {
    const values = JSON.parse('{"__proto__": 1, "constructor": 2, "": 3, "a\\u0000b": 4, "toString": 5}');
    await setKeys(host, address('odd keys'), values);
    expect(new Map(await readPairs(host, address('odd keys')))).toEqual(new Map(Object.entries(values)));
    await deleteKeys(host, address('odd keys'), '__proto__', '');
    expect(new Map(await readPairs(host, address('odd keys')))).toEqual(
      new Map<string, unknown>([
        ['a\u0000b', 4],
        ['constructor', 2],
        ['toString', 5],
      ]),
    );
  });

  test('cannot have a name that is none', async () => {
    for (const scope of ['', 'half \ud800']) {
      const reply = await host.call('state', { action: 'edit', address: address(scope), edits: [{ key: 'a', value: 1 }] });
      expect(reply).toMatchObject({ type: 'refused' });
    }
  });
});

describe.each(VERSIONED)('the versions of a scope in $backend', (place) => {
  const address = (scope: string): ScopeAddress => ({ ...place, scope });

  test('tell who wrote what, also by hand', async () => {
    const scope = address('told');
    await host.run(adding(place.backend), { run: `told-${place.backend}`, input: { scope: 'told' } });
    await setKeys(host, scope, { total: 1 }, 99);
    await deleteKeys(host, scope, 'total');
    const { changes } = await askState(host, { action: 'history', address: scope }, 'history');
    expect(changes).toMatchObject([
      { version: 1, key: 'total', value: 5, run: `told-${place.backend}`, agent: 'add', tainted: false },
      { version: 2, key: 'total', value: 1, run: 'cli', agent: 'state set', valid_until: 99 },
      { version: 3, key: 'total', deleted: true, run: 'cli', agent: 'state delete' },
    ]);
    expect(changes[2]).not.toHaveProperty('value');
    for (const { committed_at } of changes) expect(committed_at).toBeGreaterThan(1_600_000_000_000);
  });

  test('give back what the scope held at any of them, and around a run', async () => {
    const scope = address('back');
    await setKeys(host, scope, { a: 1, b: 1 });
    await setKeys(host, scope, { a: 2 });
    await deleteKeys(host, scope, 'b');
    const run = `back-${place.backend}`;
    await host.run(adding(place.backend), { run, input: { scope: 'back' } });
    await setKeys(host, scope, { b: 9 });
    const at = async (version: number) => Object.fromEntries(await readPairs(host, scope, { type: 'version', version }));
    expect(await Promise.all([0, 1, 2, 3, 4, 5].map(at))).toEqual([
      {},
      { a: 1, b: 1 },
      { a: 2, b: 1 },
      { a: 2 },
      { a: 2, total: 5 },
      { a: 2, b: 9, total: 5 },
    ]);
    expect(await readPairs(host, scope, { type: 'before-run', run })).toEqual([['a', 2]]);
    expect((await readPairs(host, scope, { type: 'after-run', run })).map(([key]) => key)).toEqual(['a', 'total']);
    const { committed_at: third = 0 } = await readContent(host, scope, { type: 'version', version: 3 });
    expect((await readContent(host, scope, { type: 'time', at: third })).version).toBeGreaterThanOrEqual(3);
    expect(await readPairs(host, scope, { type: 'time', at: 1_000 })).toEqual([]);
  });

  test('that are not there are refused in words', async () => {
    const scope = address('few');
    await setKeys(host, scope, { a: 1 });
    expect(await host.call('state', { action: 'read', address: scope, point: { type: 'version', version: 7 } })).toEqual({
      type: 'refused',
      message: 'the scope "few" has no version 7 yet: its newest is 1',
    });
    expect(await host.call('state', { action: 'read', address: scope, point: { type: 'before-run', run: 'nobody' } })).toEqual({
      type: 'refused',
      message: 'the run nobody wrote nothing to the scope "few"',
    });
  });

  test('guard what people write on a condition', async () => {
    const scope = address('guarded');
    await setKeys(host, scope, { a: 1 });
    const edit = (version: number) => ({ action: 'edit', address: scope, edits: [{ key: 'a', value: 2 }], version }) as const;
    expect(await host.call('state', edit(0))).toMatchObject({ type: 'conflict', version: 1, keys: ['a'] });
    expect(await readPairs(host, scope)).toEqual([['a', 1]]);
    expect(await host.call('state', edit(1))).toMatchObject({ type: 'edited', version: 2, keys: ['a'] });
  });

  test('come in pages, however large their values are', async () => {
    const scope = address('large');
    const large = 'x'.repeat(1_500_000);
    for (let count = 0; count < 5; count++) await setKeys(host, scope, { text: `${count}${large}`, count });
    const keys: string[] = [];
    let pages = 0;
    let after: number | undefined;
    for (;;) {
      const ask = { action: 'history', address: scope, since: 1, ...(after === undefined ? {} : { after }) } as const;
      const page = await askState(host, ask, 'history');
      keys.push(...page.changes.map(({ key, version }) => `${version} ${key}`));
      if (page.next === undefined) break;
      pages += 1;
      after = page.next;
    }
    expect(pages).toBe(2);
    expect(keys).toEqual([2, 3, 4, 5].flatMap((version) => [`${version} text`, `${version} count`]));
    const one = await askState(host, { action: 'history', address: scope, key: 'count' }, 'history');
    expect(one.changes.map(({ value }) => value)).toEqual([0, 1, 2, 3, 4]);
  });
});

test('kv has no versions to ask for', async () => {
  const address: ScopeAddress = { backend: 'kv', binding: 'KV', scope: 'plain' };
  await setKeys(host, address, { a: 1 });
  for (const ask of [
    { action: 'history', address },
    { action: 'read', address, point: { type: 'version', version: 1 } },
    { action: 'edit', address, edits: [], version: 1 },
  ] as const) {
    expect(await host.call('state', ask)).toMatchObject({ type: 'refused', message: expect.stringContaining('kv keeps') });
  }
});

test('a place that the host lacks is named', async () => {
  const address: ScopeAddress = { backend: 'd1', binding: 'ELSEWHERE', scope: 'a' };
  expect(await host.call('state', { action: 'read', address })).toEqual({
    type: 'refused',
    message: 'The scope lies in d1, but there is no d1 binding "ELSEWHERE" here',
  });
});
