import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { asksOf, NOW, runState, stateHost, VISITS } from './support.ts';

const editsOf = (host: ReturnType<typeof stateHost>) => asksOf(host).filter(({ action }) => action === 'edit');

describe('ensemble state set', () => {
  test('gives each value the type that the ensemble declares, and its validity', async () => {
    const host = stateHost();
    const { code, stderr } = await runState(['set', 'visits', 'total=12', 'pages:=["/a"]', 'price=5'], host);
    expect(stderr).toBe('set 3 keys of visits (d1 DB), which has version 4 now\n');
    expect(code).toBe(0);
    expect(editsOf(host)).toMatchObject([
      {
        address: { backend: 'd1', binding: 'DB', scope: 'visits' },
        edits: [
          { key: 'total', value: 12 },
          { key: 'price', value: 5, valid_until: NOW + 1_000 },
          { key: 'pages', value: ['/a'] },
        ],
      },
    ]);
  });

  test.each([
    [['total=many'], 'error: the value of "total": expected number, found the text "many"\n'],
    [['totl=1'], 'error: ensemble state set sets "totl", which state.schema does not declare. Did you mean "total"?\n'],
    [['token:=1'], 'error: the value of "token": expected string (the value is secret and not shown)\n'],
    [['--values', '[1]'], 'error: --values takes an object: its keys are the keys of the scope\n'],
    [['--values', '{'], 'error: --values is not JSON'],
  ])('refuses %j before anything is written', async (args, message) => {
    const host = stateHost();
    const { code, stderr } = await runState(['set', 'visits', ...args], host);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
    expect(editsOf(host)).toEqual([]);
  });

  test('asks the schema nothing with --no-check', async () => {
    const host = stateHost();
    expect((await runState(['set', 'visits', 'other:=1', '--no-check'], host)).code).toBe(0);
    expect(editsOf(host)).toMatchObject([{ edits: [{ key: 'other', value: 1 }] }]);
  });

  test('keeps the type that a key has where no ensemble says one', async () => {
    const { schema: _, ...unknown } = VISITS;
    const host = stateHost(undefined, [unknown]);
    await runState(['set', 'visits', 'total=12', 'pages=["/a"]', 'new=12'], host);
    expect(editsOf(host)).toMatchObject([{ edits: [{ value: 12 }, { value: ['/a'] }, { value: '12' }] }]);
  });

  test('takes an object with any keys from stdin', async () => {
    const { schema: _, ...unknown } = VISITS;
    const host = stateHost(undefined, [unknown]);
    await runState(['set', 'visits', '--values', '-'], host, { stdin: '{"__proto__":1,"a=b":2}' });
    expect(editsOf(host)).toMatchObject([
      {
        edits: [
          { key: '__proto__', value: 1 },
          { key: 'a=b', value: 2 },
        ],
      },
    ]);
  });

  test('writes only onto the version that was asked for', async () => {
    const host = stateHost((ask) => (ask.action === 'edit' ? { type: 'conflict', version: 9, keys: ['total'] } : undefined));
    expect(await runState(['set', 'visits', 'total=1', '--if-version', '8'], host)).toMatchObject({
      code: 1,
      stderr: 'error: the scope has version 9 by now, not 8. Nothing was written\n',
    });
    expect(editsOf(host)).toMatchObject([{ version: 8 }]);
  });

  test('makes a scope only where it is told to', async () => {
    const nowhere = stateHost(undefined, []);
    expect(await runState(['set', 'fresh', 'a=1'], nowhere)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('To make it, say where: --ensemble, or --backend.'),
    });
    const host = stateHost(
      (ask) => (ask.action === 'find' ? { type: 'found', scopes: [], looked: [{ backend: 'd1', binding: 'DB' }] } : undefined),
      [],
    );
    expect((await runState(['set', 'fresh', 'a=1', '--backend', 'd1'], host)).code).toBe(0);
    expect(editsOf(host)).toMatchObject([{ address: { backend: 'd1', binding: 'DB', scope: 'fresh' } }]);
  });

  describe('with --ensemble', () => {
    let cwd: string;
    beforeAll(() => {
      cwd = mkdtempSync(join(tmpdir(), 'state-set-'));
      writeFileSync(
        join(cwd, 'rates.yaml'),
        `ensemble: rates
state: { backend: kv, binding: RATES, schema: { eur: { type: number, valid_for: 1h }, key: { type: string, secret: true } } }
agents:
  - { name: keep, operation: transform, config: { value: 1 }, state: { set: { eur: "\${1}", key: "\${'k'}" } } }
`,
      );
      writeFileSync(join(cwd, 'memory.yaml'), 'ensemble: memory\nagents:\n  - { name: a, operation: log, config: { message: a } }\n');
      writeFileSync(join(cwd, 'broken.yaml'), 'ensemble: broken\nagents: 1\n');
    });
    afterAll(() => rmSync(cwd, { recursive: true }));

    test('takes the place and the schema from its file', async () => {
      const host = stateHost(undefined, []);
      expect((await runState(['set', 'rates', 'eur=2', '--ensemble', 'rates.yaml'], host, { cwd })).code).toBe(0);
      expect(asksOf(host)[0]).toMatchObject({ action: 'find', place: { backend: 'kv', binding: 'RATES' } });
      expect(editsOf(host)).toMatchObject([{ ensemble: 'rates', edits: [{ key: 'eur', value: 2, valid_until: NOW + 3_600_000 }] }]);
    });

    test('of an ensemble without lasting state, or with errors, nothing is asked', async () => {
      const host = stateHost();
      expect(await runState(['get', 'x', '--ensemble', 'memory.yaml'], host, { cwd })).toMatchObject({
        code: 2,
        stderr: 'error: memory keeps its state in memory: nothing of it outlasts a run\n',
      });
      expect((await runState(['get', 'x', '--ensemble', 'broken.yaml'], host, { cwd })).code).toBe(1);
      expect((await runState(['get', 'x', '--ensemble', 'absent.yaml'], host, { cwd })).code).toBe(2);
      expect(host.calls).toEqual([]);
    });
  });
});

describe('ensemble state delete', () => {
  test('deletes keys and what matches patterns, expired ones too, in one commit', async () => {
    const host = stateHost();
    const { stderr } = await runState(['delete', 'visits', 'pages', 'p*'], host);
    expect(stderr).toBe('deleted 2 keys of visits (d1 DB), which has version 4 now\n');
    expect(editsOf(host)).toMatchObject([
      {
        edits: [
          { key: 'pages', deleted: true },
          { key: 'price', deleted: true },
        ],
      },
    ]);
  });

  test('deletes everything when told to', async () => {
    const host = stateHost();
    await runState(['delete', 'visits', '--all', '--json'], host);
    expect(editsOf(host)).toMatchObject([{ edits: [{ key: 'pages' }, { key: 'price' }, { key: 'token' }, { key: 'total' }] }]);
  });

  test('deletes nothing when one of the keys is not there', async () => {
    const host = stateHost();
    expect((await runState(['delete', 'visits', 'pages', 'absent'], host)).code).toBe(1);
    expect(editsOf(host)).toEqual([]);
  });
});

describe('ensemble state snapshot', () => {
  const snapshots = [
    { name: 'newest', at: NOW, keys: 2, version: 7 },
    { name: 'older', at: NOW - 1_000, keys: 1 },
  ];
  const answering = (name?: string) =>
    stateHost((ask) => {
      if (ask.action === 'snapshots') return { type: 'snapshots', snapshots: name === 'none' ? [] : snapshots };
      if (ask.action === 'snapshot') return { type: 'snapshot', snapshot: { name: ask.name, at: NOW, keys: 4, version: 3 } };
      if (ask.action === 'restore') return { type: 'edited', keys: ['a'], version: 8 };
      if (ask.action === 'forget-snapshot') return { type: 'done' };
      return undefined;
    });

  test('is named by the time unless it is named', async () => {
    const host = answering();
    expect(await runState(['snapshot', 'visits'], host)).toMatchObject({
      code: 0,
      stdout: '2027-01-15T08:00:00.000Z\n',
      stderr: 'kept 4 keys of visits\n',
    });
    await runState(['snapshot', 'visits', '--name', 'mine', '--replace'], host);
    expect(await runState(['snapshot', 'visits', '--name', 'n'.repeat(200)], answering())).toMatchObject({ code: 0 });
    expect(await runState(['snapshot', 'visits', '--name', 'n'.repeat(201)], answering())).toMatchObject({ code: 2 });
    expect(asksOf(host).filter(({ action }) => action === 'snapshot')).toMatchObject([{ replace: false }, { name: 'mine', replace: true }]);
  });

  test('is listed newest first, and deleted by its name', async () => {
    expect((await runState(['snapshots', 'visits'], answering())).stdout).toBe(
      'NAME    TAKEN                 KEYS  VERSION\nnewest  2027-01-15 08:00:00Z  2     7\nolder   2027-01-15 07:59:59Z  1\n',
    );
    expect(await runState(['snapshots', 'visits', '--delete', 'older'], answering())).toMatchObject({
      code: 0,
      stderr: 'deleted the snapshot older of visits\n',
    });
  });

  test('is restored: the newest, one by name, or a point of the history', async () => {
    const host = answering();
    expect((await runState(['restore', 'visits'], host)).stderr).toBe(
      'restored 1 key of visits (d1 DB), which has version 8 now\nensemble state restore … --to 7 undoes it.\n',
    );
    await runState(['restore', 'visits', '--name', 'older'], host);
    await runState(['restore', 'visits', '--to', 'v3'], host);
    expect(asksOf(host).flatMap((ask) => (ask.action === 'restore' ? [ask.point] : []))).toEqual([
      { type: 'snapshot', name: 'newest' },
      { type: 'snapshot', name: 'older' },
      { type: 'version', version: 3 },
    ]);
    expect((await runState(['restore', 'visits'], answering('none'))).code).toBe(1);
  });
});
