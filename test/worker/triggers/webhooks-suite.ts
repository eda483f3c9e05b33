import { createHmac, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WORKER_BINDINGS } from '../../../src/program/host-protocol.ts';
import type { DeployedWorker, openDeployed } from '../../support/deployed-worker.ts';

const SECRET = 'a-secret-of-some-length';
const KEY = 'a-key-of-the-api-itself';

/** Counts its runs where a test can read it. */
const HOOK = `
ensemble: hook
input: { fail: { type: boolean, default: false } }
agents:
  - { name: count, operation: storage, config: { type: kv, action: put, key: 'runs/\${run.id}', value: '\${input.body}' } }
trigger:
  - { type: webhook, path: /hooks/signed, auth: { type: signature, secret: '\${env.SECRET}' } }
  - { type: webhook, path: '/hooks/:source/bearer', auth: { type: bearer, secret: '\${env.SECRET}' } }
  - { type: webhook, path: /hooks/open, public: true }
  - { type: http, path: '/signed/:id', methods: [POST, GET], auth: { type: signature, secret: '\${env.SECRET}' } }
output: \${input.params.id}
`;

/** What webhook triggers do, whoever made the Worker. */
export function webhooksSuite(open: typeof openDeployed): void {
  let worker: DeployedWorker;
  beforeAll(async () => {
    worker = await open({
      files: { 'ensembles/hook.yaml': HOOK },
      vars: { SECRET, [WORKER_BINDINGS.apiKeys]: JSON.stringify([{ name: 'test', key: KEY, scopes: ['*'] }]) },
    });
  });
  afterAll(() => worker[Symbol.asyncDispose]());

  const sign = (body: string, { secret = SECRET, at = Date.now() } = {}) => {
    const seconds = Math.floor(at / 1000);
    return { 'ensemble-signature': `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}` };
  };
  const send = (path: string, body: string, headers: Readonly<Record<string, string>>) =>
    worker.fetch(path, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body });
  const startedBy = async (response: Response) => {
    expect(response.status).toBe(202);
    const { run } = (await response.json()) as { run: string };
    return { run, repeated: response.headers.get('idempotency-replayed') === 'true' };
  };
  /** How many runs were started with a body that holds the text, once the run is over. */
  const runsWith = async (text: string, run?: string) => {
    if (run !== undefined) {
      const ended = await worker.fetch(`/api/v1/runs/${run}?wait=60s`, { headers: { authorization: `Bearer ${KEY}` } });
      expect(await ended.json()).toMatchObject({ status: 'succeeded' });
    }
    const kv = await worker.miniflare.getKVNamespace('KV');
    const { keys } = await kv.list({ prefix: 'runs/' });
    const bodies = await Promise.all(keys.map(({ name }) => kv.get(name)));
    return bodies.filter((body) => String(body).includes(text)).length;
  };

  test('a webhook is answered at once with its run, which is given what was sent', async () => {
    const id = randomUUID();
    const body = JSON.stringify({ id });
    const { run } = await startedBy(await send('/hooks/signed', body, sign(body)));
    expect(run).toMatch(/^[0-9a-z]{26}$/);
    expect(await runsWith(id, run)).toBe(1);
  });

  test('only POST brings a webhook', async () => {
    const response = await worker.fetch('/hooks/signed');
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
  });

  test('a bearer token or nothing at all lets in where the trigger says so', async () => {
    await startedBy(await send('/hooks/ci/bearer', '{}', { authorization: `Bearer ${SECRET}` }));
    await startedBy(await send('/hooks/open', '{}', {}));
    expect((await send('/hooks/ci/bearer', '{}', sign('{}'))).status).toBe(401);
  });

  describe('a forged request starts nothing:', () => {
    const id = randomUUID();
    const body = JSON.stringify({ id });
    test.each([
      ['no signature', () => ({})],
      ['the signature of another body', () => sign(`${body} `)],
      ['the signature of another secret', () => sign(body, { secret: 'another-secret-of-length' })],
      ['an old signature', () => sign(body, { at: Date.now() - 6 * 60_000 })],
      ['a signature of times to come', () => sign(body, { at: Date.now() + 6 * 60_000 })],
      ['the secret itself', () => ({ authorization: `Bearer ${SECRET}` })],
      [
        'an old signature with a new time',
        () => {
          const old = sign(body, { at: Date.now() - 3_600_000 })['ensemble-signature'];
          return { 'ensemble-signature': old.replace(/t=\d+/, `t=${Math.floor(Date.now() / 1000)}`) };
        },
      ],
    ])('%s', async (_what, headers) => {
      const response = await send('/hooks/signed', body, headers());
      expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Signature']);
      expect(await runsWith(id)).toBe(0);
    });
  });

  describe('what was sent before starts nothing,', () => {
    test('and is answered with the first run', async () => {
      const id = randomUUID();
      const body = JSON.stringify({ id });
      const signed = sign(body);
      const first = await startedBy(await send('/hooks/signed', body, signed));
      const others = await Promise.all(Array.from({ length: 5 }, async () => startedBy(await send('/hooks/signed', body, signed))));
      expect(first.repeated).toBe(false);
      for (const other of others) expect(other).toMatchObject({ run: first.run, repeated: true });
      expect(await runsWith(id, first.run)).toBe(1);
      expect(await startedBy(await send('/hooks/signed', body, sign(body, { at: Date.now() - 10_000 })))).toMatchObject({
        repeated: false,
      });
    });

    test('also when GitHub names it as another delivery', async () => {
      const body = JSON.stringify({ id: randomUUID() });
      const signature = `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`;
      const deliver = async (delivery: string) =>
        startedBy(await send('/hooks/signed', body, { 'x-hub-signature-256': signature, 'x-github-delivery': delivery }));
      const first = await deliver('one');
      expect(await deliver('two')).toMatchObject({ run: first.run, repeated: true });
    });

    test('nor at another address of the same trigger', async () => {
      const body = JSON.stringify({ id: randomUUID() });
      const signed = sign(body);
      const first = await send('/signed/1?a=1', body, signed);
      expect([first.status, await first.json()]).toEqual([200, '1']);
      const again = await send('/signed/1?a=1', body, signed);
      expect([again.status, await again.json()]).toEqual([200, '1']);
      for (const path of ['/signed/2?a=1', '/signed/1?a=2', '/signed/1']) expect((await send(path, body, signed)).status).toBe(409);
    });

    test('where its Idempotency-Key came before, from those who share the secret', async () => {
      const id = randomUUID();
      const headers = { authorization: `Bearer ${SECRET}`, 'idempotency-key': id };
      const first = await startedBy(await send('/hooks/ci/bearer', JSON.stringify({ id }), headers));
      const again = await send('/hooks/ci/bearer', JSON.stringify({ id }), headers);
      expect(await startedBy(again)).toMatchObject({ run: first.run, repeated: true });
      expect((await send('/hooks/ci/bearer', JSON.stringify({ id, more: true }), headers)).status).toBe(422);
      expect((await send('/hooks/cd/bearer', JSON.stringify({ id }), headers)).status).toBe(422);
      expect((await send('/hooks/ci/bearer', '{}', { ...headers, 'idempotency-key': 'a b' })).status).toBe(400);
      expect(await runsWith(id, first.run)).toBe(1);
      const strangers = await Promise.all([1, 2].map(async () => startedBy(await send('/hooks/open', '{}', { 'idempotency-key': id }))));
      expect(strangers[0]?.run).not.toBe(strangers[1]?.run);
    });

    test('while what the ensemble does not take may be sent again once it is mended', async () => {
      const wrong = JSON.stringify({ fail: 'perhaps' });
      const signed = sign(wrong);
      for (let time = 0; time < 2; time += 1) expect((await send('/hooks/signed', wrong, signed)).status).toBe(422);
    });
  });
}
