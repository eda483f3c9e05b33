import { describe, expect, test } from 'vitest';
import type { ApiUnderTest } from './http-suite.ts';

export function controlCases(use: () => ApiUnderTest): void {
  const waits = async (ensemble: string, input: unknown = {}): Promise<string> => {
    const run = await use().api.start(ensemble, input);
    await use().api.until(run, ({ waiting }) => waiting !== undefined);
    return run;
  };

  describe('wishes about a run', () => {
    // at its limit: src/worker/http/routes/control.ts MAX_REASON (beyond it: `the body is none`)
    test('it is paused, goes on, and is cancelled', async () => {
      const { api } = use();
      const run = await waits('slow');
      expect(await api.post(`/runs/${run}/pause`, { json: { reason: 'lunch' } })).toMatchObject({ run, status: 'paused' });
      expect(await api.post(`/runs/${run}/pause`)).toMatchObject({ status: 'paused' });
      expect(await api.post(`/runs/${run}/resume`)).toMatchObject({ run });
      await api.until(run, ({ status }) => status !== 'paused');
      await api.post(`/runs/${run}/cancel`, { json: { reason: 'enough'.padEnd(1_000) } });
      expect(await api.get(`/runs/${run}?wait=30s`)).toMatchObject({
        status: 'cancelled',
        failure: { message: expect.stringContaining('enough') },
      });
    });

    test('one that is over takes none', async () => {
      const { api } = use();
      const { run } = await api.run('hello');
      for (const wish of ['pause', 'resume', 'cancel', 'signals/x']) {
        const response = await api.ask('POST', `/runs/${run}/${wish}`);
        expect([response.status, await response.json()]).toMatchObject([409, { code: 'conflict', run_status: 'succeeded' }]);
      }
    });

    test.each([['{"reason":1}'], ['{"reasons":"x"}'], ['[]'], [`{"reason":"${'x'.repeat(1_001)}"}`]])(
      'the body %j is none',
      async (body) => {
        const { api } = use();
        const run = await waits('slow');
        const headers = { 'content-type': 'application/json' };
        for (const wish of ['pause', 'cancel']) {
          expect((await api.ask('POST', `/runs/${run}/${wish}`, { body, headers })).status).toBe(400);
        }
        expect(await api.get(`/runs/${run}`)).toMatchObject({ status: 'waiting' });
        await api.post(`/runs/${run}/cancel`);
      },
    );

    test('a signal brings its data, whatever its name', async () => {
      const { api } = use();
      const run = await waits('paid');
      await api.post(`/runs/${run}/signals/other`, { json: 1 });
      await api.post(`/runs/${run}/signals/paid%2Fin%20full`, { json: { cents: 5 } });
      expect(await api.get(`/runs/${run}?wait=30s`)).toMatchObject({ status: 'succeeded', output: { cents: 5 } });
    });
  });

  describe('an approval', () => {
    test('is answered in the name of the key, once', async () => {
      const { api } = use();
      const run = await waits('ask');
      const path = `/runs/${run}/approvals/free`;
      await api.post(path, { key: 'only-approve', json: { approved: true, feedback: 'fine', data: { n: 1 } } });
      expect(await api.get(`/runs/${run}?wait=30s`)).toMatchObject({
        output: { free: { approved: true, feedback: 'fine', approver: 'only-approve' } },
      });
      expect((await api.ask('POST', path, { json: { approved: false } })).status).toBe(404);
    });

    test('is for those whom the ensemble names', async () => {
      const { api } = use();
      const run = await waits('ask', { who: ['boss'] });
      const path = `/runs/${run}/approvals/strict`;
      const refused = await api.ask('POST', path, { json: { approved: true } });
      expect([refused.status, await refused.json()]).toMatchObject([403, { code: 'forbidden', approvers: ['boss'] }]);
      await api.post(path, { json: { approved: false, approver: 'boss' } });
      expect(await api.get(`/runs/${run}?wait=30s`)).toMatchObject({ output: { strict: { approved: false, approver: 'boss' } } });
    });

    test.each([
      [undefined],
      [{}],
      [{ approved: 'yes' }],
      [{ approved: true, aproved: true }],
      [{ approved: true, approver: '' }],
      [{ approved: true, feedback: { a: 1 } }],
    ])('is not answered by %j', async (json) => {
      const { api } = use();
      const run = await waits('ask');
      const response = await api.ask('POST', `/runs/${run}/approvals/free`, json === undefined ? {} : { json });
      expect(response.status).toBe(400);
      expect(await api.get(`/runs/${run}`)).toMatchObject({ status: 'waiting' });
      await api.post(`/runs/${run}/cancel`);
    });
  });
}
