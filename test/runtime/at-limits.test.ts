import { describe, expect, vi } from 'vitest';
import type { JsonSchema } from '../../src/program/json.ts';
import type { AgentFrame } from '../../src/runtime/engine/agent-frame.ts';
import type { CacheEntry } from '../../src/runtime/engine/cache/cache-entry.ts';
import { buildCacheKey } from '../../src/runtime/engine/cache/cache-key.ts';
import { type CacheEntryPlace, CacheStore } from '../../src/runtime/engine/cache/cache-store.ts';
import { Redactor } from '../../src/runtime/engine/redact.ts';
import { retryDelay } from '../../src/runtime/engine/retry-delay.ts';
import { SecretFinder } from '../../src/runtime/engine/secret-finder.ts';
import { RunDigest } from '../../src/runtime/journal/run-digest.ts';
import { readBytes } from '../../src/runtime/operations/http/read-body.ts';
import { snippet } from '../../src/runtime/operations/snippet.ts';
import type { D1Like, D1StatementLike } from '../../src/runtime/ports.ts';
import { coerceInput } from '../../src/runtime/schema/coerce-input.ts';
import { describeValue } from '../../src/runtime/schema/describe.ts';
import { prepareSchema } from '../../src/runtime/schema/prepare-schema.ts';
import { createD1Backend } from '../../src/runtime/state/d1-backend.ts';
import { SYSTEM_CLOCK } from '../../src/runtime/system-clock.ts';
import { atLimit } from '../support/at-limit.ts';
import { runToEnd } from './engine/support/test-run.ts';
import { commit } from './state/conformance-kit.ts';

describe('ensembles that run each other', () => {
  const text = `
ensemble: deep
agents:
  - { name: down, ensemble: deep, condition: "\${input.more > 1}", input: { more: "\${input.more - 1}" } }
`;
  // The first of them runs for itself, on no level.
  const run = (levels: number) => runToEnd(text, { ensembles: { deep: text }, input: { more: levels + 1 } });
  atLimit('src/runtime/engine/actions/body-action.ts MAX_DEPTH', {
    within: async (levels) => expect((await run(levels)).finished).toMatchObject({ status: 'succeeded', steps: levels }),
    beyond: async (levels) => expect((await run(levels)).finished).toMatchObject({ failure: { code: 'RECURSION' }, steps: levels }),
  });
});

describe('names in kv of what agents answered', () => {
  const key = (bytes: number) => buildCacheKey(`e/${'é'.repeat(Math.floor((bytes - 73) / 2))}${'x'.repeat((bytes - 73) % 2)}`, 'key');
  atLimit('src/runtime/engine/cache/cache-key.ts MAX_KEY_BYTES', {
    within: async (bytes) => expect(Buffer.byteLength(await key(bytes))).toBe(bytes),
    beyond: async (bytes) => expect(await key(bytes)).toMatch(/^cache:[0-9a-f]{64}:[0-9a-f]{64}$/),
  });
});

describe('the life of what agents answered', () => {
  /** What kv is told of an entry that is good for so many seconds. */
  const kept = async (seconds: number) => {
    const put = vi.fn(async (_key: string, _text: string, _options: object) => undefined);
    const run = { redactor: { data: (value: unknown) => value }, log: { flush: async () => undefined } };
    const frame = { context: { run, signal: new AbortController().signal } } as unknown as AgentFrame;
    const place = { plan: { ttlMs: seconds * 1_000 }, kv: { put }, buildKey: async () => 'key' } as unknown as CacheEntryPlace;
    await new CacheStore(frame, place).write({} as CacheEntry);
    return put.mock.calls[0]?.[2];
  };
  atLimit('src/runtime/engine/cache/cache-store.ts MIN_TTL_SECONDS', {
    within: async (seconds) =>
      expect([await kept(seconds), await kept(seconds + 1)]).toEqual([{ expirationTtl: seconds }, { expirationTtl: seconds + 1 }]),
    beyond: async (seconds) => expect(await kept(seconds)).toEqual({ expirationTtl: seconds + 1 }),
  });
});

describe('texts of messages and lists', () => {
  const cut = (length: number) => snippet('x'.repeat(length), { redact: (text) => text });
  atLimit('src/runtime/operations/snippet.ts SNIPPET_LENGTH', {
    within: (length) => expect(cut(length)).toBe('x'.repeat(length)),
    beyond: (length) => expect(cut(length)).toBe(`${'x'.repeat(length - 1)}…`),
  });
  atLimit('src/runtime/schema/describe.ts SHOWN_TEXT_LENGTH', {
    within: (length) => expect(describeValue('x'.repeat(length))).toBe(`the text "${'x'.repeat(length)}"`),
    beyond: (length) => expect(describeValue('x'.repeat(length))).toBe(`a text of ${length} characters`),
  });
  const failed = (length: number) => {
    const digest = new RunDigest();
    const failure = { code: 'CODE_ERROR' as const, message: 'x'.repeat(length), retryable: false };
    const base = { at: 0, run: 'r' };
    digest.add({
      ...base,
      seq: 0,
      type: 'run.started',
      format: 1,
      ensemble: 'e',
      file: 'e.yaml',
      program: 'p',
      input: {},
      agents: [],
      attempt: 1,
    });
    digest.add({ ...base, seq: 1, type: 'run.finished', status: 'failed', failure, duration_ms: 1, steps: 0 });
    return digest.summary()?.failure?.message;
  };
  atLimit('src/runtime/journal/run-digest.ts MOST_CHARACTERS', {
    within: (length) => expect(failed(length)).toBe('x'.repeat(length)),
    beyond: (length) => expect(failed(length)).toBe(`${'x'.repeat(length - 1)}…`),
  });
});

describe('a pause that a server asks for', () => {
  const delay = (retryAfterMs: number) =>
    retryDelay(
      { maxAttempts: 2, backoff: 'fixed', initialDelayMs: 1, maxDelayMs: 1, jitter: false, retryOn: [] },
      { code: 'HTTP_STATUS', message: 'busy', retryable: true, retryAfterMs },
      1,
      () => 0,
    );
  atLimit('src/runtime/engine/retry-delay.ts MAX_RETRY_AFTER_MS', {
    within: (ms) => expect(delay(ms)).toBe(ms),
    beyond: (ms) => expect(delay(ms)).toBeUndefined(),
  });
});

describe('a timer of the platform', () => {
  const timersOf = async (ms: number): Promise<readonly unknown[]> => {
    vi.useFakeTimers();
    try {
      const timers = vi.spyOn(globalThis, 'setTimeout');
      const slept = SYSTEM_CLOCK.sleep(ms, new AbortController().signal);
      await vi.advanceTimersByTimeAsync(ms);
      await slept;
      return timers.mock.calls.map(([, delay]) => delay);
    } finally {
      vi.restoreAllMocks();
      vi.useRealTimers();
    }
  };
  atLimit('src/runtime/system-clock.ts MAX_TIMER_MS', {
    within: async (ms) => expect(await timersOf(ms)).toEqual([ms]),
    beyond: async (ms) => expect(await timersOf(ms)).toEqual([ms - 1, 1]),
  });
});

describe('a secret', () => {
  const shown = (length: number) => {
    const redactor = new Redactor();
    redactor.add('KEY', 'q7W2'.repeat(300).slice(0, length));
    return redactor.text(`<${'q7W2'.repeat(300).slice(0, length)}>`);
  };
  atLimit('src/runtime/engine/redact.ts MIN_SECRET_LENGTH', {
    within: (length) => expect(shown(length)).toBe('<[secret KEY]>'),
    beyond: (length) => expect(shown(length)).toContain('q7W'),
  });
  // A text that was cut somewhere within the secret.
  const cut = (length: number) => {
    const redactor = new Redactor();
    redactor.add('KEY', 'secret-number-one');
    return redactor.text(`${'secret-numb…'.padStart(length, 'x')}`);
  };
  atLimit('src/runtime/engine/redact.ts LEAST_CUT', {
    within: (length) => expect(cut(length)).not.toContain('secret-numb'),
    beyond: (length) => expect(cut(length)).toContain('secret-numb'),
  });
  const replaced = (length: number) => {
    const secret = `${'s'.repeat(length - 1)}e`;
    return new SecretFinder([secret]).replace(`<${secret}> <${secret.slice(0, 512)}>`, (found) => `[${found.length}]`);
  };
  atLimit('src/runtime/engine/secret-finder.ts HEAD_LENGTH', {
    within: (length) => expect(replaced(length)).toBe(`<[${length}]> <[${length}]>`),
    beyond: (length) => expect(replaced(length)).toBe(`<[${length}]> <[${length - 1}]>`),
  });
});

describe('secrets that make up a long pattern', () => {
  /** Which of the secrets, so many characters in all, are found in a text that holds each. */
  const missed = (characters: number) => {
    const secret = (index: number, length: number) => String(index).padEnd(length, 'x');
    const whole = Math.floor((characters - 1) / 500);
    const secrets = Array.from({ length: whole }, (_, index) => secret(index, 500));
    secrets.push(secret(whole, characters - 500 * whole));
    const found = new Set<string>();
    const clean = new SecretFinder(secrets).replace(secrets.join(' '), (text) => {
      found.add(text);
      return '#';
    });
    expect(clean.replaceAll(/[# ]/g, '')).toBe('');
    return secrets.filter((text) => !found.has(text));
  };
  atLimit('src/runtime/engine/secret-finder.ts MOST_SOURCE', {
    within: (characters) => expect(missed(characters)).toEqual([]),
    beyond: (characters) => expect(missed(characters)).toEqual([]),
  });
});

describe('a body that is read', () => {
  /** By pieces of so many bytes at most. */
  const read = async (bytes: number, piece: number) => {
    const whole = Uint8Array.from({ length: bytes }, (_, index) => index % 251);
    const pieces = Array.from({ length: Math.ceil(bytes / piece) }, (_, index) => whole.slice(index * piece, (index + 1) * piece));
    const given = await readBytes(new Response(ReadableStream.from(pieces)), 2 * bytes, new AbortController().signal, 'it');
    return Buffer.compare(given, whole);
  };
  atLimit('src/runtime/operations/http/read-body.ts FIRST_BUFFER_BYTES', {
    within: async (bytes) => expect([await read(bytes, bytes), await read(bytes, 1_000)]).toEqual([0, 0]),
    beyond: async (bytes) => expect([await read(bytes, bytes), await read(bytes, 1_000)]).toEqual([0, 0]),
  });
});

describe('schemas', () => {
  const nested = (levels: number): JsonSchema => (levels === 0 ? { type: 'integer' } : { anyOf: [nested(levels - 1)] });
  const coerced = (levels: number) => coerceInput({ properties: { n: nested(levels) } }, { n: '7' }).n;
  atLimit('src/runtime/schema/coerce-input.ts MAX_DEPTH', {
    within: (levels) => expect(coerced(levels)).toBe(7),
    beyond: (levels) => expect(coerced(levels)).toBe('7'),
  });
  const named = (length: number) =>
    prepareSchema({ patternProperties: { '^a': { type: 'string' } } }).isSatisfied({ ['a'.repeat(length)]: 'x' });
  atLimit('src/runtime/schema/keywords/object.ts MAX_NAME', {
    within: (length) => expect(named(length)).toBe(true),
    beyond: (length) => expect(() => named(length)).toThrow('is too long to be held against'),
  });
  const faults = (count: number) => prepareSchema({ items: { type: 'string' } }).faults(Array(count).fill(1)).length;
  atLimit('src/runtime/schema/checking.ts MAX_FAULTS', {
    within: (count) => expect(faults(count - 1)).toBe(count),
    beyond: (count) => expect(faults(count - 1)).toBe(count - 1),
  });
});

describe('a key of state in d1', () => {
  const statement: D1StatementLike = { bind: () => statement } as Partial<D1StatementLike> as D1StatementLike;
  // What asks for the version before a commit, and for the name of the commit after it.
  const database = {
    prepare: () => statement,
    batch: async (statements: readonly unknown[]) => statements.map(() => ({ results: [{ token: 'id', version: 0 }] })),
  } as unknown as D1Like;
  const backend = createD1Backend(database, () => 'id');
  const write = (bytes: number) =>
    commit(backend, 'scope', { version: 0, values: {} } as never, {
      key: { value: `${'é'.repeat((bytes - 2) >> 1)}${'x'.repeat(bytes % 2)}` },
    });
  atLimit('src/runtime/state/d1-backend.ts MAX_VALUE_BYTES', {
    within: async (bytes) => expect(await write(bytes)).toMatchObject({ type: 'committed' }),
    beyond: (bytes) =>
      expect(write(bytes)).rejects.toMatchObject({
        failure: { code: 'STATE_BACKEND', message: expect.stringContaining('d1 keeps at most 1990000 a key') },
      }),
  });
});
