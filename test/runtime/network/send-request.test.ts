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
  const outgoing = { url: new URL(to), method: 'GET', headers: new Headers(), body: undefined, follow: true, ...rest };
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

  test('to another origin carries no credentials, and does not get them back', async () => {
    const secret = { authorization: 'Bearer x', cookie: 'a=b', 'x-api-key': 'k', 'proxy-authorization': 'p' };
    const { sent } = await send(
      { to: 'https://a.example/', headers: new Headers({ ...secret, 'x-mine': 'yes' }) },
      {
        'https://a.example/': '/same',
        'https://a.example/same': 'http://a.example/plain',
        'http://a.example/plain': 'https://a.example/end',
      },
    );
    expect(sent.map(({ headers }) => Object.keys(headers).filter((name) => Object.hasOwn(secret, name)).length)).toEqual([4, 4, 0, 0]);
    expect(sent.at(-1)?.headers['x-mine']).toBe('yes');
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
