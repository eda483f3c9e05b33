import { describe, expect, test } from 'vitest';
import { FailureError } from '../../../src/runtime/failure.ts';
import { createNetworkPolicy } from '../../../src/runtime/network/network-policy.ts';
import { type OutgoingRequest, sendRequest } from '../../../src/runtime/network/send-request.ts';

interface Sent {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Sends a request to servers that answer with a redirect where `targets` has one for the URL. */
async function send(
  given: Partial<OutgoingRequest> & { readonly to: string },
  targets: Readonly<Record<string, string | [number, string]>>,
  policy = '*',
) {
  const sent: Sent[] = [];
  const { to, ...rest } = given;
  const holdsSecret = (text: string) => text.includes('s3cr3t');
  const outgoing = { url: new URL(to), method: 'GET', headers: new Headers(), body: undefined, follow: true, holdsSecret, ...rest };
  const fetch = async (request: Request) => {
    sent.push({ url: request.url, method: request.method, headers: Object.fromEntries(request.headers), body: await request.text() });
    const target = targets[request.url];
    const [status, location] = typeof target === 'string' ? [302, target] : (target ?? [200, '']);
    return new Response(null, { status, headers: location === '' ? {} : { location } });
  };
  const outcome = await sendRequest(outgoing, { fetch, network: createNetworkPolicy(policy) }, new AbortController().signal).catch(
    (error: unknown) => error,
  );
  return { sent, outcome };
}

const refusal = (outcome: unknown) => (outcome instanceof FailureError ? outcome.failure : outcome);

describe('a redirect', () => {
  test('is followed to where it leads, relative to where it stands', async () => {
    const { sent, outcome } = await send(
      { to: 'https://a.example/x/y#part' },
      { 'https://a.example/x/y': '../z', 'https://a.example/z': '//b.example/' },
    );
    expect(sent.map(({ url }) => url)).toEqual(['https://a.example/x/y', 'https://a.example/z', 'https://b.example/']);
    expect(outcome).toMatchObject({ url: new URL('https://b.example/') });
  });

  test.each([
    [301, 'POST', 'GET'],
    [302, 'POST', 'GET'],
    [303, 'PUT', 'GET'],
    [301, 'PUT', 'PUT'],
    [307, 'POST', 'POST'],
    [308, 'DELETE', 'DELETE'],
    [303, 'HEAD', 'HEAD'],
  ])('with %i makes of %s a %s', async (status, method, expected) => {
    const headers = new Headers({ 'content-type': 'text/plain', 'x-mine': 'yes' });
    const body = method === 'HEAD' ? undefined : 'text';
    const { sent } = await send({ to: 'https://a.example/', method, headers, body }, { 'https://a.example/': [status, '/next'] });
    const kept = expected === method && method !== 'HEAD';
    expect(sent[1]).toMatchObject({ method: expected, body: kept ? 'text' : '', headers: { 'x-mine': 'yes' } });
    expect(sent[1]?.headers['content-type']).toBe(kept || method === 'HEAD' ? 'text/plain' : undefined);
  });

  test.each([
    'authorization',
    'cookie',
    'x-api-key',
    'proxy-authorization',
    'private-token',
    'x-auth-token',
    'x-amz-security-token',
    'x-mine',
  ])('to another origin carries no %s, and does not get it back', async (name) => {
    const { sent } = await send(
      { to: 'https://a.example/', headers: new Headers({ [name]: 'v', accept: 'text/plain' }) },
      {
        'https://a.example/': '/same',
        'https://a.example/same': 'http://a.example/plain',
        'http://a.example/plain': 'https://a.example/end',
      },
    );
    expect(sent.map(({ headers }) => Object.hasOwn(headers, name))).toEqual([true, true, false, false]);
    expect(sent.at(-1)?.headers.accept).toBe('text/plain');
  });

  test.each([
    'https://a.example:8443/',
    'https://www.a.example/',
    'https://a.example.evil.example/',
    '//b.example/',
    '\\\\b.example/',
    'http://a.example/',
  ])('to %s leaves its origin', async (target) => {
    const { sent } = await send({ to: 'https://a.example/', headers: new Headers({ 'x-mine': 'v' }) }, { 'https://a.example/': target });
    expect(sent[1]?.headers).not.toHaveProperty('x-mine');
  });

  test.each(['https://a.example:443/', 'https://A.example/', '//a.example/', '\\other'])('to %s stays there', async (target) => {
    const { sent } = await send({ to: 'https://a.example/', headers: new Headers({ 'x-mine': 'v' }) }, { 'https://a.example/': target });
    expect(sent[1]?.headers).toHaveProperty('x-mine');
  });

  test('to another origin carries no secret, wherever it stands', async () => {
    const headers = new Headers({ accept: 'text/plain', 'user-agent': 'me/s3cr3t' });
    const { sent } = await send({ to: 'https://a.example/', headers }, { 'https://a.example/': 'https://b.example/' });
    expect(sent[1]?.headers).toEqual({ accept: 'text/plain' });
  });

  test.each([
    ['a secret in its body, to another origin', 's3cr3t', 'https://a.example/', 'https://b.example/', 'secret'],
    ['a body, from https to http', 'plain', 'https://a.example/', 'http://a.example/', 'without encryption'],
  ])('with %s is refused', async (_what, body, from, target, why) => {
    const { sent, outcome } = await send({ to: from, method: 'POST', body }, { [from]: [307, target] });
    expect(refusal(outcome)).toMatchObject({ code: 'ADDRESS_REFUSED', message: expect.stringContaining(why) });
    expect(JSON.stringify(refusal(outcome))).not.toContain('s3cr3t');
    expect(sent).toHaveLength(1);
  });

  test.each([
    ['within its origin', 's3cr3t', 'https://a.example/', '/next', 307],
    ['to another origin without a secret', 'plain', 'https://a.example/', 'https://b.example/', 308],
    ['from http to https', 'plain', 'http://a.example/', 'https://a.example/', 307],
  ] as const)('carries a body %s', async (_what, body, from, target, status) => {
    expect((await send({ to: from, method: 'POST', body }, { [from]: [status, target] })).sent[1]).toMatchObject({ method: 'POST', body });
  });

  test('that makes a GET carries no body anywhere', async () => {
    const { sent } = await send(
      { to: 'https://a.example/', method: 'POST', body: 's3cr3t' },
      { 'https://a.example/': 'http://b.example/' },
    );
    expect(sent[1]).toMatchObject({ method: 'GET', body: '' });
  });

  test('of a Refresh header is none', async () => {
    const refresh = { refresh: '0; url=http://127.0.0.1/' };
    const fetch = async () => new Response('page', { headers: refresh });
    const outgoing = { url: new URL('https://a.example/'), method: 'GET', headers: new Headers(), body: undefined, follow: true };
    const sent = await sendRequest({ ...outgoing, holdsSecret: () => false }, { fetch }, new AbortController().signal);
    expect(sent.url.href).toBe('https://a.example/');
  });

  // at its limit: src/runtime/network/send-request.ts MAX_REDIRECTS
  test('is followed twenty times, and not once more', async () => {
    const chain = (length: number) => Object.fromEntries(Array.from({ length }, (_, at) => [`https://a.example/${at}`, `/${at + 1}`]));
    const { outcome } = await send({ to: 'https://a.example/0' }, chain(20));
    expect(outcome).toMatchObject({ url: new URL('https://a.example/20') });
    expect((await send({ to: 'https://a.example/0' }, chain(21))).outcome).toBeInstanceOf(TypeError);
  });

  test('is not followed without end', async () => {
    const { sent, outcome } = await send({ to: 'https://a.example/' }, { 'https://a.example/': '/' });
    expect(outcome).toEqual(new TypeError('Too many redirects'));
    expect(sent).toHaveLength(21);
  });

  test('is the answer where it is not to be followed, and where it leads nowhere', async () => {
    const manual = await send({ to: 'https://a.example/', follow: false }, { 'https://a.example/': '/next' });
    expect([manual.sent.length, manual.outcome]).toMatchObject([1, { response: { status: 302 } }]);
    const nowhere = await send({ to: 'https://a.example/' }, { 'https://a.example/': [302, ''] });
    expect([nowhere.sent.length, nowhere.outcome]).toMatchObject([1, { response: { status: 302 } }]);
  });

  test.each(['file:///etc/passwd', 'data:text/plain,x', 'https://me:password@b.example/', 'javascript:0', 'https://', 'http://[::1'])(
    'to %s is refused',
    async (target) => {
      const { sent, outcome } = await send({ to: 'https://a.example/' }, { 'https://a.example/': target });
      expect(refusal(outcome)).toMatchObject({ code: 'ADDRESS_REFUSED', retryable: false });
      expect(JSON.stringify(refusal(outcome))).not.toContain('password@');
      expect(sent).toHaveLength(1);
    },
  );
});

describe('an address that the host refuses', () => {
  test('is not sent to', async () => {
    const { sent, outcome } = await send({ to: 'http://169.254.169.254/latest?token=1' }, {}, '');
    expect(refusal(outcome)).toEqual({
      code: 'ADDRESS_REFUSED',
      message: 'GET http://169.254.169.254/latest?… is not sent: its host is a private or special address',
      retryable: false,
    });
    expect(sent).toEqual([]);
  });

  test('is not reached by a redirect either, however late', async () => {
    const targets = { 'https://a.example/': 'https://b.example/', 'https://b.example/': 'http://2130706433/admin' };
    const { sent, outcome } = await send({ to: 'https://a.example/' }, targets, '');
    expect(refusal(outcome)).toMatchObject({
      code: 'ADDRESS_REFUSED',
      message:
        'GET https://a.example/ is redirected to http://127.0.0.1/admin, which is not followed: its host is a private or special address',
    });
    expect(sent.map(({ url }) => url)).toEqual(['https://a.example/', 'https://b.example/']);
  });

  test.each([
    ['10.0.0.5', 'http://10.0.0.5:9000/'],
    ['db.internal:8080, *.corp', 'http://db.internal:8080/'],
    ['*.corp', 'https://deep.api.corp/'],
    ['[::1]', 'http://[::1]:3000/'],
    ['*', 'http://127.0.0.1/'],
  ])('may be an exception: %s', async (exceptions, to) => {
    expect((await send({ to }, {}, exceptions)).sent).toHaveLength(1);
  });

  test.each([
    ['10.0.0.5:80', 'http://10.0.0.5:9000/'],
    ['*.corp', 'https://corp/'],
    ['internal', 'http://db.internal/'],
    ['**', 'http://127.0.0.1/'],
    ['', 'http://localhost/'],
  ])('is none by %j', async (exceptions, to) => {
    expect((await send({ to }, {}, exceptions)).sent).toHaveLength(0);
  });
});
