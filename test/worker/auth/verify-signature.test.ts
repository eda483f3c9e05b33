import { createHmac, timingSafeEqual } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { verifySignature } from '../../../src/worker/auth/verify-signature.ts';
import { fc } from '../../support/fast-check.ts';

// Only workerd has it.
Object.defineProperty(crypto.subtle, 'timingSafeEqual', { value: timingSafeEqual });

const SECRET = 'a-secret-of-some-length';
const NOW = Date.UTC(2026, 10, 21);
const SECONDS = String(NOW / 1000);
const encoder = new TextEncoder();

const hmac = (key: string | Buffer, ...parts: readonly (string | Uint8Array)[]) => {
  const signed = createHmac('sha256', key);
  for (const part of parts) signed.update(part);
  return signed;
};

/** One sender of each kind: what it sends with a body, at a time. */
const SENDERS: Readonly<Record<string, (body: Uint8Array, seconds: string, secret: string) => Record<string, string>>> = {
  ensemble: (body, seconds, secret) => ({ 'ensemble-signature': `t=${seconds},v1=${hmac(secret, `${seconds}.`, body).digest('hex')}` }),
  stripe: (body, seconds, secret) => ({ 'stripe-signature': `t=${seconds},v1=${hmac(secret, `${seconds}.`, body).digest('hex')},v0=abc` }),
  github: (body, _seconds, secret) => ({ 'x-hub-signature-256': `sha256=${hmac(secret, body).digest('hex')}` }),
  'standard-webhooks': (body, seconds, secret) => ({
    'webhook-id': 'msg_1',
    'webhook-timestamp': seconds,
    'webhook-signature': `v1,${hmac(secret, `msg_1.${seconds}.`, body).digest('base64')}`,
  }),
};

/** Secrets of Stripe begin so, which tells its signatures from ours. */
const secretOf = (name: string) => (name === 'stripe' ? `whsec_${SECRET}` : SECRET);

const verify = (headers: Readonly<Record<string, string>>, body: Uint8Array, { secret = SECRET, now = NOW } = {}) =>
  verifySignature(new Headers(headers), new Uint8Array(body), secret, now);

describe.each(Object.entries(SENDERS))('a request that %s signs', (name, sign) => {
  const secret = secretOf(name);

  test('is known as signed, whatever its body is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (body) => {
        expect(await verify(sign(body, SECONDS, secret), body, { secret })).toBeDefined();
      }),
    );
  });

  test('is refused once a single bit of its body, its headers or its secret is another', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 100 }), fc.nat(), fc.nat(7), async (body, place, bit) => {
        const flip = (bytes: Uint8Array) => bytes.map((byte, index) => (index === place % bytes.length ? byte ^ (1 << bit) : byte));
        const headers = sign(body, SECONDS, secret);
        expect(await verify(headers, flip(body), { secret })).toBeUndefined();
        expect(await verify(headers, body.subarray(1), { secret })).toBeUndefined();
        for (const [header, value] of Object.entries(headers)) {
          const given = Buffer.from(flip(encoder.encode(value))).toString('latin1');
          const isSendable = /^[\x21-\x7e]+$/.test(given);
          // The case of hexadecimal digits, and the part that nobody reads, mean nothing.
          const isSame = given.toLowerCase() === value.toLowerCase() || (name === 'stripe' && value.slice(0, -7) === given.slice(0, -7));
          // The last digit of Base64 has bits that stand for nothing.
          const isPadding = header === 'webhook-signature' && place % value.length >= value.length - 2;
          if (isSendable && !isSame && !isPadding) expect(await verify({ ...headers, [header]: given }, body, { secret })).toBeUndefined();
        }
        expect(await verify(headers, body, { secret: Buffer.from(flip(encoder.encode(secret))).toString('latin1') })).toBeUndefined();
      }),
    );
  });

  test('has one replay key however often it is sent, and another with another body', async () => {
    const [one, other] = [encoder.encode('{"a":1}'), encoder.encode('{"a":2}')];
    const keyOf = async (body: Uint8Array) => (await verify(sign(body, SECONDS, secret), body, { secret }))?.replayKey;
    expect(await keyOf(one)).toBe(await keyOf(one));
    expect(await keyOf(one)).not.toBe(await keyOf(other));
  });
});

test.each(['ensemble', 'stripe', 'standard-webhooks'])(
  'what %s signs is refused when it is more than five minutes old, or as far ahead',
  async (name) => {
    const body = encoder.encode('{}');
    const secret = secretOf(name);
    const headers = SENDERS[name]?.(body, SECONDS, secret) ?? {};
    for (const minutes of [-5, 0, 5]) expect(await verify(headers, body, { secret, now: NOW + minutes * 60_000 })).toBeDefined();
    for (const minutes of [-6, 5.01, 60]) expect(await verify(headers, body, { secret, now: NOW + minutes * 60_000 })).toBeUndefined();
  },
);

describe('what one sender signs is no other’s:', () => {
  const body = '{"id":1}';
  const signed = `${SECONDS}.${body}`;

  test.each([SECRET, `whsec_${SECRET}`])('our signatures and those of Stripe do not pass as each other’s (%s)', async (secret) => {
    const value = `t=${SECONDS},v1=${hmac(secret, signed).digest('hex')}`;
    const passed = await Promise.all(
      ['ensemble-signature', 'stripe-signature'].map((header) => verify({ [header]: value }, encoder.encode(body), { secret })),
    );
    expect(passed.filter((verified) => verified !== undefined)).toHaveLength(1);
  });

  test.each([signed, `msg_1.${signed}`])('as a body of GitHub’s, whose signatures never grow old: %s', async (text) => {
    expect(await verify({ 'x-hub-signature-256': `sha256=${hmac(SECRET, text).digest('hex')}` }, encoder.encode(text))).toBeUndefined();
    const secret = `whsec_${SECRET}`;
    const headers = { 'x-hub-signature-256': `sha256=${hmac(secret, body).digest('hex')}` };
    expect(await verify(headers, encoder.encode(body), { secret })).toBeUndefined();
  });

  test.each(['{"ip":"10.0.0.1."}', 'payload=1.2.3.', '<a>1.2.</a>', '', '[1.5,2.5]'])(
    'bodies of GitHub’s own are taken: %s',
    async (text) => {
      expect(await verify({ 'x-hub-signature-256': `sha256=${hmac(SECRET, text).digest('hex')}` }, encoder.encode(text))).toBeDefined();
    },
  );
});

test('a secret of Standard Webhooks that begins with whsec_ is the key in Base64, and to Stripe a text', async () => {
  const key = Buffer.from('0123456789abcdef0123456789abcdef');
  const secret = `whsec_${key.toString('base64')}`;
  const body = encoder.encode('{"type":"user.created"}');
  const signature = hmac(key, `msg_1.${SECONDS}.`, body).digest('base64');
  const headers = { 'webhook-id': 'msg_1', 'webhook-timestamp': SECONDS, 'webhook-signature': `v1,AAAA v1,${signature} v2,x` };
  expect(await verify(headers, body, { secret })).toBeDefined();
  expect(
    await verify({ 'stripe-signature': `t=${SECONDS},v1=${hmac(secret, `${SECONDS}.`, body).digest('hex')}` }, body, { secret }),
  ).toBeDefined();
});

test('a header may hold sixteen signatures, and an id 255 characters', async () => {
  const body = encoder.encode('{}');
  const [hex, base64] = [
    hmac(SECRET, `${SECONDS}.`, body).digest('hex'),
    (id: string) => hmac(SECRET, `${id}.${SECONDS}.`, body).digest('base64'),
  ];
  const ours = (parts: number) => ({ 'ensemble-signature': `t=${SECONDS},v1=${hex}${',v0=x'.repeat(parts - 2)}` });
  const theirs = (count: number, id = 'msg_1') => ({
    'webhook-id': id,
    'webhook-timestamp': SECONDS,
    'webhook-signature': `v1,${base64(id)}${' v2,x'.repeat(count - 1)}`,
  });
  // at its limit: src/worker/auth/signatures/timestamped.ts MAX_PARTS
  // at its limit: src/worker/auth/signatures/standard-webhooks.ts MAX_SIGNATURES
  for (const headers of [ours(16), theirs(16), theirs(1, 'i'.repeat(255))]) expect(await verify(headers, body)).toBeDefined();
  for (const headers of [ours(17), theirs(17), theirs(1, 'i'.repeat(256)), theirs(1, 'a.b')])
    expect(await verify(headers, body)).toBeUndefined();
});

test('the example of the Standard Webhooks specification is verified', async () => {
  // github.com/standard-webhooks/standard-webhooks: the vector that its libraries are tested with.
  const body = encoder.encode('{"test": 2432232314}');
  const headers = {
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  };
  expect(await verify(headers, body, { secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', now: 1_614_265_330_000 })).toBeDefined();
});

test('the example of GitHub’s documentation is verified', async () => {
  const signature = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17';
  const verified = await verify({ 'x-hub-signature-256': signature }, encoder.encode('Hello, World!'), {
    secret: "It's a Secret to Everybody",
  });
  expect(verified).toBeDefined();
});

test.each([
  ['no header', {}],
  ['an empty header', { 'ensemble-signature': '' }],
  ['no time', { 'ensemble-signature': `v1=${'0'.repeat(64)}` }],
  ['two times', { 'ensemble-signature': `t=${SECONDS},t=${SECONDS},v1=${'0'.repeat(64)}` }],
  ['a time that is no number', { 'ensemble-signature': `t=1e9,v1=${'0'.repeat(64)}` }],
  ['a signature that is too short', { 'ensemble-signature': `t=${SECONDS},v1=00` }],
  ['too many signatures', { 'ensemble-signature': `t=${SECONDS}${`,v1=${'0'.repeat(64)}`.repeat(20)}` }],
  ['no id', { 'webhook-timestamp': SECONDS, 'webhook-signature': 'v1,AAAA' }],
] as const)('a request with %s is refused', async (_what, headers) => {
  expect(await verify(headers as Record<string, string>, encoder.encode('{}'))).toBeUndefined();
});

test('an id with a dot is refused, although it is signed: the dot could stand where the id ends', async () => {
  const body = encoder.encode('1.{}');
  const signed = hmac(SECRET, `msg.${SECONDS}.`, body).digest('base64');
  const headers = { 'webhook-id': 'msg', 'webhook-timestamp': SECONDS, 'webhook-signature': `v1,${signed}` };
  expect(await verify(headers, body)).toBeDefined();
  const moved = { ...headers, 'webhook-id': `msg.${SECONDS}`, 'webhook-timestamp': '1' };
  expect(await verify(moved, encoder.encode('{}'), { now: 1_000 })).toBeUndefined();
});

test('a request that shows a right signature beside one of a scheme that comes first is judged by that one', async () => {
  const body = encoder.encode('{}');
  const right = SENDERS.github?.(body, SECONDS, SECRET);
  expect(await verify({ ...right, 'ensemble-signature': 't=1,v1=00' }, body)).toBeUndefined();
});
