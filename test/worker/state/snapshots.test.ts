import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ScopeAddress } from '../../../src/program/state-calls.ts';
import { askState, deleteKeys, PLACES, readContent, readPairs, setKeys, VERSIONED } from '../support/ask-state.ts';
import { openRunHost, type RunHost } from '../support/run-host.ts';

let host: RunHost;
beforeAll(async () => {
  host = await openRunHost({ vars: { ENSEMBLE_INDEX_SHARDS: '3' } });
});
afterAll(() => host.close());

const snapshot = (address: ScopeAddress, name: string, replace = false) =>
  host.call('state', { action: 'snapshot', address, name, replace });
const restore = (address: ScopeAddress, name: string) =>
  host.call('state', { action: 'restore', address, point: { type: 'snapshot', name } });
const namesOf = async (address: ScopeAddress) =>
  (await askState(host, { action: 'snapshots', address }, 'snapshots')).snapshots.map(({ name }) => name);

describe.each(PLACES)('a snapshot of a scope in $backend', (place) => {
  const address = (scope: string): ScopeAddress => ({ ...place, scope });

  test('brings back values, validity and absence in one commit', async () => {
    const scope = address('brought');
    await setKeys(host, scope, { kept: 1, changed: [1], gone: 'x' });
    await setKeys(host, scope, { price: 5 }, 5_000);
    expect(await snapshot(scope, 'first')).toMatchObject({ type: 'snapshot', snapshot: { name: 'first', keys: 4 } });
    await setKeys(host, scope, { changed: [2], added: true, price: 6 });
    await deleteKeys(host, scope, 'gone');
    const before = await readContent(host, scope);
    const reply = await restore(scope, 'first');
    expect(reply).toMatchObject({ type: 'edited', keys: ['added', 'changed', 'gone', 'price'] });
    const after = await readContent(host, scope);
    expect(after.keys.map(({ key, value, valid_until }) => [key, value, valid_until])).toEqual([
      ['changed', [1], undefined],
      ['gone', 'x', undefined],
      ['kept', 1, undefined],
      ['price', 5, 5_000],
    ]);
    if (before.version !== undefined) expect(after.version).toBe(before.version + 1);
    expect(await restore(scope, 'first')).toEqual({ type: 'edited', keys: [] });
  });

  test('keeps its name until it is replaced or deleted', async () => {
    const scope = address('named');
    await setKeys(host, scope, { a: 1 });
    await snapshot(scope, 'one');
    expect(await snapshot(scope, 'one')).toEqual({ type: 'refused', message: 'the scope "named" has a snapshot "one" already' });
    await setKeys(host, scope, { a: 2 });
    await snapshot(scope, 'two');
    expect(await namesOf(scope)).toEqual(['two', 'one']);
    await snapshot(scope, 'one', true);
    expect(await namesOf(scope)).toEqual(['one', 'two']);
    expect(await readPairs(host, scope, { type: 'snapshot', name: 'one' })).toEqual([['a', 2]]);
    expect(await host.call('state', { action: 'forget-snapshot', address: scope, name: 'one' })).toEqual({ type: 'done' });
    expect(await namesOf(scope)).toEqual(['two']);
    expect(await restore(scope, 'one')).toEqual({ type: 'refused', message: 'the scope "named" has no snapshot "one"' });
  });

  test('is given no name that the command would refuse, whoever asks', async () => {
    const scope = address('misnamed');
    await setKeys(host, scope, { a: 1 });
    const refused = { type: 'refused', message: 'the name of a snapshot is a text of 1 to 200 characters' };
    for (const name of ['', 'n'.repeat(201), 'half \ud83d']) expect(await snapshot(scope, name)).toEqual(refused);
    expect(await snapshot(scope, 'n'.repeat(200))).toMatchObject({ type: 'snapshot' });
    expect(await namesOf(scope)).toEqual(['n'.repeat(200)]);
  });

  test('belongs to its scope alone', async () => {
    const name = `mine of ${place.backend}`;
    await setKeys(host, address(name), { a: 1 });
    await snapshot(address(name), name);
    expect(await namesOf(address(name))).toEqual([name]);
    expect(await namesOf(address(name.slice(1)))).toEqual([]);
    expect(await namesOf(address(`${name} `))).toEqual([]);
    for (const other of PLACES) {
      if (other.backend !== place.backend) expect(await namesOf({ ...other, scope: name })).toEqual([]);
    }
  });

  test('holds values of many megabytes', async () => {
    const scope = address('heavy');
    const text = '"é\ud83d\ude00'.repeat(150_000);
    await setKeys(host, scope, Object.fromEntries(Array.from({ length: 8 }, (_, index) => [`key${index}`, text])));
    await snapshot(scope, 'heavy');
    await deleteKeys(host, scope, ...Array.from({ length: 8 }, (_, index) => `key${index}`));
    expect(await restore(scope, 'heavy')).toMatchObject({ type: 'edited' });
    expect((await readPairs(host, scope)).map(([key, value]) => [key, value === text])).toEqual(
      Array.from({ length: 8 }, (_, index) => [`key${index}`, true]),
    );
  });
});

describe.each(VERSIONED)('a scope in $backend', (place) => {
  test('can be made what it was at any version, and a restore is undone so', async () => {
    const address: ScopeAddress = { ...place, scope: 'undone' };
    await setKeys(host, address, { a: 1 });
    await setKeys(host, address, { a: 2, b: 2 });
    const to = (version: number) => host.call('state', { action: 'restore', address, point: { type: 'version', version } });
    expect(await to(1)).toMatchObject({ type: 'edited', version: 3 });
    expect(await readPairs(host, address)).toEqual([['a', 1]]);
    expect(await to(2)).toMatchObject({ type: 'edited', version: 4 });
    expect(await readPairs(host, address)).toEqual([
      ['a', 2],
      ['b', 2],
    ]);
    const { changes } = await askState(host, { action: 'history', address, key: 'b' }, 'history');
    expect(changes.map(({ agent, deleted }) => [agent, deleted === true])).toEqual([
      ['state set', false],
      ['state restore', true],
      ['state restore', false],
    ]);
  });
});
