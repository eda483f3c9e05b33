import { describe, expect, test } from 'vitest';
import type { EventBody } from '../../../src/program/run-event.ts';
import { Redactor } from '../../../src/runtime/engine/redact.ts';
import { fc } from '../../support/fast-check.ts';

const redactorOf = (secrets: Record<string, string>): Redactor => {
  const redactor = new Redactor();
  for (const [name, value] of Object.entries(secrets)) redactor.add(name, value);
  return redactor;
};
const log = (message: string): EventBody => ({ type: 'log', agent: 'a', level: 'info', message });

describe('redaction', () => {
  test('replaces a secret in every text of an event, keys of objects included', () => {
    const redactor = redactorOf({ API_KEY: 'sk-12345' });
    const event = redactor.event({
      type: 'agent.finished',
      agent: 'call',
      output: { echoed: ['Bearer sk-12345', { 'x-sk-12345': 1 }], other: 'plain' },
      attempts: 1,
      duration_ms: 2,
      tainted: false,
    });
    expect(event).toEqual({
      type: 'agent.finished',
      agent: 'call',
      output: { echoed: ['Bearer [secret API_KEY]', { 'x-[secret API_KEY]': 1 }], other: 'plain' },
      attempts: 1,
      duration_ms: 2,
      tainted: false,
    });
  });

  test('replaces a number that is a secret in data, and nowhere else', () => {
    const finished: EventBody = {
      type: 'agent.finished',
      agent: 'a',
      output: { pin: 12345, rows: [12345, 1234] },
      attempts: 1,
      duration_ms: 12345,
      tainted: false,
    };
    expect(redactorOf({ PIN: '12345' }).event(finished)).toEqual({
      ...finished,
      output: { pin: '[secret PIN]', rows: ['[secret PIN]', 1234] },
    });
  });

  test('replaces a number that is a secret in what steps go over and decide, and in what begins the run and its state', () => {
    const redactor = redactorOf({ PIN: '12345' });
    const hidden = '[secret PIN]';
    const started: EventBody = { type: 'step.started', step: 'all', kind: 'foreach', items: [12345, { pin: 12345 }] };
    expect(redactor.event(started)).toEqual({ ...started, items: [hidden, { pin: hidden }] });
    const decided: EventBody = { type: 'step.decided', step: 'w', took: 'again', saw: 12345, round: 12345 };
    expect(redactor.event(decided)).toEqual({ ...decided, saw: hidden });
    const skipped: EventBody = { type: 'agent.skipped', agent: 'a', condition: '${x}', saw: { pin: 12345 } };
    expect(redactor.event(skipped)).toEqual({ ...skipped, saw: { pin: hidden } });
    const loaded: EventBody = { type: 'state.loaded', scope: 's', backend: 'memory', version: 12345, values: {}, initial: { pin: 12345 } };
    expect(redactor.event(loaded)).toEqual({ ...loaded, initial: { pin: hidden } });
    const run: EventBody = {
      type: 'run.started',
      format: 1,
      ensemble: 'e',
      file: 'e.yaml',
      program: 'h',
      input: {},
      agents: [],
      attempt: 1,
    };
    expect(redactor.event({ ...run, trigger: { pin: 12345 } })).toEqual({ ...run, trigger: { pin: hidden } });
  });

  test('leaves an event without secrets as the very object it is', () => {
    const event = log('nothing here');
    expect(redactorOf({ API_KEY: 'sk-12345' }).event(event)).toBe(event);
    expect(new Redactor().event(event)).toBe(event);
  });

  test('never touches the names by which a journal is read', () => {
    const redactor = redactorOf({ A: 'failed', B: 'HTTP_STATUS', C: 'agent.failed' });
    const failed: EventBody = {
      type: 'agent.failed',
      agent: 'failed',
      failure: { code: 'HTTP_STATUS', message: 'it failed', retryable: false },
      attempts: 1,
      duration_ms: 0,
      handled: false,
      tainted: true,
    };
    expect(redactor.event(failed)).toEqual({ ...failed, failure: { ...failed.failure, message: 'it [secret A]' } });
  });

  test('takes the whole of a secret that contains another', () => {
    expect(redactorOf({ SHORT: 'abcd', LONG: 'abcdefgh' }).text('abcdefgh abcd')).toBe('[secret LONG] [secret SHORT]');
  });

  test('ignores values of less than four characters', () => {
    expect(redactorOf({ FLAG: 'yes' }).text('yes, it is')).toBe('yes, it is');
  });

  test('finds a secret that became known later', () => {
    const redactor = new Redactor();
    expect(redactor.text('token-1')).toBe('token-1');
    redactor.add('token', 'token-1');
    expect(redactor.text('token-1')).toBe('[secret token]');
  });

  const anySecret = fc
    .string({ unit: 'grapheme', minLength: 9, maxLength: 40 })
    .filter((text) => text.isWellFormed() && !text.includes('secret'));
  const around = fc.string({ unit: 'grapheme', maxLength: 20 }).filter((text) => text.isWellFormed());
  const encodings: Record<string, (text: string) => string> = {
    'as it is': (text) => text,
    'inside JSON text': (text) => JSON.stringify({ text }),
    'inside JSON text inside JSON text': (text) => JSON.stringify(JSON.stringify({ text })),
    'URL-encoded': encodeURIComponent,
    'in a form body': (text) => new URLSearchParams({ text }).toString(),
  };
  for (const [name, encode] of Object.entries(encodings)) {
    test(`finds any secret ${name}`, () => {
      fc.assert(
        fc.property(anySecret, around, around, (secret, before, after) => {
          const text = redactorOf({ S: secret }).text(encode(before + secret + after));
          return text.includes('[secret S]') && !text.includes(encode(secret));
        }),
      );
    });
  }

  test.each([
    ['path', 'http://h/a/', `s3"c<r>t{1}\`^é/+'`],
    ['query', 'http://h/?a=', `s3"c<r>t{1}\`^é/+'`],
  ])('finds a secret that a URL parser has written into a %s', (_, base, secret) => {
    const { href } = new URL(`${base}${secret}&z`);
    expect(href).not.toContain(secret);
    expect(redactorOf({ S: secret }).text(href)).toBe(`${base}[secret S]&z`);
  });

  test('finds any secret in Base64, wherever in the encoded text it stands', () => {
    fc.assert(
      fc.property(
        anySecret,
        around,
        around,
        fc.constantFrom('base64' as const, 'base64url' as const),
        (secret, before, after, encoding) => {
          const encoded = Buffer.from(before + secret + after).toString(encoding);
          const text = redactorOf({ S: secret }).text(encoded);
          // What is left of the secret is at most the characters that it shares with its neighbours.
          return (
            text.includes('[secret S]') &&
            text.length <= encoded.length - Math.floor((Buffer.byteLength(secret) * 8) / 6) + 2 + '[secret S]'.length
          );
        },
      ),
    );
  });

  const failure = { code: 'CODE_ERROR', message: 'm', retryable: true, status: 500, details: { message: 'm' } } as const;
  const response = { status: 200, ok: true, headers: { url: 'x' }, url: 'http://h' };
  const usage = { input_tokens: 1, output_tokens: 2, cost_usd: 3 };
  const structure: readonly EventBody[] = [
    { type: 'agent.failed', agent: 'a', failure, attempts: 1, duration_ms: 1, handled: true, tainted: false, response, usage },
    { type: 'step.started', step: 'each', kind: 'foreach', branches: 2 },
    { type: 'step.decided', step: 'pick', took: 'else', saw: 1 },
    { type: 'value.drawn', source: 'random', value: 0.5 },
    { type: 'agent.started', agent: 'undo', operation: 'code', compensates: 'each' },
    { type: 'run.finished', status: 'failed', failure, duration_ms: 1, steps: 1, usage },
  ];
  const words = [
    'type',
    'message',
    'code',
    'details',
    'retryable',
    'status',
    'headers',
    'input_tokens',
    'foreach',
    'each',
    'else',
    'random',
    'true',
    'null',
    'CODE_ERROR',
    'failed',
  ];
  test.each(words)('leaves events readable when %j is a secret', (word) => {
    const redactor = redactorOf({ WORD: word });
    const keysOf = (value: unknown): unknown =>
      typeof value === 'object' && value !== null
        ? Object.entries(value).map(([key, item]) => (key === 'details' || key === 'headers' ? key : [key, keysOf(item)]))
        : typeof value;
    for (const event of structure) {
      const shown = redactor.event(event);
      expect(keysOf(shown)).toEqual(keysOf(event));
      for (const name of ['type', 'agent', 'step', 'kind', 'took', 'source', 'compensates', 'status'] as const)
        expect(Reflect.get(shown, name)).toBe(Reflect.get(event, name));
      expect(Reflect.get(shown, 'failure')?.code).toBe(Reflect.get(event, 'failure')?.code);
    }
  });

  test.each([
    ['regex characters', '.*+?^${}()|[]\\/-'],
    ['what a replacement means', '$&$1$`$$'],
    ['JSON', '{"a":["b",null]}'],
    ['line ends', 'first\nsecond\r\nthird'],
    ['half a pair of surrogates', 'abc\ud800def'],
    ['the mark itself', '[secret S]'],
    ['64 kB', 'k'.repeat(65_536)],
  ])('finds a secret of %s, and only that', (_name, secret) => {
    const redactor = redactorOf({ S: secret });
    expect(redactor.text(`<${secret}>${secret}`)).toBe('<[secret S]>[secret S]');
    expect(redactor.text('abcabc $1 [a-z]+ null')).toBe('abcabc $1 [a-z]+ null');
  });

  test.each([511, 512, 513, 1_048_576])('finds a secret of %i characters, and the half of one that has more than 512', (length) => {
    const secret = 'a1b2c3d4'.repeat(length / 8 + 1).slice(0, length);
    const redactor = redactorOf({ S: secret, OTHER: 'a1b2c3' });
    expect(redactor.text(`<${secret}> ${'x'.repeat(10)}`)).toBe(`<[secret S]> ${'x'.repeat(10)}`);
    if (length > 512) expect(redactor.text(`<${secret.slice(0, 512)}>`)).toBe('<[secret S]>');
  });

  test.each([3, 4])('with %i characters is redacted from 4 on', (length) => {
    const secret = 'wxyz'.slice(0, length);
    expect(redactorOf({ S: secret }).text(`<${secret}>`)).toBe(length < 4 ? `<${secret}>` : '<[secret S]>');
  });

  test.each(['hex', 'HEX'])('finds any secret in %s digits', (name) => {
    fc.assert(
      fc.property(anySecret, around, around, (secret, before, after) => {
        const digits = (text: string) =>
          name === 'hex' ? Buffer.from(text).toString('hex') : Buffer.from(text).toString('hex').toUpperCase();
        const text = redactorOf({ S: secret }).text(digits(before + secret + after));
        return text.includes('[secret S]') && !text.includes(digits(secret));
      }),
    );
  });

  test('finds lines of 16 characters of a secret that has several, and no shorter ones', () => {
    const [long, short] = ['MIIEvQIBADANBgkq', 'MIIEvQIBADANBgk'];
    const redactor = redactorOf({ KEY: `${long}\n${short}\nZZ==` });
    expect(redactor.text(`1: ${long}`)).toBe('1: [secret KEY]');
    expect(redactor.text(`1: ${short}`)).toBe(`1: ${short}`);
  });

  test.each([
    ['…', 16_384],
    ['… (100 characters left out)', 16_384],
  ])('finds the half of a secret that a cut left: %s', (mark, length) => {
    const redactor = redactorOf({ OTHER: 'top-9', S: 'tok-1234567890' });
    for (const half of ['tok-', 'tok-1', 'tok-123456789']) {
      const before = 'x'.repeat(length - half.length);
      expect(redactor.text(before + half + mark)).toBe(`${before}[secret S]${mark}`);
      expect(redactor.text(`short, ${half}${mark}`)).toBe(`short, ${half}${mark}`);
    }
    expect(redactor.text(`${'x'.repeat(length)}tok${mark}`)).toBe(`${'x'.repeat(length)}tok${mark}`);
  });

  test('of 10,000 secrets is as fast as a text can be read: none is looked for by itself', () => {
    const redactor = new Redactor();
    for (let index = 0; index < 10_000; index++) redactor.add(`S${index}`, `key-${index.toString(36)}-value`);
    const text = 'key- and value, '.repeat(20_000);
    expect(redactor.text(`${text}key-7-value`)).toBe(`${text}[secret S7]`);
  });
});
