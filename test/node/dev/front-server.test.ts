import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Miniflare } from 'miniflare';
import { afterEach, describe, expect, test } from 'vitest';
import { type FrontAnswer, type FrontRuntime, type FrontServer, openFrontServer } from '../../../src/node/dev/front-server.ts';
import { ConnectionLost } from '../../../src/node/host-error.ts';

type Dispatch = (url: string, init: RequestInit & { readonly headers: [string, string][] }) => Promise<Response>;

let server: FrontServer | undefined;
const answers: FrontAnswer[] = [];
const errors: string[] = [];
afterEach(() => {
  server?.close();
  answers.length = 0;
  errors.length = 0;
});

async function open(dispatch: Dispatch | undefined): Promise<FrontServer> {
  const miniflare = { dispatchFetch: dispatch } as unknown as Miniflare;
  const runtime: FrontRuntime = { pid: 1, token: 'of-the-host', withMiniflare: (act) => act(miniflare) };
  server = await openFrontServer({
    host: '127.0.0.1',
    port: 0,
    runtime: () => (dispatch === undefined ? undefined : runtime),
    originsAt: (path) => ({ '/shared': ['https://app.example.com'], '/anyone': ['*'] })[path] ?? [],
    onAnswer: (answer) => answers.push(answer),
    onError: (error) => errors.push(error.message),
  });
  return server;
}

interface Asked {
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Not by `fetch`, which puts paths in order and refuses headers. */
function ask({ url }: FrontServer, { path = '/', method = 'GET', headers = {}, body }: Asked = {}) {
  const { hostname, port } = new URL(url);
  return new Promise<{ status: number | undefined; headers: Readonly<Record<string, unknown>>; text: string }>((resolve, reject) => {
    const sending = request({ hostname, port, path, method, headers }, async (response) =>
      resolve({ status: response.statusCode, headers: response.headers, text: await text(response) }),
    );
    sending.on('error', reject);
    sending.end(body);
  });
}

const echo: Dispatch = async (url, { method, headers, body }) =>
  Response.json({ url, method, headers: Object.fromEntries(headers), body: body === undefined ? undefined : String(body) });

describe('the port that a project is served on', () => {
  test('a request reaches the Worker whole, with the address of its caller and nothing that only the platform may say', async () => {
    const front = await open(echo);
    const given = { 'Content-Type': 'text/plain', 'CF-Connecting-IP': '6.6.6.6', 'MF-Route-Override': 'x', 'X-Ensemble-Host-Token': 't' };
    const { status, text: answer } = await ask(front, { path: '/a/../b?c=1', method: 'PUT', headers: given, body: 'ü' });
    expect(status).toBe(200);
    expect(JSON.parse(answer)).toEqual({
      url: `${front.url}/b?c=1`,
      method: 'PUT',
      headers: {
        'accept-encoding': 'identity',
        'cf-connecting-ip': '127.0.0.1',
        'content-type': 'text/plain',
        'x-ensemble-host-token': 'of-the-host',
      },
      body: 'ü',
    });
    await expect.poll(() => answers).toEqual([{ method: 'PUT', path: '/a/../b', status: 200, durationMs: expect.any(Number) }]);
  });

  test('an answer is handed back with its headers, each cookie by itself', async () => {
    const headers = new Headers({ 'x-own': '1', connection: 'close', 'mf-content-encoding': 'gzip' });
    headers.append('set-cookie', 'a=1');
    headers.append('set-cookie', 'b=2');
    const answer = await ask(await open(async () => new Response('gone', { status: 410, headers })));
    expect([answer.status, answer.text, answer.headers['x-own'], answer.headers['set-cookie']]).toEqual([410, 'gone', '1', ['a=1', 'b=2']]);
    expect(answer.headers).not.toHaveProperty('mf-content-encoding');
  });

  test('pieces of a stream arrive as they come, and a caller that goes away ends it', async () => {
    const { promise: cancelled, resolve } = Promise.withResolvers<void>();
    const stream = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new TextEncoder().encode('first')),
      cancel: () => resolve(),
    });
    const { url } = await open(async () => new Response(stream));
    const first = await new Promise<string>((done, fail) => {
      const sending = request(url, (response) => {
        response.once('data', (piece) => {
          done(String(piece));
          response.destroy();
        });
      });
      sending.on('error', fail);
      sending.end();
    });
    expect(first).toBe('first');
    await cancelled;
  });

  test.each(['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', '10.0.0.1:80'])(
    'the host %j is not answered on an address of this machine alone',
    async (host) => {
      expect((await ask(await open(echo), { headers: { host } })).status).toBe(421);
    },
  );

  test.each(['localhost', 'localhost:99', 'shop.localhost', '127.0.0.1', '[::1]:80'])('the host %j is', async (host) => {
    expect((await ask(await open(echo), { headers: { host } })).status).toBe(200);
  });

  test.each([
    '/cdn-cgi/handler/email?from=a&to=b',
    '/CDN-CGI/mf/scheduled',
    '/cdn-cgi',
    '/a/../cdn-cgi/handler/email',
    '/%2e/cdn-cgi/x',
    '/\\cdn-cgi\\x/../../../cdn-cgi/x',
    '/__ensemble/host/stop',
  ])('%s is there for nobody', async (path) => {
    const reached: string[] = [];
    const front = await open(async (url) => {
      reached.push(url);
      return new Response();
    });
    expect((await ask(front, { path })).status).toBe(404);
    expect(reached).toEqual([]);
  });

  test.each<[string, Readonly<Record<string, string>>]>([
    ['/', { origin: 'https://evil.example' }],
    ['/', { origin: 'http://localhost.evil.example' }],
    ['/', { origin: 'http://127.0.0.1.evil.example:8787' }],
    ['/', { origin: 'http://user@evil.example' }],
    ['/', { origin: 'null' }],
    ['/', { origin: '' }],
    ['/', { 'sec-fetch-site': 'cross-site' }],
    ['/', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }],
    ['/shared', { origin: 'https://evil.example' }],
    ['/shared/../', { origin: 'https://app.example.com' }],
    ['/x/../api/v1/runs', { origin: 'https://app.example.com' }],
  ])('%s is not asked by a page of another site: %j', async (path, headers) => {
    const reached: string[] = [];
    const front = await open(async (url) => {
      reached.push(url);
      return new Response();
    });
    for (const method of ['GET', 'POST', 'OPTIONS']) expect((await ask(front, { path, method, headers })).status).toBe(403);
    expect(reached).toEqual([]);
  });

  test.each<[string, Readonly<Record<string, string>>]>([
    ['/', {}],
    ['/', { origin: 'http://localhost:3000', 'sec-fetch-site': 'same-site' }],
    ['/', { origin: 'http://127.0.0.1:5173', 'sec-fetch-site': 'cross-site' }],
    ['/', { 'sec-fetch-site': 'none' }],
    ['/', { origin: 'https://name-8787.app.github.dev', 'sec-fetch-site': 'same-origin' }],
    ['/', { origin: 'null', 'sec-fetch-site': 'same-origin' }],
    ['/shared', { origin: 'https://app.example.com', 'sec-fetch-site': 'cross-site' }],
    ['/anyone', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
  ])('%s is asked by who has %j', async (path, headers) => {
    expect((await ask(await open(echo), { path, method: 'POST', headers })).status).toBe(200);
  });

  // at its limit: src/node/dev/front-server.ts MAX_BODY_BYTES
  test('a body of 100 MiB is taken, and none that is longer', async () => {
    const bytes = 100 * 1024 * 1024;
    const body = 'x'.repeat(bytes + 1);
    const front = await open(async (_url, init) => Response.json((init.body as unknown as Buffer).length));
    expect(await ask(front, { method: 'POST', body: body.slice(1) })).toMatchObject({ status: 200, text: String(bytes) });
    expect(await ask(front, { method: 'POST', body })).toMatchObject({ status: 413 });
  });

  test('before anything is served the answer says so', async () => {
    const answer = await ask(await open(undefined));
    expect([answer.status, answer.headers['content-type']]).toEqual([503, 'application/problem+json']);
  });

  test('a Worker that throws is shown to the person, and not to the caller', async () => {
    const answer = await ask(
      await open(async () => {
        throw new Error('secret place');
      }),
    );
    expect([answer.status, answer.text.includes('secret place'), errors]).toEqual([500, false, ['secret place']]);
  });

  test.each([new ConnectionLost('gone', true), new TypeError('fetch failed')])('%s: the caller may try again', async (error) => {
    const answer = await ask(
      await open(async () => {
        throw error;
      }),
    );
    expect([answer.status, answer.headers['retry-after'], errors]).toEqual([503, '1', []]);
  });

  test('methods that no Worker gets are refused', async () => {
    expect((await ask(await open(echo), { method: 'TRACE' })).status).toBe(501);
  });
});
