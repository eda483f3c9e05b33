import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DeployedWorker, openDeployed } from '../../support/deployed-worker.ts';
import { fc } from '../../support/fast-check.ts';

const TOKEN = 'a-token-of-some-length';
const BEARER = { authorization: `Bearer ${TOKEN}` };
const AUTH = "auth: { type: bearer, secret: '${env.TOKEN}' }";

/** Gives back what its run was started with. */
const ECHO = `
ensemble: echo
agents:
  - name: all
    operation: transform
    config: { value: { input: '\${input}', trigger: '\${trigger}' } }
output: { input: '\${all.output.input}', trigger: '\${all.output.trigger}', tainted: '\${all.tainted}' }
trigger:
  - { type: http, path: '/echo/:id', methods: [GET, PUT, POST, DELETE], ${AUTH} }
  - { type: http, path: /echo/new, methods: [POST], ${AUTH} }
  - { type: http, path: '/files/*', methods: [GET], ${AUTH} }
`;

const DECLARED = `
ensemble: declared
input:
  query: string
  limit: { type: integer, default: 10 }
  id: { type: integer }
agents:
  - name: all
    operation: transform
    config: { value: '\${input}' }
trigger:
  - { type: http, path: '/search/:id', methods: [GET, POST], ${AUTH} }
`;

const ANSWERS = `
ensemble: answers
agents:
  - name: fetched
    operation: transform
    config: { value: 'done' }
output:
  - when: \${input.kind == 'created'}
    status: 201
    headers: { location: '/orders/\${input.id}', x-list: [a, b] }
    body: { id: '\${input.id}' }
  - when: \${input.kind == 'html'}
    headers: { content-type: text/html }
    body: '<p>hello</p>'
  - when: \${input.kind == 'empty'}
    status: 204
    body: nobody sees this
  - when: \${input.kind == 'header'}
    headers: { x-given: '\${input.value}' }
    body: ok
  - when: \${input.kind == 'cookie'}
    headers: { Set-Cookie: a=b }
    body: ok
  - when: \${input.kind == 'status'}
    status: \${input.status}
    body: ok
  - status: 404
    body: no such kind
trigger:
  - { type: http, path: /answers, ${AUTH} }
`;

const ENDS = `
ensemble: ends
agents:
  - name: maybe
    condition: \${input.fail}
    operation: assert
    config: { that: false, message: 'the secret plan' }
  - name: pause
    condition: \${input.wait}
    operation: wait
    config: { for: 1h }
output: \${input.output}
trigger:
  - { type: http, path: /ends, ${AUTH} }
`;

const OPEN = `
ensemble: open
agents:
  - { name: hello, operation: transform, config: { value: hello } }
trigger:
  - { type: http, path: /open, methods: [GET], public: true }
  - { type: http, path: /shared, methods: [GET, POST], public: true, cors: [https://app.example.com] }
  - { type: http, path: /anyone, methods: [GET, HEAD], public: true, cors: true }
  - { type: http, path: /basic, methods: [GET, POST], auth: { type: basic, secret: '\${env.USER}:\${env.PASSWORD}' } }
  - { type: http, path: /basic-shared, methods: [POST], auth: { type: basic, secret: '\${env.USER}:\${env.PASSWORD}' }, cors: ['https://app.example.com'] }
  - { type: http, path: /unset, auth: { type: bearer, secret: '\${env.NOWHERE}' } }
  - { type: http, path: /short, auth: { type: bearer, secret: '\${env.SHORT}' } }
`;

/** What http triggers do, whoever made the Worker. */
export function httpTriggersSuite(open: typeof openDeployed): void {
  let worker: DeployedWorker;
  beforeAll(async () => {
    worker = await open({
      files: {
        'ensembles/echo.yaml': ECHO,
        'ensembles/declared.yaml': DECLARED,
        'ensembles/answers.yaml': ANSWERS,
        'ensembles/ends.yaml': ENDS,
        'ensembles/nested/open.yaml': OPEN,
      },
      vars: { TOKEN, USER: 'ada', PASSWORD: 'päss:word', SHORT: 'short' },
    });
  });
  afterAll(() => worker[Symbol.asyncDispose]());

  const post = (path: string, body: unknown, headers: Readonly<Record<string, string>> = BEARER) =>
    worker.fetch(path, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) });
  const echo = async (path: string, init: RequestInit = {}) => {
    const response = await worker.fetch(path, { ...init, headers: { ...BEARER, ...(init.headers as Record<string, string>) } });
    expect(response.status).toBe(200);
    return (await response.json()) as { input: Record<string, unknown>; trigger: Record<string, unknown> };
  };

  describe('the input of a run', () => {
    test('is method, path, params, query, headers and body, and the fields of params, body and query beside them', async () => {
      const { input, trigger } = await echo('/echo/7?a=1&b=query&c=x&c=y', {
        method: 'PUT',
        headers: { 'content-type': 'application/json', 'x-mine': 'yes' },
        body: JSON.stringify({ b: 'body', id: 'forged', d: { deep: true }, method: 'forged' }),
      });
      expect(input).toMatchObject({
        method: 'PUT',
        path: '/echo/7',
        params: { id: '7' },
        query: { a: '1', b: 'query', c: ['x', 'y'] },
        body: { b: 'body', id: 'forged', d: { deep: true }, method: 'forged' },
        ...{ a: '1', b: 'body', c: ['x', 'y'], d: { deep: true }, id: '7' },
      });
      expect((input.headers as Record<string, string>)['x-mine']).toBe('yes');
      const { a, b, c, d, id, ...facts } = input;
      expect(trigger).toEqual({ type: 'http', ...facts });
    });

    test('shows the run no credentials', async () => {
      const { input, trigger } = await echo('/echo/7', { headers: { cookie: 'session=1', 'x-api-key': 'k', 'ensemble-signature': 's' } });
      for (const headers of [input.headers, trigger.headers])
        expect(Object.keys(headers as object)).not.toEqual(
          expect.arrayContaining([expect.stringMatching(/authorization|cookie|key|signature/)]),
        );
    });

    test('has the types that the ensemble declares for what a URL or a form can only write as text', async () => {
      const asked = await echo('/search/12?limit=5&query=shoes');
      expect(asked).toMatchObject({ id: 12, limit: 5, query: 'shoes' });
      const form = await echo('/search/12', {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: 'limit=7&query=5',
      });
      expect(form).toMatchObject({ id: 12, limit: 7, query: '5', body: { limit: '7', query: '5' } });
    });

    test('has what a declared field of one of the six names says: a field of the request, or what the request has under that name', async () => {
      const asked = await echo('/search/12?limit=5', { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'shoes' });
      expect(asked).toMatchObject({ id: 12, limit: 5, method: 'POST', path: '/search/12', body: 'shoes' });
      // Declared as a text, and so not what the request has under that name.
      expect(asked).not.toHaveProperty('query');
      expect(await echo('/search/12?params=mine&query=x')).toMatchObject({ params: { id: '12' }, query: 'x' });
    });

    test('is the text of a text body, and has no body where the request has none', async () => {
      const text = await echo('/echo/1', { method: 'POST', headers: { 'content-type': 'text/plain; charset=UTF-8' }, body: 'grüezi' });
      expect(text.input.body).toBe('grüezi');
      expect((await echo('/echo/1')).input).not.toHaveProperty('body');
    });

    test('has keys such as __proto__ as plain data', async () => {
      const { input } = await echo('/echo/1?constructor=q', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"__proto__": {"polluted": true}}',
      });
      expect(Object.hasOwn(input, '__proto__')).toBe(true);
      expect(input.constructor).toBe('q');
      expect(input.polluted).toBeUndefined();
    });
  });

  describe('a path', () => {
    test('that says more wins over one that says less', async () => {
      expect((await echo('/echo/new', { method: 'POST' })).input.params).toEqual({});
      expect((await echo('/echo/new')).input.params).toEqual({ id: 'new' });
    });

    test.each([
      ['/echo/a%2Fb', { id: 'a/b' }],
      ['/echo/%C3%A9/', { id: 'é' }],
      ['/echo/%00', { id: '\u0000' }],
      ['/files/a/b%20c', { '*': 'a/b c' }],
    ])('%s is decoded part by part', async (path, params) => {
      expect((await echo(path)).input.params).toEqual(params);
    });

    test.each(['/echo', '/echo//', '/echo/1/2', '/ECHO/1', '/echo/%zz', '/echo/%E0%A4', '/%65cho%2F1', '/files', '/files/'])(
      '%s is the path of no trigger',
      async (path) => {
        expect((await worker.fetch(path, { headers: BEARER })).status).toBe(404);
      },
    );

    test('answers other methods with 405 and the ones that it has', async () => {
      const refused = await worker.fetch('/echo/7', { method: 'PATCH', headers: BEARER });
      expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'GET, PUT, POST, DELETE']);
      expect((await worker.fetch('/open', { method: 'HEAD' })).status).toBe(405);
      expect((await worker.fetch('/open', { method: 'OPTIONS' })).status).toBe(405);
    });
  });

  describe('the answer', () => {
    test('is the output as JSON, and none where there is none', async () => {
      const response = await post('/ends', { output: { a: 1 } });
      expect([response.status, response.headers.get('content-type'), await response.json()]).toEqual([200, 'application/json', { a: 1 }]);
      expect(response.headers.get('cache-control')).toBe('no-store');
      const empty = await post('/ends', {});
      expect([empty.status, await empty.text()]).toEqual([204, '']);
    });

    test('to HEAD, where a trigger has it, is that to GET without the body', async () => {
      const response = await worker.fetch('/anyone', { method: 'HEAD' });
      expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([200, 'application/json', '']);
    });

    test('is the response block that fits, with its status, headers and body', async () => {
      const created = await post('/answers', { kind: 'created', id: 'o1' });
      expect([created.status, await created.json()]).toEqual([201, { id: 'o1' }]);
      expect([created.headers.get('location'), created.headers.get('x-list')]).toEqual(['/orders/o1', 'a, b']);
      const html = await post('/answers', { kind: 'html' });
      expect([html.headers.get('content-type'), await html.text()]).toEqual(['text/html', '<p>hello</p>']);
      expect(html.headers.get('x-content-type-options')).toBe('nosniff');
      const empty = await post('/answers', { kind: 'empty' });
      expect([empty.status, await empty.text()]).toEqual([204, '']);
      const other = await post('/answers', {});
      expect([other.status, other.headers.get('content-type'), await other.text()]).toEqual([
        404,
        'text/plain; charset=utf-8',
        'no such kind',
      ]);
    });

    test.each([
      ['a line break in a header', { kind: 'header', value: 'a\r\nset-cookie: b=c' }],
      ['a cookie', { kind: 'cookie' }],
      ['a status that none can have', { kind: 'status', status: 101 }],
    ])('with %s is refused', async (_what, body) => {
      const response = await post('/answers', body);
      expect(response.status).toBe(500);
      expect(response.headers.get('set-cookie')).toBeNull();
      expect(await response.json()).toMatchObject({ code: 'run-failed', failure: { code: 'CONFIG_INVALID' } });
    });

    test('to a run that failed is a problem with its code and its id, and without what the failure tells', async () => {
      const response = await post('/ends', { fail: true });
      const text = await response.text();
      expect([response.status, response.headers.get('content-type')]).toEqual([500, 'application/problem+json']);
      expect(JSON.parse(text)).toMatchObject({
        code: 'run-failed',
        failure: { code: 'ASSERTION' },
        run: expect.stringMatching(/^\w{26}$/),
      });
      expect(text).not.toContain('plan');
    });

    test('comes at once where the caller prefers not to wait, and in time where it waits for a part of the time', async () => {
      for (const prefer of ['respond-async', 'wait=0', 'wait=1']) {
        const response = await post('/ends', { wait: true }, { ...BEARER, prefer });
        const { run, links } = (await response.json()) as { run: string; links: { self: string } };
        expect(response.status).toBe(202);
        expect(response.headers.get('preference-applied')).toBe(prefer);
        expect(response.headers.get('location')).toBe(`/api/v1/runs/${run}`);
        expect(links.self).toBe(`/api/v1/runs/${run}`);
      }
    });
  });

  describe('a bad request', () => {
    const send = (headers: Readonly<Record<string, string>>, body: string | Uint8Array<ArrayBuffer>) =>
      worker.fetch('/echo/1', { method: 'POST', headers: { ...BEARER, ...headers }, body });
    const json = { 'content-type': 'application/json' };

    test.each([
      ['JSON that is none', 400, json, '{"a": '],
      ['JSON with something behind it', 400, json, '{} x'],
      ['a key that comes twice', 400, json, '{"a": 1, "a": 2}'],
      ['JSON that is nested too deeply', 400, json, '['.repeat(5_000) + ']'.repeat(5_000)],
      ['bytes that are no UTF-8', 400, json, new Uint8Array([0x22, 0xff, 0x22])],
      ['a type that is not taken', 415, { 'content-type': 'application/octet-stream' }, 'x'],
      ['a type that is not taken', 415, { 'content-type': 'multipart/form-data; boundary=x' }, '--x--'],
      ['a charset that is not taken', 415, { 'content-type': 'text/plain; charset=utf-16' }, 'x'],
      ['a compressed body', 415, { ...json, 'content-encoding': 'br' }, '{}'],
      ['a body that is too large', 413, json, JSON.stringify('x'.repeat(2 * 1024 * 1024))],
    ] as const)('with %s gets %i', async (_what, status, headers, body) => {
      const response = await send(headers, body);
      expect([response.status, response.headers.get('content-type')]).toEqual([status, 'application/problem+json']);
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    });

    // at its limit: src/worker/triggers/http.ts MAX_PAYLOAD
    test('is none as long as it stays within what is taken', async () => {
      const form = { 'content-type': 'application/x-www-form-urlencoded' };
      const fits = `{"a":"${'\\"'.repeat(1024 * 1024 - 4)}"}`;
      expect(fits).toHaveLength(2 * 1024 * 1024);
      expect((await send(json, fits)).status).toBe(200);
      expect((await send(json, `${fits} `)).status).toBe(413);
      expect((await send(form, 'a=1&'.repeat(10_000))).status).toBe(200);
      expect((await send(form, 'a=1&'.repeat(10_001))).status).toBe(413);
      expect((await send(json, `${'['.repeat(990)}${']'.repeat(990)}`)).status).toBe(200);
      // Within the input it is a level too deep.
      expect((await send(json, `${'['.repeat(1_000)}${']'.repeat(1_000)}`)).status).toBe(422);
      expect((await send(json, `${'['.repeat(1_001)}${']'.repeat(1_001)}`)).status).toBe(400);
    });

    test('does not become another one by what it says of itself', async () => {
      const headers = { 'x-http-method-override': 'DELETE', 'x-original-url': '/ends', 'x-forwarded-host': 'evil.example' };
      const { input } = await echo('/echo/1', { method: 'POST', headers: { ...headers, 'content-type': 'text/plain' }, body: 'x' });
      expect(input).toMatchObject({ method: 'POST', path: '/echo/1' });
    });

    test('of any kind gets an answer that is no defect', async () => {
      const method = fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS');
      const path = fc.oneof(
        fc.webPath(),
        fc.webPath().map((tail) => `/echo${tail}`),
        fc.webPath().map((tail) => `/files${tail}`),
      );
      const type = fc.constantFrom('application/json', 'text/plain', 'application/x-www-form-urlencoded', 'text/\\', ';');
      await fc.assert(
        fc.asyncProperty(method, path, fc.webQueryParameters(), type, fc.string(), async (method, path, query, type, body) => {
          const init = { method, headers: { ...BEARER, 'content-type': type }, ...(/GET|HEAD/.test(method) ? {} : { body }) };
          const { status } = await worker.fetch(`/${path.replace(/^\/+/, '')}?${query}`, init);
          expect([200, 204, 400, 404, 405, 415]).toContain(status);
        }),
        { numRuns: 100 },
      );
    });

    test('with an input that the ensemble does not take gets 422, and says which field', async () => {
      const response = await worker.fetch('/search/seven', { headers: BEARER });
      expect(response.status).toBe(422);
      expect(await response.json()).toMatchObject({
        code: 'invalid-input',
        errors: expect.arrayContaining([expect.objectContaining({ path: 'id' })]),
      });
    });
  });

  describe('credentials', () => {
    test.each([
      ['none', {}],
      ['a wrong token', { authorization: 'Bearer a-token-of-other-length' }],
      ['a part of the token', { authorization: `Bearer ${TOKEN.slice(0, -1)}` }],
      ['more than the token', { authorization: `Bearer ${TOKEN}x` }],
      ['the token in another scheme', { authorization: `Basic ${btoa(TOKEN)}` }],
      ['the token without a scheme', { authorization: TOKEN }],
      ['an empty token', { authorization: 'Bearer ' }],
    ])('%s: 401', async (_what, headers) => {
      const response = await post('/ends', {}, headers);
      expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
      expect(await response.text()).not.toContain(TOKEN);
    });

    test('none of the triggers that ask for them answers without, by any method', async () => {
      const files = { ECHO, DECLARED, ANSWERS, ENDS, OPEN };
      const guarded = Object.values(files).flatMap((text) =>
        [...text.matchAll(/path: '?([^,']+)'?, (?!.*public: true)/g)].map(([, path = '']) => path),
      );
      expect(guarded).toHaveLength(10);
      for (const path of guarded) {
        for (const method of ['GET', 'PUT', 'POST', 'DELETE', 'HEAD', 'OPTIONS', 'PATCH']) {
          const response = await worker.fetch(path.replace(/:\w+|\*/g, 'x'), { method });
          expect([401, 405, 503]).toContain(response.status);
          expect(response.headers.has('location')).toBe(false);
        }
      }
    });

    test('a scheme is read in any case', async () => {
      expect((await post('/ends', {}, { authorization: `bearer ${TOKEN}` })).status).toBe(204);
    });

    test('user and password are both compared, in UTF-8 and with a colon in the password', async () => {
      const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });
      expect((await post('/basic', {}, basic('ada:päss:word'))).status).toBe(200);
      for (const wrong of ['ada:other-word', 'eve:päss:word', 'ada', ':päss:word', 'ada:päss:word:']) {
        const response = await post('/basic', {}, basic(wrong));
        expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Basic realm="ensemble", charset="UTF-8"']);
      }
      expect((await post('/basic', {}, { authorization: 'Basic *' })).status).toBe(401);
    });

    test('a page of another origin cannot use the password that a browser keeps', async () => {
      const authorization = `Basic ${Buffer.from('ada:päss:word').toString('base64')}`;
      expect((await post('/basic', {}, { authorization, origin: 'https://evil.example' })).status).toBe(403);
      expect((await post('/basic', {}, { authorization, origin: 'https://ensemble.test' })).status).toBe(200);
      // What `cors` names is allowed, and nothing else; "null" is every page in a sandbox.
      expect((await post('/basic-shared', {}, { authorization, origin: 'https://app.example.com' })).status).toBe(200);
      for (const origin of ['null', '*', 'https://evil.example', 'https://ensemble.test.evil.example', 'http://ensemble.test'])
        expect((await post('/basic-shared', {}, { authorization, origin })).status).toBe(403);
      // Of what a page shows or leads to, no origin is named.
      const shown = async (site: string) =>
        (await worker.fetch('/basic', { headers: { authorization, 'sec-fetch-site': site, 'sec-fetch-mode': 'no-cors' } })).status;
      expect([await shown('cross-site'), await shown('same-site')]).toEqual([403, 403]);
      expect([await shown('same-origin'), await shown('none')]).toEqual([200, 200]);
    });

    test.each(['/unset', '/short'])('a secret that protects nothing lets nobody in: %s', async (path) => {
      for (const token of ['', 'short', 'undefined', 'null']) {
        const response = await post(path, {}, { authorization: `Bearer ${token}` });
        expect(response.status).toBe(503);
        expect(await response.text()).not.toMatch(/SHORT|NOWHERE|env/);
      }
    });

    test('are looked at before the body', async () => {
      expect((await worker.fetch('/ends', { method: 'POST', body: '{', headers: { 'content-type': 'application/json' } })).status).toBe(
        401,
      );
    });

    test('are not needed where the trigger is public', async () => {
      const response = await worker.fetch('/open');
      expect([response.status, await response.json()]).toEqual([200, 'hello']);
    });
  });

  describe('pages of other origins', () => {
    const origin = 'https://app.example.com';
    const preflight = (path: string, headers: Readonly<Record<string, string>>) =>
      worker.fetch(path, { method: 'OPTIONS', headers: { 'access-control-request-method': 'POST', ...headers } });
    const allowed = ({ headers }: Response) => headers.get('access-control-allow-origin');

    test('may ask where `cors` names their origin, exactly', async () => {
      const response = await preflight('/shared', { origin, 'access-control-request-headers': 'content-type, x-mine' });
      expect(response.status).toBe(204);
      expect(Object.fromEntries(response.headers)).toMatchObject({
        'access-control-allow-origin': origin,
        'access-control-allow-methods': 'GET, POST',
        'access-control-allow-headers': 'content-type, x-mine',
        vary: 'Origin, Access-Control-Request-Headers',
      });
      expect(response.headers.has('access-control-allow-credentials')).toBe(false);
      for (const other of ['https://app.example.com.evil.example', 'http://app.example.com', 'https://app.example.com:8443', 'null'])
        expect([(await preflight('/shared', { origin: other })).status, allowed(await preflight('/shared', { origin: other }))]).toEqual([
          403,
          null,
        ]);
    });

    test('get answers that they may read, and others that they may not', async () => {
      const answer = await worker.fetch('/shared', { headers: { origin } });
      expect([allowed(answer), answer.headers.get('vary')]).toEqual([origin, 'Origin']);
      const foreign = await worker.fetch('/shared', { headers: { origin: 'https://evil.example' } });
      expect([allowed(foreign), foreign.headers.get('vary')]).toEqual([null, 'Origin']);
      const anyone = await worker.fetch('/anyone', { headers: { origin: 'https://evil.example' } });
      expect([allowed(anyone), anyone.headers.has('access-control-allow-credentials')]).toEqual(['*', false]);
    });

    test('are not told anything where nothing is declared', async () => {
      expect(allowed(await worker.fetch('/open', { headers: { origin } }))).toBeNull();
      expect((await preflight('/ends', { origin })).status).toBe(405);
    });

    test('may read problems as well', async () => {
      const response = await worker.fetch('/shared', {
        method: 'POST',
        headers: { origin, 'content-type': 'application/octet-stream' },
        body: 'x',
      });
      expect([response.status, allowed(response)]).toEqual([415, origin]);
    });
  });
}
