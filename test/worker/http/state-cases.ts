import { describe, expect, test } from 'vitest';
import type { ApiUnderTest } from './http-suite.ts';

const BACKEND = 'durable-object';

export function stateCases(use: () => ApiUnderTest): void {
  const pathOf = (scope: string, rest = '') => `/state/${BACKEND}/${encodeURIComponent(scope)}${rest}`;
  /** The index of scopes is told a moment after the run has opened it. */
  const write = async (scope: string, to: number) => {
    const { api } = use();
    const { run } = await api.run('counter', { scope, to });
    for (let tries = 0; tries < 500; tries += 1) if ((await api.ask('GET', pathOf(scope))).status === 200) return run;
    throw new Error(`the scope ${scope} is not known`);
  };

  describe('state across runs', () => {
    test('is read without its secrets, whatever the name of the scope', async () => {
      const { api } = use();
      for (const scope of ['plain', 'a/b?c#d%2F é', 'history', 'diff']) {
        await write(scope, 1);
        const content = await api.get(pathOf(scope));
        expect(content).toMatchObject({
          version: 1,
          keys: [
            { key: 'count', value: 1 },
            { key: 'pin', value: '[secret pin]' },
          ],
        });
      }
      expect(JSON.stringify(await api.get('/state'))).toContain('"scope":"a/b?c#d%2F é"');
    });

    test('has a history and differences between its versions, times and runs', async () => {
      const { api } = use();
      await write('told', 1);
      const second = await write('told', 2);
      const history = await api.get(pathOf('told', '/history'));
      expect(JSON.stringify(history)).not.toContain('pin-');
      expect(history).toMatchObject({
        scope: 'told',
        changes: expect.arrayContaining([expect.objectContaining({ key: 'count', value: 2, run: second })]),
      });
      expect(await api.get(pathOf('told', '/history?key=count&since=1'))).toMatchObject({ changes: [{ key: 'count', value: 2 }] });
      expect(await api.get(pathOf('told', '?point=1'))).toMatchObject({ keys: [{ key: 'count', value: 1 }, { key: 'pin' }] });
      for (const query of ['from=1&to=2', 'from=v1', `from=${second}&to=${second}`]) {
        const diff = await api.get(pathOf('told', `/diff?${query}`));
        expect(diff).toMatchObject({
          created: [],
          updated: expect.arrayContaining([
            { key: 'count', before: expect.objectContaining({ value: 1 }), after: expect.objectContaining({ value: 2 }) },
          ]),
        });
        expect(JSON.stringify(diff)).not.toContain('pin-');
      }
    });

    test('that is none is not there, and points that are none are refused', async () => {
      const { api } = use();
      await write('points', 1);
      expect((await api.ask('GET', pathOf('nothing'))).status).toBe(404);
      expect((await api.ask('GET', '/state/d1/points')).status).toBe(404);
      expect((await api.ask('GET', '/state/kv/points?binding=NONE')).status).toBe(404);
      expect((await api.ask('GET', pathOf('points', '?point=99'))).status).toBe(404);
      expect((await api.ask('GET', pathOf('points', '?point=snapshot:none'))).status).toBe(404);
      expect((await api.ask('GET', pathOf('points', '?point=never'))).status).toBe(400);
      expect((await api.ask('GET', pathOf('points', '/diff'))).status).toBe(400);
    });

    test('is asked and changed as the command line does', async () => {
      const { api } = use();
      await write('asked', 1);
      const address = { backend: BACKEND, scope: 'asked' };
      const ask = (json: object, key: 'only-state-read' | 'only-state-write' = 'only-state-read') =>
        api.ask('POST', '/state', { key, json });
      expect(await (await ask({ action: 'find', scope: 'asked' })).json()).toMatchObject({ type: 'found', scopes: [{ scope: 'asked' }] });
      expect(JSON.stringify(await (await ask({ action: 'read', address })).json())).not.toContain('pin-');
      const edit = { action: 'edit', address, edits: [{ key: 'count', value: 7 }] };
      expect((await ask(edit)).status).toBe(403);
      expect(await (await ask(edit, 'only-state-write')).json()).toMatchObject({ type: 'edited', keys: ['count'] });
      expect((await ask({ action: 'read', address }, 'only-state-write')).status).toBe(403);
      expect(await (await ask({ ...edit, version: 1 }, 'only-state-write')).json()).toMatchObject({ type: 'conflict' });
      expect(await (await ask({ action: 'snapshot', address, name: 's', replace: false }, 'only-state-write')).json()).toMatchObject({
        type: 'snapshot',
      });
      expect(await (await ask({ action: 'read', address, point: { type: 'snapshot', name: 'none' } })).json()).toMatchObject({
        type: 'refused',
      });
    });

    test.each([
      [{}],
      [{ action: 'none' }],
      [{ action: 'read' }],
      [{ action: 'read', address: { backend: 'memory', scope: 'x' } }],
      [{ action: 'read', address: { backend: 'kv', scope: '' } }],
      [{ action: 'read', address: { backend: 'kv', scope: 'x' }, reveal: true }],
      [{ action: 'read', address: { backend: 'kv', scope: 'x' }, point: { type: 'version' } }],
      [{ action: 'edit', address: { backend: 'kv', scope: 'x' }, edits: [{ key: 'a' }] }],
      [{ action: 'scopes', more: true }],
    ])('is not asked by %j', async (json) => {
      expect((await use().api.ask('POST', '/state', { json })).status).toBe(400);
    });
  });
}
