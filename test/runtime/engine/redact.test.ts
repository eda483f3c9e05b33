import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EventBody } from '../../../src/program/run-event.ts';
import { Redactor } from '../../../src/runtime/engine/redact.ts';

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
});
