import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { pipeline, Readable, type Transform } from 'node:stream';
import zlib from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../../../src/program/json.ts';
import { setDeadline } from '../../../src/runtime/engine/deadline.ts';
import { failure } from '../../../src/runtime/failure.ts';
import { http } from '../../../src/runtime/operations/http/http.ts';
import { readBytes } from '../../../src/runtime/operations/http/read-body.ts';
import { openTestServer, type ReceivedRequest, sendJson, type TestServer } from '../../support/http-server.ts';
import { failureOf, manualClock, START, testContext } from './operation-context.ts';

type Route = (response: ServerResponse, request: ReceivedRequest) => void;

const text = (response: ServerResponse, body: string | Buffer, headers: Record<string, string> = {}, status = 200) => {
  response.writeHead(status, headers);
  response.end(body);
};

/** Responses that stay open until the server closes; `arrived` tells a test that the server has the request. */
let arrived: Promise<void>;
let markArrived: () => void;

const ROUTES: Readonly<Record<string, Route>> = {
  '/echo': (response, { method, url, headers, body }) => sendJson(response, { method, url, headers: headers as JsonObject, body }),
  '/text': (response) => text(response, 'plain words', { 'content-type': 'text/plain' }),
  '/problem': (response) => text(response, '{"title":"x"}', { 'content-type': 'application/problem+json; charset=utf-8' }),
  '/json-as-text': (response) => text(response, '{"a":1}', { 'content-type': 'text/html' }),
  '/broken-json': (response) => text(response, '{"a": 1, "b": <html>oops', { 'content-type': 'application/json' }),
  '/empty': (response) => text(response, '', {}, 204),
  '/empty-json': (response) => text(response, '', { 'content-type': 'application/json' }),
  '/empty-text': (response) => text(response, ''),
  '/latin1': (response) => text(response, Buffer.from('caf\u00e9', 'latin1'), { 'content-type': 'text/plain; charset=iso-8859-1' }),
  '/bytes': (response) => text(response, Buffer.from([0, 255, 128, 10]), { 'content-type': 'image/png' }),
  '/not-found': (response) => sendJson(response, { error: 'no such thing' }, 404, { 'x-trace': 't1' }),
  '/teapot': (response) => text(response, '', {}, 418),
  '/limited': (response) => sendJson(response, { error: 'slow down' }, 429, { 'retry-after': '7' }),
  '/limited-until': (response) => text(response, '', { 'retry-after': new Date(START + 90_000).toUTCString() }, 503),
  '/crash': (response) => text(response, `line one\nline two ${'x'.repeat(500)}`, {}, 500),
  '/leak': (response) => text(response, `bad token s3cr3t-token-value ${'y'.repeat(300)}`, {}, 401),
  '/cut-off': (response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
    response.write('{"a":');
    setImmediate(() => response.destroy());
  },
  '/hang-up': (response) => response.destroy(),
  '/slow-body': (response) => {
    response.writeHead(200, { 'content-type': 'text/plain' });
    response.write('first words');
    markArrived();
  },
  '/never': () => markArrived(),
  '/huge': (response) => text(response, Buffer.alloc(9 * 1024 * 1024, 'x')),
  '/huge-stream': (response) => {
    response.writeHead(200);
    const piece = Buffer.alloc(1024 * 1024, 'x');
    const more = () => {
      while (response.write(piece));
    };
    response.on('drain', more);
    more();
  },
  '/bomb/gzip': (response) => sendBomb(response, 'gzip', zlib.createGzip({ level: 1 })),
  '/bomb/br': (response) => sendBomb(response, 'br', zlib.createBrotliCompress({ params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 1 } })),
  '/bomb/deflate': (response) => sendBomb(response, 'deflate', zlib.createDeflate({ level: 1 })),
  '/zeros': (response, { url }) => text(response, '0'.repeat(Number(url.split('?')[1])), { 'content-type': 'text/plain' }),
  '/lists': (response, { url }) => {
    const levels = Number(url.split('?')[1]);
    text(response, '['.repeat(levels) + ']'.repeat(levels), { 'content-type': 'application/json' });
  },
  '/no-gzip': (response) => text(response, 'plain', { 'content-encoding': 'gzip' }),
  '/encoded': (response) => text(response, zlib.gzipSync('unpacked'), { 'content-encoding': 'gzip', 'content-type': 'text/plain' }),
  '/charset': (response, { url }) => text(response, 'plain', { 'content-type': `text/plain; charset=${url.split('?')[1] ?? ''}` }),
  '/own-keys': (response) => text(response, '{"__proto__":{"admin":true},"a":1,"a":2}', { 'content-type': 'application/json' }),
  '/redirect': (response) => text(response, '', { location: '/text' }, 302),
  '/redirect-away': (response) => text(response, '', { location: 'https://elsewhere.example/?token=abc' }, 301),
  '/cookies': (response) => {
    response.setHeader('set-cookie', ['a=1', 'b=2']);
    text(response, 'ok');
  },
};

/** A compressed body without end, of which a thousandth is sent. */
function sendBomb(response: ServerResponse, encoding: string, packer: Transform): void {
  response.writeHead(200, { 'content-encoding': encoding, 'content-type': 'text/plain' });
  const zeros = Buffer.alloc(64 * 1024);
  const endless = new Readable({
    read() {
      this.push(zeros);
    },
  });
  pipeline(endless, packer, response, () => bombOver.resolve());
}
let bombOver = Promise.withResolvers<void>();

let server: TestServer;

beforeAll(async () => {
  server = await openTestServer((request, response) => {
    const route = ROUTES[request.url.split('?')[0] ?? ''];
    if (route === undefined) sendJson(response, { error: 'no route' }, 404);
    else route(response, request);
  });
});
afterAll(() => server[Symbol.asyncDispose]());

function expectArrival(): void {
  arrived = new Promise((resolve) => {
    markArrived = resolve;
  });
}

interface Echo {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

async function echo(config: JsonObject): Promise<Echo> {
  const { output } = await http.run({ url: `${server.origin}/echo`, ...config }, testContext());
  return output as unknown as Echo;
}

async function get(path: string, config: JsonObject = {}, context = testContext()): Promise<JsonValue | undefined> {
  return (await http.run({ url: `${server.origin}${path}`, ...config }, context)).output;
}

const fail = (path: string, config: JsonObject = {}, context = testContext()) =>
  failureOf(http, { url: `${server.origin}${path}`, ...config }, context);

describe('an http request', () => {
  test('is a GET with its query added to the one of the URL', async () => {
    const sent = await echo({ url: `${server.origin}/echo?a=1`, query: { b: 'x y', c: [1, 2], d: null, e: { k: true } } });
    expect(sent).toMatchObject({ method: 'GET', url: '/echo?a=1&b=x+y&c=1&c=2&e=%7B%22k%22%3Atrue%7D', body: '' });
    expect(sent.headers['idempotency-key']).toBeUndefined();
  });

  test('with a body is a POST of JSON that carries an idempotency key', async () => {
    const sent = await echo({ body: { a: [1, '"'] } });
    expect(sent).toMatchObject({ method: 'POST', body: '{"a":[1,"\\""]}' });
    expect(sent.headers).toMatchObject({ 'content-type': 'application/json', 'idempotency-key': 'run-1/step', 'user-agent': 'ensemble' });
  });

  test('sends a text body as it is and keeps the author’s headers', async () => {
    const sent = await echo({
      method: 'put',
      body: '<a/>',
      headers: { 'Content-Type': 'text/xml', 'Idempotency-Key': 'mine', 'X-N': 5, 'X-None': null },
    });
    expect(sent).toMatchObject({ method: 'PUT', body: '<a/>' });
    expect(sent.headers).toMatchObject({ 'content-type': 'text/xml', 'idempotency-key': 'mine', 'x-n': '5' });
    expect(sent.headers['x-none']).toBeUndefined();
  });

  test('sends an object as form fields when the content type says so', async () => {
    const sent = await echo({ body: { a: 'x&y', b: [1, 2] }, headers: { 'content-type': 'application/x-www-form-urlencoded' } });
    expect(sent.body).toBe('a=x%26y&b=1&b=2');
  });

  test.each<[string, JsonObject, string]>([
    ['a URL', { url: '/echo?a=1\r\nX-Evil: 1\r\n\r\nGET /other' }, '/echo?a=1X-Evil:%201GET%20/other'],
    ['a path', { url: '/echo?\tb\u0000\u2028c' }, '/echo?b%00%E2%80%A8c'],
    [
      'names and values of its query',
      { url: '/echo', query: { 'a\r\n&b=c': 'd\r\ne&f=g#h' } },
      '/echo?a%0D%0A%26b%3Dc=d%0D%0Ae%26f%3Dg%23h',
    ],
  ])('takes no line break out of %s', async (_what, config, expected) => {
    const before = server.requests.length;
    const sent = await echo({ ...config, url: `${server.origin}${config.url}` });
    expect(sent.url).toBe(expected);
    expect(sent.headers).not.toHaveProperty('x-evil');
    expect(server.requests).toHaveLength(before + 1);
  });

  test('writes names and values of a form so that none becomes another field', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await echo({ body: { 'a&b': 'c=d&e', __proto__x: '\r\n' }, headers })).body).toBe('a%26b=c%3Dd%26e&__proto__x=%0D%0A');
  });

  test('turns user and password of the URL into an Authorization header', async () => {
    const sent = await echo({ url: `${server.origin.replace('://', '://us%20er:p%40ss%zz@')}/echo` });
    expect(Buffer.from(sent.headers.authorization?.replace('Basic ', '') ?? '', 'base64').toString()).toBe('us er:p%40ss%zz');
  });

  test('encodes letters of its idempotency key that a header cannot carry', async () => {
    const context = { ...testContext(), idempotencyKey: 'run/étape' };
    const { output } = await http.run({ url: `${server.origin}/echo`, method: 'DELETE' }, context);
    expect((output as unknown as Echo).headers['idempotency-key']).toBe('run%2F%C3%A9tape');
  });
});

describe('the output of http', () => {
  test.each<[string, JsonObject, JsonValue]>([
    ['/text', {}, 'plain words'],
    ['/problem', {}, { title: 'x' }],
    ['/json-as-text', {}, '{"a":1}'],
    ['/json-as-text', { as: 'json' }, { a: 1 }],
    ['/problem', { as: 'text' }, '{"title":"x"}'],
    ['/bytes', { as: 'base64' }, 'AP+ACg=='],
    ['/latin1', {}, 'café'],
    ['/empty', {}, null],
    ['/empty-json', {}, null],
    ['/empty-text', {}, ''],
    ['/text', { method: 'HEAD' }, null],
    ['/redirect', {}, 'plain words'],
    ['/encoded', {}, 'unpacked'],
    ['/charset?utf-7', {}, 'plain'],
    ['/charset?"', {}, 'plain'],
    ['/charset?x-user-defined', {}, 'plain'],
    ['/not-found', { expect: [200, 404] }, { error: 'no such thing' }],
    ['/not-found', { expect: '4xx' }, { error: 'no such thing' }],
  ])('of %s with %j is the body', async (path, config, expected) => {
    expect(await get(path, config)).toEqual(expected);
  });

  test('is status, headers and body with response: full', async () => {
    const output = (await get('/not-found', { expect: [404], response: 'full' })) as JsonObject;
    expect(output).toMatchObject({ status: 404, headers: { 'x-trace': 't1' }, body: { error: 'no such thing' } });
  });

  test('comes with the response’s facts', async () => {
    const { response } = await http.run({ url: `${server.origin}/redirect?q=1` }, testContext());
    expect(response).toMatchObject({ status: 200, ok: true, url: `${server.origin}/text`, headers: { 'content-type': 'text/plain' } });
  });

  test('has the keys of the server as plain data, the last of two', async () => {
    const output = await get('/own-keys');
    expect(Object.entries(Object(output))).toEqual([
      ['__proto__', { admin: true }],
      ['a', 2],
    ]);
    expect(Object(output).admin).toBeUndefined();
  });

  test('keeps all cookies', async () => {
    const { response } = await http.run({ url: `${server.origin}/cookies` }, testContext());
    expect(response?.headers['set-cookie']).toBe('a=1, b=2');
  });

  test('warns when bytes are read as text', async () => {
    const context = testContext();
    await get('/bytes', {}, context);
    expect(context.warned).toEqual([`body-not-text: GET ${server.origin}/bytes is not utf-8 text; use "as: base64" for bytes`]);
  });

  test('of a redirect that is not followed is the redirect', async () => {
    const { output, response } = await http.run({ url: `${server.origin}/redirect`, redirect: 'manual' }, testContext());
    expect(output).toBe('');
    expect(response).toMatchObject({ status: 302, headers: { location: '/text' } });
  });
});

describe('an http failure', () => {
  test('of an unexpected status says what was asked, answered and expected', async () => {
    expect(await fail('/not-found?key=abc')).toEqual({
      code: 'HTTP_STATUS',
      message: `GET ${server.origin}/not-found?… answered 404, expected 2xx: {"error":"no such thing"}`,
      status: 404,
      retryable: false,
      known: { response: expect.objectContaining({ status: 404, ok: false }) },
    });
  });

  test('of a status may be a success elsewhere', async () => {
    expect(await fail('/text', { expect: [201] })).toMatchObject({ code: 'HTTP_STATUS', status: 200, retryable: false });
  });

  test.each([
    ['/limited', 429, 7000],
    ['/limited-until', 503, 90_000],
  ])('of %s carries the wait that Retry-After asks for', async (path, status, retryAfterMs) => {
    expect(await fail(path)).toMatchObject({ code: 'HTTP_STATUS', status, retryable: true, retryAfterMs });
  });

  test('of the server is retryable and shows one short line of the body', async () => {
    const { message, retryable } = await fail('/crash');
    expect(retryable).toBe(true);
    expect(message).toMatch(/answered 500, expected 2xx: line one line two x+…$/);
    expect(message.length).toBeLessThan(350);
  });

  test('of another client error is not retryable', async () => {
    expect(await fail('/teapot')).toMatchObject({
      status: 418,
      retryable: false,
      message: `GET ${server.origin}/teapot answered 418, expected 2xx`,
    });
  });

  test('never shows a secret, whole or cut', async () => {
    const context = testContext({ env: { TOKEN: 's3cr3t-token-value' }, secrets: ['TOKEN'] });
    expect((await fail('/leak', {}, context)).message).toContain('bad token [secret TOKEN] yyy');
  });

  test('of a connection is NETWORK and retryable, and names no password', async () => {
    const closed = await openTestServer(() => undefined);
    await closed[Symbol.asyncDispose]();
    const found = await failureOf(http, { url: `${closed.origin.replace('://', '://me:hunter2@')}/x?token=1` });
    expect(found).toMatchObject({ code: 'NETWORK', retryable: true });
    expect(found.message).toMatch(/^GET http:\/\/127\.0\.0\.1:\d+\/x\?… got no answer: .*ECONNREFUSED/);
    expect(found.message).not.toContain('hunter2');
  });

  test('of redirects without end does not list them all', async () => {
    const url = `${server.origin}/round`;
    const fetch = () => Promise.reject(new TypeError(`Too many redirects.${url}, ${url}, ${url}`));
    const context = testContext();
    const found = await failureOf(http, { url }, { ...context, ports: { ...context.ports, fetch } });
    expect(found.message).toBe(`GET ${url} got no answer: too many redirects`);
  });

  test('of a server that hangs up is NETWORK', async () => {
    expect(await fail('/hang-up')).toMatchObject({ code: 'NETWORK', retryable: true });
  });

  test('of a body that breaks off is HTTP_BODY and retryable', async () => {
    expect(await fail('/cut-off')).toMatchObject({ code: 'HTTP_BODY', retryable: true, known: { response: { status: 200 } } });
  });

  test('of JSON that is none shows its beginning', async () => {
    expect(await fail('/broken-json')).toMatchObject({
      code: 'HTTP_BODY',
      retryable: false,
      message: `GET ${server.origin}/broken-json says it is application/json but cannot be parsed: {"a": 1, "b": <html>oops`,
    });
    expect(await fail('/text', { as: 'json' })).toMatchObject({ code: 'HTTP_BODY' });
  });

  test.each(['/bomb/gzip', '/bomb/br', '/bomb/deflate'])(
    'of a body that is larger than 8 MiB once it is unpacked (%s) stops the download',
    async (path) => {
      bombOver = Promise.withResolvers();
      expect(await fail(path)).toMatchObject({ code: 'OUTPUT_TOO_LARGE' });
      await bombOver.promise;
    },
  );

  test('of a body whose compression is none is HTTP_BODY or NETWORK', async () => {
    expect((await fail('/no-gzip')).code).toMatch(/^(?:HTTP_BODY|NETWORK)$/);
  });

  test.each(['/huge', '/huge-stream'])('of a body beyond 8 MiB (%s) stops reading', async (path) => {
    expect(await fail(path)).toMatchObject({
      code: 'OUTPUT_TOO_LARGE',
      message: `GET ${server.origin}${path} has a body of more than 8 MiB`,
    });
  });

  // at its limit: src/runtime/operations/limits.ts MAX_BODY_BYTES
  test('of a body does not come at 8 MiB, or at 6 MiB of bytes, but with one byte more', async () => {
    const MiB = 1024 * 1024;
    expect(await get(`/zeros?${8 * MiB}`)).toHaveLength(8 * MiB);
    expect(await get(`/zeros?${6 * MiB}`, { as: 'base64' })).toHaveLength(8 * MiB);
    expect(await fail(`/zeros?${8 * MiB + 1}`)).toMatchObject({ code: 'OUTPUT_TOO_LARGE' });
    expect(await fail(`/zeros?${6 * MiB + 1}`, { as: 'base64' })).toMatchObject({ code: 'OUTPUT_TOO_LARGE' });
  });

  test('of nesting comes beyond 1,000 levels, before anything is parsed', async () => {
    expect(await get('/lists?1000')).toHaveLength(1);
    expect(await fail('/lists?1001')).toMatchObject({ code: 'OUTPUT_TOO_LARGE', message: expect.stringContaining('1000 levels') });
    // Parsed it would take ten seconds.
    expect(await fail(`/lists?${4 * 1024 * 1024}`)).toMatchObject({ code: 'OUTPUT_TOO_LARGE' });
    expect(await get('/lists?1001', { as: 'text' })).toHaveLength(2_002);
  });

  // at its limit: src/runtime/operations/http/http.ts ERROR_BODY_BYTES
  test('of a status reads no more than 256 KiB for its reason', async () => {
    expect((await fail(`/zeros?${256 * 1024}`, { expect: [404] })).message).toMatch(/answered 200, expected 404: 0+…$/);
    expect(await fail(`/zeros?${256 * 1024 + 1}`, { expect: [404] })).toMatchObject({
      message: expect.stringMatching(/expected 404$/),
      status: 200,
    });
  });

  test('of a refused redirect says where it led, without the query', async () => {
    expect(await fail('/redirect-away', { redirect: 'error' })).toMatchObject({
      code: 'HTTP_STATUS',
      status: 301,
      message: `GET ${server.origin}/redirect-away answered 301 (a redirect to https://elsewhere.example/?…), expected 2xx`,
    });
  });
});

describe('a signal', () => {
  test.each(['/never', '/slow-body'])('cancels a request to %s at once, with its reason', async (path) => {
    expectArrival();
    const controller = new AbortController();
    const failed = fail(path, {}, testContext({ signal: controller.signal }));
    await arrived;
    controller.abort(failure('TIMEOUT', 'the attempt took too long', { retryable: true }));
    expect(await failed).toMatchObject({ code: 'TIMEOUT', message: 'the attempt took too long' });
  });

  test('that fired before sends nothing', async () => {
    const before = server.requests.length;
    expect(await fail('/text', {}, testContext({ signal: AbortSignal.abort('stop') }))).toMatchObject({ code: 'CANCELLED' });
    expect(server.requests.length).toBe(before);
  });

  test('reaches the server: its connection closes', async () => {
    const closed = Promise.withResolvers<void>();
    const own = await openTestServer(async (_request, response) => {
      markArrived();
      await once(response, 'close');
      closed.resolve();
    });
    expectArrival();
    const controller = new AbortController();
    const failed = failureOf(http, { url: own.origin }, testContext({ signal: controller.signal }));
    await arrived;
    controller.abort();
    await failed;
    await closed.promise;
    await own[Symbol.asyncDispose]();
  });
});

describe('readBytes', () => {
  const read = (body: ReadableStream, limit: number, headers = {}) =>
    readBytes(new Response(body, { headers }), limit, new AbortController().signal, 'GET x');
  const pieces = (sizes: readonly number[]) =>
    new ReadableStream({
      start(stream) {
        for (const size of sizes) stream.enqueue(new Uint8Array(size).fill(size));
        stream.close();
      },
    });

  test('gives as many bytes as it may, and fails at one more', async () => {
    expect(await read(pieces([600, 424]), 1024)).toEqual(Uint8Array.from({ length: 1024 }, (_, at) => (at < 600 ? 600 % 256 : 424 % 256)));
    await expect(read(pieces([600, 425]), 1024)).rejects.toMatchObject({ failure: { code: 'OUTPUT_TOO_LARGE' } });
    await expect(read(pieces([1]), 1024, { 'content-length': '1025' })).rejects.toMatchObject({ failure: { code: 'OUTPUT_TOO_LARGE' } });
  });

  test('keeps no piece: bytes that trickle in take no more memory than bytes at once', async () => {
    const shared = new Uint8Array(1);
    let count = 0;
    const trickle = new ReadableStream(
      {
        pull(stream) {
          shared[0] = count;
          count += 1;
          if (count <= 40_000) stream.enqueue(shared);
          else stream.close();
        },
      },
      { highWaterMark: 0 },
    );
    const bytes = await read(trickle, 40_000);
    expect(bytes.every((byte, at) => byte === at % 256)).toBe(true);
    expect(bytes).toHaveLength(40_000);
  });

  test('stops at its signal even when the body knows nothing of it', async () => {
    const cancelled = Promise.withResolvers<unknown>();
    const endless = new ReadableStream({ start: (stream) => stream.enqueue(new Uint8Array([1])), cancel: cancelled.resolve });
    const controller = new AbortController();
    const reading = readBytes(new Response(endless), 10, controller.signal, 'GET x');
    controller.abort(failure('TIMEOUT', 'too slow'));
    await expect(reading).rejects.toMatchObject({ failure: { code: 'TIMEOUT' } });
    await cancelled.promise;
  });
});

describe('config.timeout', () => {
  test('ends a slow request with TIMEOUT', async () => {
    expectArrival();
    const clock = manualClock();
    const failed = fail('/slow-body', { timeout: '5s' }, testContext({ clock }));
    await arrived;
    clock.advance(4999);
    clock.advance(1);
    expect(await failed).toMatchObject({
      code: 'TIMEOUT',
      retryable: true,
      message: `GET ${server.origin}/slow-body took longer than its timeout of 5000 ms`,
    });
  });

  // at its limit: src/runtime/operations/limits.ts MAX_REQUEST_MS
  test('is five minutes when nobody says how long a request may take, and a body that drips is no excuse', async () => {
    expectArrival();
    const clock = manualClock();
    const failed = fail('/slow-body', {}, testContext({ clock }));
    await arrived;
    clock.advance(299_999);
    expect(await Promise.race([failed, new Promise((resolve) => setImmediate(resolve, 'under way'))])).toBe('under way');
    clock.advance(1);
    expect(await failed).toMatchObject({
      code: 'TIMEOUT',
      retryable: true,
      message: `GET ${server.origin}/slow-body took longer than the 300000 ms that a request without a "timeout" may take`,
    });
  });

  test.each(['10m', undefined])('may be longer: of the config (%s), or of what is around it', async (timeout) => {
    expectArrival();
    const clock = manualClock();
    const controller = new AbortController();
    if (timeout === undefined) setDeadline(controller.signal, new AbortController().signal, START + 600_000);
    const failed = fail('/slow-body', timeout === undefined ? {} : { timeout }, testContext({ clock, signal: controller.signal }));
    await arrived;
    clock.advance(599_999);
    controller.abort(failure('CANCELLED', 'the run was cancelled'));
    expect(await failed).toMatchObject({ code: 'CANCELLED' });
  });

  test('does not keep the engine’s signal from cancelling', async () => {
    expectArrival();
    const controller = new AbortController();
    const failed = fail('/slow-body', { timeout: '5s' }, testContext({ signal: controller.signal }));
    await arrived;
    controller.abort(failure('CANCELLED', 'the run was cancelled'));
    expect(await failed).toMatchObject({ code: 'CANCELLED', message: 'the run was cancelled' });
  });

  test('does not touch a request that is in time', async () => {
    expect(await get('/text', { timeout: 50 })).toBe('plain words');
  });
});

describe('an http config', () => {
  const url = 'https://example.com';
  test.each<[string, JsonValue, string]>([
    ['no mapping', 'x', 'http takes a mapping as config, found the text "x"'],
    ['an unknown key', { url, methd: 'GET' }, 'http has no setting "methd"; did you mean "method"?'],
    ['no URL', {}, 'http needs "url" to be a text such as https://api.example.com/items, found nothing'],
    [
      'half a URL',
      { url: '/items' },
      'http needs "url" to be a complete address such as https://api.example.com/items, found the text "/items"',
    ],
    ['another scheme', { url: 'file:///etc/passwd' }, 'http sends to http: and https: addresses only, found "file:"'],
    [
      'another method',
      { url, method: 'FETCH' },
      'http needs "method" to be one of GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS, found the text "FETCH"',
    ],
    ['a GET with a body', { url, method: 'GET', body: 'x' }, 'http cannot send a "body" with GET; use POST, PUT or PATCH'],
    [
      'a line break in a header',
      { url, headers: { 'x-a': 'b\r\nx-evil: 1' } },
      'http has a line break or another character in the header "x-a" that headers cannot carry',
    ],
    ...['Host', 'content-length', 'Transfer-Encoding', 'connection', 'upgrade', 'TE', 'expect'].map((name): [string, JsonValue, string] => [
      `the header ${name}`,
      { url, headers: { [name]: '1' } },
      `http sets the header "${name}" by itself; leave it out`,
    ]),
    ...['b\nc', 'b\rc', 'b\r\n\tfolded', 'b\u0000c', 'b\u007fc', 'b\u2028c', 'b\ud800c', 'b\u0130c'].map(
      (value): [string, JsonValue, string] => [
        `the header value ${JSON.stringify(value)}`,
        { url, headers: { 'x-a': value } },
        'http has a line break or another character in the header "x-a" that headers cannot carry',
      ],
    ),
    ['an empty header name', { url, headers: { '': '1' } }, 'http has a header name that is not allowed: ""'],
    ['a header name with a line break', { url, headers: { 'a\r\nb': '1' } }, 'http has a header name that is not allowed: "a\\r\\nb"'],
    ['a header name of other letters', { url, headers: { ｈost: '1' } }, 'http has a header name that is not allowed: "ｈost"'],
    ['a header name with a colon', { url, headers: { 'x-a: b': '1' } }, 'http has a header name that is not allowed: "x-a: b"'],
    ['an object as header', { url, headers: { 'x-a': {} } }, 'http needs the header "x-a" to be a text, found an empty object'],
    ['a list of headers', { url, headers: ['a'] }, 'http needs "headers" to be a mapping, found a list of 1'],
    [
      'an odd status',
      { url, expect: [20] },
      'http needs "expect" to be a status or a list of statuses such as [200, 404] or [2xx], found a list of 1',
    ],
    [
      'an odd timeout',
      { url, timeout: 'soon' },
      'http needs "timeout" to be a duration such as 30s, or a number of milliseconds, found the text "soon"',
    ],
    ['an odd format', { url, as: 'jsn' }, 'http needs "as" to be one of json, text, base64 (did you mean json?), found the text "jsn"'],
  ])('with %s is CONFIG_INVALID', async (_case, config, message) => {
    expect(await failureOf(http, config)).toEqual({ code: 'CONFIG_INVALID', message, retryable: false });
  });

  test('may hold what the engine reads', async () => {
    expect(await get('/text', { reject_tainted: true, timeout: null })).toBe('plain words');
  });
});
