import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sha256 } from '../../../src/program/hash.ts';
import { WORKER_BINDINGS } from '../../../src/program/host-protocol.ts';
import type { DeployedWorker, openDeployed } from '../../support/deployed-worker.ts';

const KEYS = { first: 'the-first-key-of-all', known: 'a-key-known-by-hash', narrow: 'a-key-for-one-ensemble' };
const HELLO = 'ensemble: hello\nagents:\n  - { name: greet, operation: transform, config: { value: hello } }\n';
const TOKEN = 'a-token-of-some-length';
const TRIGGERED = `${HELLO}trigger:
  - { type: http, path: /open, methods: [GET], public: true }
  - { type: http, path: /closed, methods: [GET], auth: { type: bearer, secret: '\${env.TOKEN}' } }
`;

/** How callers of the API are known, and how often they may call, whoever made the Worker. */
export function apiKeysSuite(open: typeof openDeployed): void {
  const openWith = (keys: string | undefined, limit = 1_000) =>
    open({
      files: { 'ensembles/hello.yaml': TRIGGERED, 'ensembles/other.yaml': HELLO },
      vars: { TOKEN, ...(keys === undefined ? {} : { [WORKER_BINDINGS.apiKeys]: keys }) },
      options: { ratelimits: { [WORKER_BINDINGS.rateLimit]: { namespace_id: '1', simple: { limit, period: 60 } } } },
    });
  const ask = (worker: DeployedWorker, path: string, authorization?: string, init: RequestInit = {}) =>
    worker.fetch(path, { ...init, headers: { ...(authorization === undefined ? {} : { authorization }) } });
  const list = '/api/v1/ensembles';

  describe('a key', () => {
    let worker: DeployedWorker;
    beforeAll(async () => {
      const scopes = ['runs:read', 'runs:start'];
      worker = await openWith(
        JSON.stringify([
          { name: 'first', key: KEYS.first, scopes: ['*'] },
          { name: 'known', sha256: await sha256(KEYS.known), scopes },
          { name: 'narrow', key: KEYS.narrow, scopes, ensembles: ['other'] },
          { name: 'idle', key: 'a-key-that-may-do-nothing', scopes: [] },
        ]),
      );
    });
    afterAll(() => worker[Symbol.asyncDispose]());

    test.each([`Bearer ${KEYS.first}`, `bearer ${KEYS.known}`, `BEARER   ${KEYS.narrow}`])('%s lets in', async (authorization) => {
      expect((await ask(worker, list, authorization)).status).toBe(200);
    });

    test.each([
      undefined,
      '',
      'Bearer',
      'Bearer ',
      `Bearer ${KEYS.first}x`,
      `Bearer ${KEYS.first.slice(0, -1)}`,
      `Bearer ${KEYS.first.toUpperCase()}`,
      `Bearer ${KEYS.first} ${KEYS.known}`,
      `Bearer first`,
      `Basic ${btoa(`first:${KEYS.first}`)}`,
      `Bearer ${TOKEN}`,
      `Bearer ${'x'.repeat(10_000)}`,
    ])('%s does not', async (authorization) => {
      const response = await ask(worker, list, authorization);
      expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, expect.stringMatching(/^Bearer/)]);
      expect(await response.text()).not.toContain(KEYS.first);
    });

    test('the SHA-256 that stands for a key is no key', async () => {
      expect((await ask(worker, list, `Bearer ${await sha256(KEYS.known)}`)).status).toBe(401);
    });

    test('in a query or a cookie is none', async () => {
      expect((await worker.fetch(`${list}?key=${KEYS.first}`, { headers: { cookie: `key=${KEYS.first}` } })).status).toBe(401);
    });

    test('for some ensembles starts no others, and does not see them', async () => {
      const authorization = `Bearer ${KEYS.narrow}`;
      const { ensembles } = (await (await ask(worker, list, authorization)).json()) as { ensembles: { id: string }[] };
      expect(ensembles.map(({ id }) => id)).toEqual(['other']);
      const start = (id: string) => ask(worker, `${list}/${id}/runs?wait=5s`, authorization, { method: 'POST' });
      expect([(await start('other')).status, (await start('hello')).status]).toEqual([201, 403]);
    });

    test('without scopes may do nothing', async () => {
      expect((await ask(worker, list, 'Bearer a-key-that-may-do-nothing')).status).toBe(403);
    });

    test('of the API opens no trigger', async () => {
      expect((await ask(worker, '/closed', `Bearer ${KEYS.first}`)).status).toBe(401);
    });
  });

  test.each([
    undefined,
    JSON.stringify([
      { name: 'first', key: KEYS.first, scopes: ['*'] },
      { name: 'a', key: 'short', scopes: ['*'] },
    ]),
    JSON.stringify([
      { name: 'first', key: KEYS.first, scopes: ['runs:read'] },
      { name: 'same', sha256: createHash('sha256').update(KEYS.first).digest('hex'), scopes: ['*'] },
    ]),
  ])('a secret that is %s lets nobody in', async (keys) => {
    await using worker = await openWith(keys);
    for (const key of ['', 'short', 'undefined', KEYS.first]) expect((await ask(worker, list, `Bearer ${key}`)).status).toBe(401);
  });

  describe('beyond the rate', () => {
    test('each key, each trigger and each stranger is told to come back, by itself', async () => {
      const keys = ['one', 'two'].map((name) => ({ name, key: `the-key-of-someone-${name}`, scopes: ['*'] }));
      await using worker = await openWith(JSON.stringify(keys), 3);
      /** What is answered until the rate is reached. Twice as much as it allows is asked: the minute that it counts over may end in between. */
      const answers = async (path: string, authorization?: string) => {
        const found = new Set<number>();
        for (let time = 0; time < 8; time += 1) {
          const { status, headers } = await ask(worker, path, authorization);
          if (status === 429) return [...found, status, headers.get('retry-after')];
          found.add(status);
        }
        return [...found];
      };
      for (const { key } of keys) expect(await answers(list, `Bearer ${key}`)).toEqual([200, 429, '60']);
      expect(await answers('/open')).toEqual([200, 429, '60']);
      expect(await answers(list, 'Bearer a-wrong-key')).toEqual([401, 429, '60']);
      // It is the same stranger.
      expect((await answers('/closed', 'Bearer a-wrong-token')).slice(-2)).toEqual([429, '60']);
      expect(await answers('/closed', `Bearer ${TOKEN}`)).toEqual([200, 429, '60']);
    });
  });
}
