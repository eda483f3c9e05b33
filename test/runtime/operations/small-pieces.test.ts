import { describe, expect, test } from 'vitest';
import type { JsonSchema, JsonValue } from '../../../src/program/json.ts';
import { decodeBase64, encodeBase64 } from '../../../src/runtime/operations/base64.ts';
import { reasonOf } from '../../../src/runtime/operations/http/read-body.ts';
import { parseRetryAfter } from '../../../src/runtime/operations/http/retry-after.ts';
import { snippet } from '../../../src/runtime/operations/snippet.ts';
import { costOf } from '../../../src/runtime/operations/think/prices.ts';
import { askedSchema, isStrict, readAnswer } from '../../../src/runtime/operations/think/structured-output.ts';
import { getOwn, setOwn } from '../../../src/runtime/own-property.ts';
import { fc } from '../../support/fast-check.ts';
import { START, testContext } from './operation-context.ts';

describe('parseRetryAfter', () => {
  test.each([
    ['0', 0],
    ['120', 120_000],
    [' 1.5 ', 1500],
    [new Date(START + 60_000).toUTCString(), 60_000],
    [new Date(START - 60_000).toUTCString(), 0],
    ['Saturday, 21-Nov-26 07:28:00 GMT', Date.UTC(2026, 10, 21, 7, 28) - START],
    ['-5', undefined],
    ['soon', undefined],
    ['2026-10-21', undefined],
    ['99999999999', undefined],
    ['', undefined],
    [null, undefined],
  ])('reads %j as %s ms', (header, expected) => {
    expect(parseRetryAfter(header, START)).toBe(expected);
  });
});

describe('base64', () => {
  test('carries any bytes there and back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(decodeBase64(encodeBase64(bytes))).toEqual(bytes);
      }),
    );
  });

  test('takes megabytes', () => {
    const bytes = new Uint8Array(3_000_001).fill(7);
    expect(decodeBase64(encodeBase64(bytes))?.length).toBe(bytes.length);
  });

  test('reads the URL alphabet and white space, and refuses what is none', () => {
    expect(decodeBase64('-_8\n')).toEqual(new Uint8Array([251, 255]));
    expect(decodeBase64('a%')).toBeUndefined();
  });
});

describe('snippet', () => {
  const context = testContext({ env: { KEY: 'abcdef', EMPTY: '' }, secrets: ['KEY', 'EMPTY', 'ABSENT'] });

  test('is one short line without control characters', () => {
    expect(snippet(' a\n\tb\u001b[31m c\u0000 ', context)).toBe('a b [31m c');
    expect(snippet('x'.repeat(300), context)).toBe(`${'x'.repeat(200)}…`);
    expect(snippet(`${'x'.repeat(199)}😀`, context)).toBe(`${'x'.repeat(199)}\ufffd…`);
  });

  test('takes out a secret that the cut would halve', () => {
    expect(snippet(`${'x'.repeat(198)}abcdef`, context)).toBe(`${'x'.repeat(198)}[s…`);
    const encoded = btoa('user:abcdefghijkl');
    const other = testContext({ env: { KEY: 'abcdefghijkl' }, secrets: ['KEY'] });
    expect(snippet(`${'x'.repeat(180)}${encoded}`, other)).not.toContain(encoded.slice(8, 16));
  });
});

describe('reasonOf', () => {
  test('shows the cause behind a bare message, and words for an internal reference', () => {
    expect(reasonOf(new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') }))).toBe('connect ECONNREFUSED');
    expect(reasonOf(new TypeError('fetch failed', { cause: Object.assign(new Error(''), { code: 'ECONNREFUSED' }) }))).toBe('ECONNREFUSED');
    expect(reasonOf(new Error('internal error; reference = abc'))).toBe('no connection could be made; is the name of the host right?');
    expect(reasonOf('plain')).toBe('plain');
  });
});

describe('costOf', () => {
  test.each<['openai' | 'anthropic' | 'openai-compatible', string, number | undefined]>([
    ['openai', 'gpt-4o', 12.5],
    ['openai', 'gpt-4o-2024-08-06', 12.5],
    ['openai', 'gpt-4o-audio-preview', undefined],
    ['openai', 'constructor', undefined],
    ['anthropic', 'claude-3-5-haiku-latest', 4.8],
    ['anthropic', 'gpt-4o', undefined],
    ['openai-compatible', 'gpt-4o', undefined],
  ])('of a million tokens each way at %s %s is %s USD', (provider, model, cost) => {
    expect(costOf(provider, model, 1_000_000, 1_000_000)).toBe(cost);
  });
});

describe('structured output', () => {
  test('strict mode takes closed objects with all fields required, at every depth', () => {
    const closed = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'], additionalProperties: false };
    expect(isStrict(closed)).toBe(true);
    expect(isStrict({ ...closed, properties: { a: { type: 'array', items: closed } } })).toBe(true);
    expect(isStrict({ ...closed, required: [] })).toBe(false);
    expect(isStrict({ ...closed, properties: { a: { anyOf: [{ type: 'object' }] } } })).toBe(false);
  });

  test('what a model answers to the asked schema is read back, whatever the schema’s type', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (generated) => {
        const value = generated as JsonValue;
        const type = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
        const schema: JsonSchema = { type };
        const answer = askedSchema(schema) === schema ? value : { value };
        expect(readAnswer(schema, JSON.stringify(answer))).toEqual({ value: JSON.parse(JSON.stringify(value)) });
      }),
    );
  });

  test('an unwrapped answer to a wrapped schema is taken too', () => {
    expect(readAnswer({ type: 'array' }, '[1]')).toEqual({ value: [1] });
    const lists = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
    expect(readAnswer({ type: 'array' }, lists(1_000))).toMatchObject({ value: [expect.any(Array)] });
    expect(readAnswer({ type: 'array' }, lists(1_001))).toEqual({ problem: 'is not JSON' });
  });
});

describe('own properties', () => {
  test('are read and written by any name', () => {
    const target: { [key: string]: number } = {};
    setOwn(target, '__proto__', 1);
    setOwn(target, 'a', 2);
    expect(Object.keys(target)).toEqual(['__proto__', 'a']);
    expect(getOwn(target, '__proto__')).toBe(1);
    expect(getOwn(target, 'toString')).toBeUndefined();
    expect(getOwn('text', 'length')).toBeUndefined();
    expect(getOwn(null, 'a')).toBeUndefined();
  });
});
