import { describe, expect, test } from 'vitest';
import type { ApiUnderTest } from './http-suite.ts';

export function startCases(use: () => ApiUnderTest): void {
  describe('starting a run', () => {
    test('gives the run and its output when it ends in time', async () => {
      const response = await use().api.ask('POST', '/ensembles/hello/runs?wait=30s', { json: { name: 'Ada' } });
      const detail = (await response.json()) as { readonly run: string };
      expect(response.status).toBe(201);
      expect(response.headers.get('location')).toBe(`/api/v1/runs/${detail.run}`);
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(detail).toMatchObject({
        ensemble: 'hello',
        status: 'succeeded',
        output: 'hello Ada',
        links: { events: `/api/v1/runs/${detail.run}/events` },
      });
    });

    test('gives only the run when it is not awaited, or goes on longer', async () => {
      const { api } = use();
      for (const wait of ['', '?wait=0', '?wait=1ms', '?wait=20']) {
        const response = await api.ask('POST', `/ensembles/slow/runs${wait}`, { json: {} });
        const { run, status } = (await response.json()) as { readonly run: string; readonly status: string };
        expect([wait, response.status, response.headers.get('location')]).toEqual([wait, 202, `/api/v1/runs/${run}`]);
        expect(['running', 'waiting']).toContain(status);
        await api.post(`/runs/${run}/cancel`);
      }
    });

    test('gives the failure of a run that fails, without secrets', async () => {
      const failed = await use().api.run('fails');
      expect(failed).toMatchObject({
        status: 'failed',
        failure: { code: 'ASSERTION', message: expect.stringContaining('[secret TOKEN]') },
      });
    });

    test('takes an ensemble in a folder by its path, with slashes or without', async () => {
      const { api } = use();
      expect((await api.run('orders/refund', { amount: 2 })).output).toBe(4);
      expect((await api.run('orders%2Frefund', { amount: 3 })).output).toBe(6);
      expect((await api.run('orders%2frefund', { amount: 4 })).output).toBe(8);
    });

    test('takes an empty body as an empty input', async () => {
      const { api } = use();
      expect((await api.post('/ensembles/echo/runs?wait=30s', { status: 201 })).output).toMatchObject({ input: {} });
      const typed = await api.post('/ensembles/echo/runs?wait=30s', { headers: { 'content-type': 'text/plain' }, body: '', status: 201 });
      expect(typed.output).toMatchObject({ input: {} });
    });

    test('tells the run through which key it was started', async () => {
      expect((await use().api.run('echo')).output).toMatchObject({ trigger: { type: 'api', caller: 'admin' } });
    });

    test('taints what comes in', async () => {
      const { run } = await use().api.run('hello', { name: 'x' });
      const response = await use().api.ask('GET', `/runs/${run}/events?follow=0`, { headers: { accept: 'application/x-ndjson' } });
      expect(await response.text()).toMatch(/"type":"agent.finished".*"tainted":true/);
    });

    test('keeps keys such as __proto__ as the data that they are', async () => {
      const body = '{"__proto__":{"admin":true},"constructor":{"prototype":{"x":1}},"toString":"t"}';
      const response = await use().api.ask('POST', '/ensembles/echo/runs?wait=30s', {
        body,
        headers: { 'content-type': 'application/json' },
      });
      const text = await response.text();
      expect(text).toContain('{"__proto__":{"admin":true},"constructor":{"prototype":{"x":1}},"toString":"t"}');
    });

    test('takes JSON with a byte order mark, and of the types that say so', async () => {
      const { api } = use();
      const bytes = new Uint8Array([0xef, 0xbb, 0xbf, ...new TextEncoder().encode('{"name":"ö"}')]);
      for (const type of ['application/json', 'application/json; charset=UTF-8', 'application/vnd.api+json']) {
        const reply = await api.post('/ensembles/hello/runs?wait=30s', { body: bytes, headers: { 'content-type': type }, status: 201 });
        expect(reply.output).toBe('hello ö');
      }
    });
  });

  describe('an Idempotency-Key', () => {
    const start = (api: ApiUnderTest['api'], key: string, json: unknown, ensemble = 'hello') =>
      api.ask('POST', `/ensembles/${ensemble}/runs?wait=30s`, { json, headers: { 'idempotency-key': key } });
    const runOf = async (response: Response) => ((await response.json()) as { readonly run: string }).run;

    test('starts one run however often it is sent', async () => {
      const { api } = use();
      const first = await start(api, 'a', { name: 'x' });
      const second = await start(api, 'a', { name: 'x' });
      expect([first.status, second.status]).toEqual([201, 201]);
      expect([first.headers.get('idempotency-replayed'), second.headers.get('idempotency-replayed')]).toEqual([null, 'true']);
      expect(await runOf(second)).toBe(await runOf(first));
    });

    test('starts one run when many send it at once', async () => {
      const { api } = use();
      const runs = await Promise.all(Array.from({ length: 20 }, async () => runOf(await start(api, 'at-once', { name: 'many' }))));
      expect(new Set(runs).size).toBe(1);
      expect((await api.get('/runs?ensemble=hello&limit=500')).runs.filter(({ run }) => run === runs[0]).length).toBe(1);
    });

    test('is the same whatever the order of the keys in the input, and refused for another input', async () => {
      const { api } = use();
      const first = await start(api, 'b', { a: 1, b: 2 }, 'echo');
      expect(await runOf(await start(api, 'b', { b: 2, a: 1 }, 'echo'))).toBe(await runOf(first));
      const other = await start(api, 'b', { a: 1, b: 3 }, 'echo');
      expect([other.status, await other.json()]).toMatchObject([422, { code: 'idempotency-mismatch' }]);
    });

    test('is its ensemble’s and its caller’s own', async () => {
      const { api } = use();
      const headers = { 'idempotency-key': 'c' };
      const runs = [
        await api.post('/ensembles/hello/runs?wait=30s', { json: {}, headers, status: 201 }),
        await api.post('/ensembles/echo/runs?wait=30s', { json: {}, headers, status: 201 }),
        await api.post('/ensembles/hello/runs?wait=30s', { json: {}, headers, status: 201, key: 'for-hello' }),
      ];
      expect(new Set(runs.map(({ run }) => run)).size).toBe(3);
    });

    test('is not used up by an input that is refused', async () => {
      const { api } = use();
      expect((await start(api, 'd', { amount: 'much' }, 'orders/refund')).status).toBe(422);
      const then = await start(api, 'd', { amount: 1 }, 'orders/refund');
      expect([then.status, then.headers.get('idempotency-replayed')]).toEqual([201, null]);
    });

    test.each([
      ['two words', 'two words'],
      ['a list', 'a,b, c'],
      ['an accent', 'é'],
      ['256 characters', 'x'.repeat(256)],
    ])('is 1 to 255 visible characters: %s are not', async (_, key) => {
      expect((await start(use().api, key, {})).status).toBe(400);
    });

    test('may be 255 characters long', async () => {
      expect((await start(use().api, '!'.repeat(255), {})).status).toBe(201);
    });
  });
}
