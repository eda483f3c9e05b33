import { describe, expect, vi } from 'vitest';
import type { RunEvent } from '../../src/program/run-event.ts';
import { BodyCalls } from '../../src/worker/code-harness/body-calls.ts';
import { renderLogLine } from '../../src/worker/code-harness/log-text.ts';
import { EventStreams } from '../../src/worker/event-streams.ts';
import { readJsonBody } from '../../src/worker/http/read-json-body.ts';
import { RefusedRequest } from '../../src/worker/http/refused-request.ts';
import { shareProgram } from '../../src/worker/program-cache.ts';
import { splitText } from '../../src/worker/text-pieces.ts';
import { readRecipient } from '../../src/worker/triggers/email/match-address.ts';
import { readMail } from '../../src/worker/triggers/email/read-mail.ts';
import { readRaw } from '../../src/worker/triggers/email/read-raw.ts';
import { readPreference } from '../../src/worker/triggers/http/prefer.ts';
import { readPayload } from '../../src/worker/triggers/http/read-payload.ts';
import { RemoteJournal } from '../../src/worker/workflow/remote-journal.ts';
import { eventType, stepName } from '../../src/worker/workflow/step-names.ts';
import { compileText } from '../language/support/compile-text.ts';
import { atLimit } from '../support/at-limit.ts';
import { workerModule } from './support/worker-module.ts';

interface Timers {
  set(kind: 'setTimeout', callback: () => void, ms: number, values: readonly unknown[]): number;
  end(): void;
}
const { CallTimers } = await workerModule<{ readonly CallTimers: new () => Timers }>('static-code/call-timers.ts');
const { SealedValues } = await workerModule<{
  readonly SealedValues: new (sql: object, object: string) => { write(seq: number, data: Uint8Array): void };
}>('sealed-values.ts');
const { shardCount } = await workerModule<{ shardCount(env: object): number }>('shards.ts');
interface Parameter {
  read(given: string): unknown;
}
const { text: textParameter, WAIT } = await workerModule<{ text(description: string): Parameter; readonly WAIT: Parameter }>(
  'http/parameters.ts',
);
const { getStateHistory } = await workerModule<{
  readonly getStateHistory: { readonly query: Readonly<Record<string, Parameter>> };
}>('http/routes/state.ts');

describe('requests', () => {
  // Two bytes a character, so that characters are not taken for bytes.
  const body = (bytes: number) => {
    const text = `"${'é'.repeat(Math.floor((bytes - 2) / 2))}"${' '.repeat(bytes % 2)}`;
    return readJsonBody(new Request('https://x.example/', { method: 'POST', body: text, headers: { 'content-type': 'application/json' } }));
  };
  atLimit('src/worker/http/read-json-body.ts MAX_BODY', {
    within: async (bytes) => expect(await body(bytes)).toHaveLength((bytes - 2) / 2),
    beyond: (bytes) => expect(body(bytes)).rejects.toBeInstanceOf(RefusedRequest),
  });
  const form = (fields: number) =>
    readPayload(new TextEncoder().encode('a=&'.repeat(fields)), new Headers({ 'content-type': 'application/x-www-form-urlencoded' })).body;
  atLimit('src/worker/triggers/http/read-payload.ts MAX_FIELDS', {
    within: (fields) => expect(form(fields)).toHaveProperty('a.length', fields),
    beyond: (fields) => expect(() => form(fields)).toThrow(RefusedRequest),
  });
  const waits = (seconds: number) => readPreference(new Headers({ prefer: `wait=${seconds}` })).waitMs;
  atLimit('src/worker/triggers/http/prefer.ts MAX_WAIT_S', {
    within: (seconds) => expect(waits(seconds)).toBe(seconds * 1_000),
    beyond: (seconds) => expect(waits(seconds)).toBe((seconds - 1) * 1_000),
  });
  atLimit('src/worker/http/parameters.ts MAX_WAIT_MS', {
    within: (ms) => expect(WAIT.read(`${ms}ms`)).toBe(ms),
    beyond: (ms) => expect(WAIT.read(`${ms}ms`)).toBeUndefined(),
  });
  atLimit('src/worker/http/parameters.ts MAX_NAME', {
    within: (length) => expect(textParameter('A name.').read('x'.repeat(length))).toHaveLength(length),
    beyond: (length) => expect(textParameter('A name.').read('x'.repeat(length))).toBeUndefined(),
  });
});

describe('a version of state', () => {
  const read = (version: number) => getStateHistory.query.since?.read(String(version));
  atLimit('src/worker/http/routes/state.ts MAX_VERSION', {
    within: (version) => expect(read(version)).toBe(version),
    beyond: (version) => expect(read(version)).toBeUndefined(),
  });
});

describe('mails', () => {
  const read = (raw: string) => readMail({ from: 'a@x.example', raw: new Blob([raw]).stream() }, readRecipient('b@x.example'), false);
  const plain = (length: number) => read(`Subject: s\r\n\r\n${'x'.repeat(length)}`);
  atLimit('src/worker/triggers/email/read-mail.ts MAX_TEXT', {
    within: async (length) => expect((await plain(length - 1))?.text.length).toBe(length),
    beyond: async (length) => expect((await plain(length - 1))?.text.length).toBe(length - 1),
  });
  const parts = (list: readonly string[]) => {
    const head = 'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n';
    const part = (content: string) =>
      `--b\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=f\r\n\r\n${content.replaceAll(/.{76}/g, '$&\r\n')}\r\n`;
    return read(`${head}${list.map(part).join('')}--b--\r\n`);
  };
  const attached = async (bytes: number) => (await parts([Buffer.alloc(bytes, 'x').toString('base64')]))?.attachments;
  atLimit('src/worker/triggers/email/read-mail.ts MAX_CONTENT', {
    within: async (bytes) => expect(await attached(bytes)).toMatchObject([{ size: bytes, content: expect.any(String) }]),
    beyond: async (bytes) => expect(await attached(bytes)).toMatchObject([{ size: bytes, content: null }]),
  });
  const many = async (count: number) => (await parts(Array(count).fill('eA==')))?.attachments.length;
  atLimit('src/worker/triggers/email/read-mail.ts MAX_ATTACHMENTS', {
    within: async (count) => expect(await many(count)).toBe(count),
    beyond: async (count) => expect(await many(count)).toBe(count - 1),
  });
  const headed = (bytes: number) => read(`X: ${'x'.repeat(bytes - 3)}\r\n\r\ntext`);
  atLimit('src/worker/triggers/email/read-mail.ts MAX_HEADERS_SIZE', {
    within: async (bytes) => expect(await headed(bytes)).toMatchObject({ text: 'text\n' }),
    beyond: async (bytes) => expect(await headed(bytes)).toBeUndefined(),
  });
  const multipart = (at: number) => `Content-Type: multipart/mixed; boundary=b${at}\r\n\r\n--b${at}\r\n`;
  const nested = (levels: number) =>
    read(`MIME-Version: 1.0\r\n${Array.from({ length: levels }, (_, at) => multipart(at)).join('')}\r\ntext`);
  atLimit('src/worker/triggers/email/read-mail.ts MAX_NESTING', {
    within: async (levels) => expect(await nested(levels)).toBeDefined(),
    beyond: async (levels) => expect(await nested(levels)).toBeUndefined(),
  });
  const raw = (text: string) => readRaw(new Blob([text]).stream());
  atLimit('src/worker/triggers/email/read-raw.ts MAX_SIZE', {
    within: async (bytes) => expect(await raw('x'.repeat(bytes))).toHaveLength(bytes),
    beyond: async (bytes) => expect(await raw('x'.repeat(bytes))).toBeUndefined(),
  });
  atLimit('src/worker/triggers/email/read-raw.ts MAX_LINES', {
    within: async (lines) => expect(await raw('\n'.repeat(lines))).toHaveLength(lines),
    beyond: async (lines) => expect(await raw('\n'.repeat(lines))).toBeUndefined(),
  });
});

describe('what the worker keeps', () => {
  atLimit('src/worker/text-pieces.ts MAX_PIECE', {
    within: (length) => expect(splitText('x'.repeat(length)).map((piece) => piece.length)).toEqual([length]),
    beyond: (length) => expect(splitText('x'.repeat(length)).map((piece) => piece.length)).toEqual([length - 1, 1]),
  });
  const isShared = async (programs: number) => {
    const [first, ...others] = Array.from({ length: programs }, (_, index) => compileText(`ensemble: p${programs}-${index}\nagents: []\n`));
    if (first === undefined) throw new Error('there is no program');
    await shareProgram(first);
    for (const other of others) await shareProgram(other);
    return (await shareProgram(structuredClone(first))).program === first;
  };
  atLimit('src/worker/program-cache.ts MAX_PROGRAMS', {
    within: async (programs) => expect(await isShared(programs)).toBe(true),
    beyond: async (programs) => expect(await isShared(programs)).toBe(false),
  });
  const shards = (count: number) => shardCount({ ENSEMBLE_INDEX_SHARDS: String(count) });
  atLimit('src/worker/shards.ts MAX_SHARDS', {
    within: (count) => expect(shards(count)).toBe(count),
    beyond: (count) => expect(() => shards(count)).toThrow('must be a whole number from 1 to 256'),
  });
});

describe('events that wait for a reader', () => {
  const event = (seq: number, text: string): RunEvent => ({ seq, at: 0, run: 'r', type: 'log', agent: 'a', level: 'info', message: text });
  const lineOf = (given: RunEvent) => `${JSON.stringify(given)}\n`;
  /** Whether the event after so many bytes is kept in memory, too, and what the reader gets in the end. */
  const sent = async (bytes: number) => {
    const events = [event(0, 'x'.repeat(bytes - lineOf(event(0, '')).length)), event(1, 'next')];
    const written: RunEvent[] = [];
    const streams = new EventStreams({
      read: (seq) => written.slice(seq).map((given) => JSON.stringify(given)),
      get nextSeq() {
        return written.length;
      },
      isOver: () => false,
      sync: async () => undefined,
    });
    const reader = streams.open(0, true).getReader();
    await new Promise((resolve) => setImmediate(resolve));
    for (const given of events) {
      written.push(given);
      streams.send({ from: given.seq, to: given.seq + 1, isEnd: false, text: lineOf(given) });
    }
    // What is not kept is read from the journal, which has it no more.
    const inMemory = written.splice(1, 1, event(1, 'from the journal'));
    const read: string[] = [];
    for (let part = 0; part < 2; part++) read.push(Buffer.from((await reader.read()).value ?? []).toString());
    await reader.cancel();
    expect(inMemory).toHaveLength(1);
    expect(read[0]).toHaveLength(bytes);
    return JSON.parse(read[1] ?? '').message;
  };
  atLimit('src/worker/event-streams.ts MAX_WAITING', {
    within: async (bytes) => expect(await sent(bytes - 1)).toBe('next'),
    beyond: async (bytes) => expect(await sent(bytes - 1)).toBe('from the journal'),
  });
});

describe('a run at work in Workflows', () => {
  atLimit('src/worker/workflow/step-names.ts MAX_NAME', {
    within: async (length) => expect(await stepName('x'.repeat(length))).toBe('x'.repeat(length)),
    beyond: async (length) => expect(await stepName('x'.repeat(length))).toMatch(/^x{216}… [0-9a-f]{32}$/),
  });
  // Forty of its characters are for what makes it unlike all others.
  const readable = async (length: number) => /^wait-(x*)-/.exec(await eventType('x'.repeat(length - 40)))?.[1]?.length;
  atLimit('src/worker/workflow/step-names.ts MAX_TYPE', {
    within: async (length) => expect(await readable(length)).toBe(length - 40),
    beyond: async (length) => expect(await readable(length)).toBe(length - 41),
  });
  const sentBy = async (length: number) => {
    let way = '';
    const keeper = {
      appendEvents: async () => {
        way = 'call';
        return 'kept' as never;
      },
      fetch: async () => {
        way = 'request';
        return new Response('kept');
      },
    };
    const event = (text: string) => [{ type: 'log', text } as unknown as RunEvent];
    const rest = JSON.stringify({ group: event(''), raw: [] }).length;
    await new RemoteJournal(keeper, 'life', async () => {}).append(event('x'.repeat(length - rest)), []);
    return way;
  };
  atLimit('src/worker/workflow/remote-journal.ts MAX_CALL', {
    within: async (length) => expect(await sentBy(length)).toBe('call'),
    beyond: async (length) => expect(await sentBy(length)).toBe('request'),
  });
});

describe('a code agent', () => {
  const set = (count: number) => {
    vi.useFakeTimers();
    const timers = new CallTimers();
    try {
      for (let index = 0; index < count; index++) timers.set('setTimeout', () => {}, 1, []);
    } finally {
      timers.end();
      vi.useRealTimers();
    }
  };
  atLimit('src/worker/static-code/call-timers.ts MAX_TIMERS', {
    within: set,
    beyond: (count) => expect(() => set(count)).toThrow('max active timeouts: 5000'),
  });
  // Lists of a hundred each, so that none is cut; the lists are values, too.
  const shown = (values: number) => {
    const lists = Array.from({ length: Math.floor(values / 101) }, () => Array(100).fill(1));
    return renderLogLine([...lists, Array(values - 101 * lists.length - 1).fill(1)]).includes('more');
  };
  atLimit('src/worker/code-harness/log-text.ts MAX_VALUES', {
    within: (values) => expect(shown(values)).toBe(false),
    beyond: (values) => expect(shown(values)).toBe(true),
  });
  // A quote is two characters of JSON, and one of what the body hands on.
  const answered = async (length: number) => {
    const rest = '{"ok":true,"value":"","logs":[]}'.length;
    const value = '"'.repeat(Math.floor((length - rest) / 2)) + 'x'.repeat((length - rest) % 2);
    const calls = new BodyCalls({ console: {} as never, load: async () => ({ default: () => value }), enter: (_log, call) => call() });
    const scope = JSON.stringify({ input: {}, state: {}, env: {}, holes: [], agents: {}, config: {} });
    return calls.call('m.js', scope, 'id');
  };
  atLimit('src/worker/code-harness/body-calls.ts MAX_ANSWER_LENGTH', {
    within: async (length) => expect((await answered(length)).length).toBe(length),
    beyond: async (length) => expect(JSON.parse(await answered(length))).toMatchObject({ ok: false, code: 'OUTPUT_TOO_LARGE' }),
  });
});

describe('a value that is sealed', () => {
  const rows = (bytes: number) => {
    const written: number[] = [];
    const sql = {
      exec: (query: string, _seq?: number, _piece?: number, data?: ArrayBuffer) => {
        if (query.startsWith('INSERT') && data !== undefined) written.push(data.byteLength);
        return { toArray: () => [] };
      },
    };
    new SealedValues(sql, 'object').write(0, new Uint8Array(bytes));
    return written;
  };
  atLimit('src/worker/sealed-values.ts MAX_ROW_BYTES', {
    within: (bytes) => expect(rows(bytes)).toEqual([bytes]),
    beyond: (bytes) => expect(rows(bytes)).toEqual([bytes - 1, 1]),
  });
});
