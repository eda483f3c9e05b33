import { describe, expect, test } from 'vitest';
import type { ApiUnderTest } from './http-suite.ts';

export function readCases(use: () => ApiUnderTest): void {
  describe('what is read', () => {
    test('the ensembles, with their input and their triggers but no secret', async () => {
      const { api } = use();
      const { ensembles } = await api.get('/ensembles');
      expect(ensembles.map(({ id }) => id)).toContain('orders/refund');
      const refund = await api.get('/ensembles/orders%2Frefund');
      expect(refund).toMatchObject({
        id: 'orders/refund',
        name: 'refund',
        input: { properties: { amount: { type: 'number' } } },
        triggers: [{ type: 'webhook', path: '/refunds', auth: 'bearer' }],
        links: { runs: '/api/v1/ensembles/orders%2Frefund/runs' },
      });
      expect(JSON.stringify(ensembles)).not.toContain('HOOK_SECRET');
      expect(await api.get('/ensembles/orders/refund')).toEqual(refund);
    });

    test('a run, waited for or not', async () => {
      const { api } = use();
      const run = await api.start('hello', { name: 'Bo' });
      expect(await api.get(`/runs/${run}?wait=30s`)).toMatchObject({ run, status: 'succeeded', output: 'hello Bo' });
      expect(await api.get(`/runs/${run}?wait=30s`)).toEqual(await api.get(`/runs/${run}`));
      expect((await api.ask('HEAD', `/runs/${run}`)).status).toBe(200);
    });

    test('runs in pages that stay as they are while others start', async () => {
      const { api } = use();
      const started: string[] = [];
      for (let count = 0; count < 5; count += 1) started.unshift((await api.run('hello', { name: `page ${count}` })).run);
      const seen: string[] = [];
      let page = await api.get('/runs?ensemble=hello&limit=2');
      for (;;) {
        seen.push(...page.runs.map(({ run }) => run));
        if (seen.length >= 5 || page.next_cursor === undefined) break;
        await api.run('hello', { name: 'meanwhile' });
        page = await api.get(`/runs?ensemble=hello&limit=2&cursor=${page.next_cursor}`);
      }
      expect(seen.slice(0, 5)).toEqual(started);
    });

    test('the last page has no cursor, also when it is full', async () => {
      const { api } = use();
      const all = await api.get('/runs?ensemble=fails&limit=500');
      expect(all.next_cursor).toBe(undefined);
      const exact = await api.get(`/runs?ensemble=fails&limit=${Math.max(1, all.runs.length)}`);
      expect([exact.runs.length, exact.next_cursor]).toEqual([all.runs.length, undefined]);
    });

    test('runs by status, time and part of their id', async () => {
      const { api } = use();
      const { run } = await api.run('fails');
      const failed = await api.get('/runs?status=failed');
      expect(failed.runs.map((one) => one.status)).toEqual(failed.runs.map(() => 'failed'));
      expect((await api.get('/runs?status=failed,cancelled&status=running')).runs.map((one) => one.run)).toContain(run);
      expect((await api.get(`/runs?part=${run.slice(-8)}`)).runs.map((one) => one.run)).toEqual([run]);
      expect((await api.get('/runs?since=2099-01-01')).runs).toEqual([]);
      expect((await api.get('/runs?until=1999-01-01')).runs).toEqual([]);
    });

    test('the program of a run, once', async () => {
      const { api } = use();
      const { run } = await api.run('hello');
      const first = await api.ask('GET', `/runs/${run}/program`);
      const tag = first.headers.get('etag') ?? '';
      expect(await first.json()).toMatchObject({ ensemble: 'hello', file: 'ensembles/hello.yaml' });
      for (const known of [tag, `W/${tag}`, `"other", ${tag}`]) {
        const second = await api.ask('GET', `/runs/${run}/program`, { headers: { 'if-none-match': known } });
        expect([second.status, await second.text()]).toEqual([304, '']);
      }
      expect((await api.ask('GET', `/runs/${run}/program`, { headers: { 'if-none-match': '"other"' } })).status).toBe(200);
    });

    test('statistics of the runs that are over', async () => {
      const { api } = use();
      await api.run('fails');
      const { ensembles } = await api.get('/statistics?ensemble=fails');
      expect(ensembles).toMatchObject([{ ensemble: 'fails', success_rate: 0, agents: [{ agent: 'check' }] }]);
      expect((await api.get('/statistics?since=2099-01-01')).ensembles).toEqual([]);
    });

    test('the document lists the start of each ensemble with its own input', async () => {
      const { paths } = use().api.document;
      expect(paths['/api/v1/ensembles/orders%2Frefund/runs']?.post).toMatchObject({
        requestBody: { content: { 'application/json': { schema: { properties: { amount: { type: 'number' } }, required: ['amount'] } } } },
      });
    });
  });
}
