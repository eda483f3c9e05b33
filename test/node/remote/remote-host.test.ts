import type { ServerResponse } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import type { HostNotice } from '../../../src/node/host-notice.ts';
import type { ApiClient } from '../../../src/node/remote/api-client.ts';
import { REMOTE_CALLS } from '../../../src/node/remote/remote-calls.ts';
import { RemoteHost } from '../../../src/node/remote/remote-host.ts';
import { RemoteInterrupted, RemoteProblem } from '../../../src/node/remote/remote-problem.ts';
import { PROGRAM_FORMAT } from '../../../src/program/program.ts';
import type { RunEvent } from '../../../src/program/run-event.ts';
import { agentFinished, agentStarted, finished, numberEvents, STARTED } from '../../cli/support/events.ts';
import { openTestServer, type ReceivedRequest, sendJson, type TestServer } from '../../support/http-server.ts';

const KEY = 'k'.repeat(32);
const RUN = 'r'.repeat(26);
const EVENTS = numberEvents([STARTED, agentStarted('fetch'), agentFinished('fetch', { output: 1 }), finished({ output: 1 })]);
const PAGE = { runs: [] };

interface Opened extends AsyncDisposable {
  readonly host: RemoteHost;
  readonly requests: TestServer['requests'];
  readonly origin: string;
  /** How long was waited before something was tried again, ms. */
  readonly pauses: readonly number[];
  readonly notices: readonly HostNotice[];
  interrupt(): void;
}

const disposables: AsyncDisposable[] = [];
afterEach(async () => {
  for (const opened of disposables.splice(0)) await opened[Symbol.asyncDispose]();
});

/** A server whose answers come in the order of the requests; the last one answers all that follow. */
async function open(...answers: readonly ((response: ServerResponse, request: ReceivedRequest) => void)[]): Promise<Opened> {
  let count = 0;
  const server = await openTestServer((request, response) => {
    const answer = answers[Math.min(count++, answers.length - 1)];
    answer?.(response, request);
  });
  const pauses: number[] = [];
  const notices: HostNotice[] = [];
  const listeners = new Set<() => void>();
  const host = new RemoteHost({
    origin: server.origin,
    key: KEY,
    notice: (notice) => void notices.push(notice),
    pause: async (ms) => void pauses.push(ms),
    onInterrupt(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  });
  const opened: Opened = {
    host,
    requests: server.requests,
    origin: server.origin,
    pauses,
    notices,
    interrupt: () => {
      for (const listener of listeners) listener();
    },
    async [Symbol.asyncDispose]() {
      await host.close();
      await server[Symbol.asyncDispose]();
    },
  };
  disposables.push(opened);
  return opened;
}

const json =
  (value: unknown, status = 200, headers: Record<string, string> = {}) =>
  (response: ServerResponse) =>
    sendJson(response, value, status, headers);

const problem = (status: number, code: string, detail: string, more: Readonly<Record<string, unknown>> = {}, headers = {}) =>
  json({ ...more, type: `urn:ensemble:problem:${code}`, title: 't', status, code, detail }, status, {
    'content-type': 'application/problem+json',
    ...headers,
  });

const page =
  (type: string, text: string, status: number, headers: Record<string, string> = {}) =>
  (response: ServerResponse) => {
    response.writeHead(status, { 'content-type': type, ...headers });
    response.end(text);
  };

/** Events as NDJSON; `then`: what becomes of the connection. */
const stream =
  (events: readonly unknown[], then: 'end' | 'break' | 'stay' = 'end') =>
  (response: ServerResponse) => {
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    response.write(events.map((event) => `${JSON.stringify(event)}\n`).join(''));
    if (then === 'end') response.end();
    if (then === 'break') response.write('{"seq":', () => response.destroy());
  };

async function read(events: AsyncIterable<RunEvent> | undefined): Promise<readonly RunEvent[]> {
  const all: RunEvent[] = [];
  for await (const event of events ?? []) all.push(event);
  return all;
}

describe('what a Worker is asked', () => {
  test('carries the key, and a call goes to its route', async () => {
    const { host, requests } = await open(json(PAGE));
    await host.call('runs', { ensemble: 'shop', statuses: ['running', 'waiting'], since: 5, part: 'abcd', limit: 7 });
    await host.call('pause', { run: RUN, reason: 'why' });
    await host.call('signal', { run: RUN, name: 'paid/now', data: { cents: 1 } });
    await host.call('answer', { run: RUN, agent: 'outer/ask[2]', answer: { approved: true } });
    expect(requests.map(({ method, url, body }) => `${method} ${url} ${body}`)).toEqual([
      'GET /api/v1/runs?ensemble=shop&status=running%2Cwaiting&since=5&part=abcd&limit=7 ',
      `POST /api/v1/runs/${RUN}/pause {"reason":"why"}`,
      `POST /api/v1/runs/${RUN}/signals/paid%2Fnow {"cents":1}`,
      `POST /api/v1/runs/${RUN}/approvals/outer%2Fask%5B2%5D {"approved":true}`,
    ]);
    expect(new Set(requests.map(({ headers }) => headers.authorization))).toEqual(new Set([`Bearer ${KEY}`]));
  });

  test('a list that never ends is given up', async () => {
    const same = await open(json({ runs: [], next_cursor: RUN }));
    await expect(same.host.call('runs', { limit: 5 })).rejects.toThrow('without end');
    expect(same.requests).toHaveLength(2);
  });

  // at its limit: src/node/remote/remote-calls.ts MAX_PAGES
  test('a list of ten thousand empty pages is read to its end, and no longer one', async () => {
    let asked = 0;
    const pages = (last: number) => async () => {
      asked += 1;
      return { headers: new Headers(), value: { runs: [], ...(asked > last ? {} : { next_cursor: String(asked) }) } };
    };
    const list = (last: number) => {
      asked = 0;
      return REMOTE_CALLS.runs?.({ limit: 5 }, { origin: 'https://worker.test', ask: pages(last) } as unknown as ApiClient);
    };
    expect(await list(10_000)).toEqual({ runs: [] });
    await expect(list(10_001)).rejects.toThrow('without end');
    expect(asked).toBe(10_001);
  });

  test('a list longer than a page is read page by page, as far as is wanted', async () => {
    const summary = (seed: number) => ({
      run: String(seed).padStart(26, '0'),
      ensemble: 'shop',
      file: 'ensembles/shop.yaml',
      status: 'succeeded',
      started_at: seed,
      last_event_at: seed,
      attempt: 1,
      steps: 1,
    });
    const all = Array.from({ length: 250 }, (_, index) => summary(250 - index));
    const { host, requests } = await open((response, { url }) => {
      const query = new URL(url, 'http://x').searchParams;
      const start = query.has('cursor') ? all.findIndex(({ run }) => run === query.get('cursor')) + 1 : 0;
      const runs = all.slice(start, start + Number(query.get('limit')));
      const last = runs.at(-1);
      sendJson(response, { runs, ...(last === undefined || last === all.at(-1) ? {} : { next_cursor: last.run }) });
    });
    expect((await host.call('runs', { limit: 230 })).runs).toEqual(all.slice(0, 230));
    expect(requests).toHaveLength(3);
    expect((await host.call('runs', { limit: 1_000, before: all[199]?.run ?? '' })).runs).toEqual(all.slice(200));
  });

  test.each(['start', 'fork', 'forget', 'alive', 'settle'] as const)('%s is refused before anything is sent', async (name) => {
    const { host, requests } = await open(json({}));
    await expect(host.call(name, {} as never)).rejects.toThrow(RemoteProblem);
    expect(requests).toHaveLength(0);
  });

  test('secrets are not asked for, and neither are another program or variables for a run', async () => {
    const { host, requests } = await open(json({}));
    const address = { backend: 'kv', scope: 'visits' } as const;
    await expect(host.call('state', { action: 'read', address, reveal: true })).rejects.toThrow('--reveal');
    await expect(host.call('resume', { run: RUN, vars: { A: 'b' } })).rejects.toThrow('the variables of that Worker');
    expect(requests).toHaveLength(0);
  });
});

describe('what becomes of a wish', () => {
  test('a run that is not there is unknown, one whose status does not allow it says so in the words of the Worker', async () => {
    const { host } = await open(problem(404, 'not-found', 'There is no run.'), problem(409, 'conflict', 'The run is over.'));
    expect(await host.call('pause', { run: RUN })).toEqual({ type: 'unknown' });
    expect(await host.call('pause', { run: RUN })).toMatchObject({ type: 'impossible', message: 'The run is over.' });
  });

  test('an answer is taken, unknown, or refused with those who may give it', async () => {
    const answer = { run: RUN, agent: 'ask', answer: { approved: true } };
    const { host } = await open(
      json({}),
      problem(404, 'not-found', 'No agent waits.'),
      problem(403, 'forbidden', 'not you', { approvers: ['ann'] }),
      problem(403, 'forbidden', 'not this key'),
    );
    expect(await host.call('answer', answer)).toEqual({ type: 'taken' });
    expect(await host.call('answer', answer)).toEqual({ type: 'unknown' });
    expect(await host.call('answer', answer)).toEqual({ type: 'refused', approvers: ['ann'] });
    await expect(host.call('answer', answer)).rejects.toThrow('does not let this key do that: not this key (forbidden)');
  });

  test('a run, an ensemble and a program that are not there are undefined', async () => {
    const { host } = await open(problem(404, 'not-found', 'no'));
    expect(await host.events(RUN)).toBeUndefined();
    expect(await host.readProgram(RUN)).toBeUndefined();
    expect(await host.readEnsemble('shop')).toBeUndefined();
  });

  test('a program of another format is none', async () => {
    const { host } = await open(json({ format: 99 }));
    expect(await host.readProgram(RUN)).toBeUndefined();
  });

  test('a program that is none of its format is told as such', async () => {
    const { host } = await open(json({ format: PROGRAM_FORMAT, body: {} }));
    await expect(host.readProgram(RUN)).rejects.toThrow('does not understand');
  });
});

describe('a Worker that says no', () => {
  test.each([
    [401, 'unauthorized', 'does not take the key: because (unauthorized)\nIt comes from ENSEMBLE_API_KEY'],
    [403, 'forbidden', 'does not let this key do that: because (forbidden)'],
    [413, 'payload-too-large', 'answered 413: because (payload-too-large)'],
    [500, 'internal', 'answered 500: because (internal)'],
    [503, 'unavailable', 'answered 503: because (unavailable)'],
  ])('%i is told with its code and its reason, and not asked again', async (status, code, message) => {
    const { host, requests, origin } = await open(problem(status, code, 'because'));
    await expect(host.call('runs', {})).rejects.toThrow(`${origin} ${message}`);
    expect(requests).toHaveLength(1);
  });

  test('that has had too many requests is waited for as long as it says, whatever was asked', async () => {
    const busy = problem(429, 'too-many-requests', 'slow down', {}, { 'retry-after': '7' });
    const { host, pauses, notices, requests, origin } = await open(busy, busy, json({}));
    expect(await host.call('signal', { run: RUN, name: 'go' })).toEqual({ type: 'done' });
    expect(pauses).toEqual([7_000, 7_000]);
    expect(notices).toEqual([
      { type: 'throttled', origin, waitMs: 7_000 },
      { type: 'throttled', origin, waitMs: 7_000 },
    ]);
    expect(requests).toHaveLength(3);
  });

  // at its limit: src/node/remote/api-client.ts MAX_TRIES
  test('that has had too many requests four times is asked a fifth time, and no sixth', async () => {
    const busy = problem(429, 'too-many-requests', 'slow down', {}, { 'retry-after': '1' });
    const patient = await open(busy, busy, busy, busy, json({ runs: [] }));
    expect(await patient.host.call('runs', {})).toEqual({ runs: [] });
    const hopeless = await open(busy, busy, busy, busy, busy, json({ runs: [] }));
    await expect(hopeless.host.call('runs', {})).rejects.toThrow('slow down');
    expect([patient.requests.length, hopeless.requests.length]).toEqual([5, 5]);
  });

  // at its limit: src/node/remote/api-client.ts MOST_BYTES
  test('of 64 MiB is read, and no larger one', async () => {
    const value = '{"runs":[]}';
    const most = Buffer.alloc(64 * 1024 * 1024, ' ');
    most.write(value, most.length - value.length);
    const send = (extra: string) => (response: ServerResponse) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write(extra);
      response.end(most);
    };
    expect(await (await open(send(''))).host.call('runs', {})).toEqual({ runs: [] });
    await expect((await open(send(' '))).host.call('runs', {})).rejects.toThrow('answers with more than 64 MiB; that is not read');
  });

  test.each([
    ['for more than a minute', '3600', 1],
    ['again and again', '1', 5],
  ])('that has too many requests %s is given up', async (_, seconds, asked) => {
    const { host, requests } = await open(problem(429, 'too-many-requests', 'slow down', {}, { 'retry-after': seconds }));
    await expect(host.call('runs', {})).rejects.toThrow('has had too many requests of this key: slow down');
    expect(requests).toHaveLength(asked);
  });

  test('a gateway that fails is asked again for what does nothing twice, and only then', async () => {
    const failing = page('text/html', '<h1>502</h1>', 502);
    const { host, requests } = await open(failing, json(PAGE), failing);
    expect(await host.call('runs', {})).toEqual({ runs: [] });
    expect(requests).toHaveLength(2);
    await expect(host.call('signal', { run: RUN, name: 'go' })).rejects.toThrow('answered 502, and not in the words of an Ensemble Worker');
    expect(requests).toHaveLength(3);
  });

  test('a Worker that could not reach one of its objects is asked again when it says so', async () => {
    const busy = problem(503, 'unavailable', 'not just now', {}, { 'retry-after': '1' });
    const { host, pauses, requests } = await open(busy, json(PAGE), busy);
    expect(await host.call('runs', {})).toEqual({ runs: [] });
    expect(pauses).toEqual([1_000]);
    await expect(host.call('signal', { run: RUN, name: 'go' })).rejects.toThrow('answered 503: not just now (unavailable)');
    expect(requests).toHaveLength(3);
  });

  test('a redirect is not followed: the key goes nowhere else', async () => {
    const elsewhere = await open(json(PAGE));
    const { host } = await open(page('text/plain', '', 302, { location: `${elsewhere.origin}/api/v1/runs` }));
    await expect(host.call('runs', {})).rejects.toThrow(`with a redirect to ${elsewhere.origin}/api/v1/runs; the key is not sent there`);
    expect(elsewhere.requests).toHaveLength(0);
  });
});

describe('answers that are not those of an Ensemble Worker', () => {
  test.each([
    ['a page', page('text/html; charset=utf-8', '<html>', 200), 'it answered 200 with text/html; is the address right?'],
    ['no page', page('text/html', 'Not found', 404), 'it answered 404 with text/html'],
    ['a problem of another kind', page('application/problem+json', '{"title":"x"}', 400), 'it answered 400 with application/problem+json'],
    ['a text that is no JSON', page('application/json', '{"runs":', 200), 'is not JSON, although it says so'],
    ['JSON of another shape', json({ items: [] }), 'does not understand'],
    ['a run without a time', json({ runs: [{ run: RUN, ensemble: 'x', status: 'failed' }] }), 'does not understand: runs[0]'],
    [
      'a run that began at no date',
      json({ runs: [{ run: RUN, ensemble: 'x', status: 'failed', started_at: 1e300, last_event_at: 1 }] }),
      'does not understand: runs[0].started_at',
    ],
  ])('%s is told as such', async (_, answer, message) => {
    const { host } = await open(answer);
    const asked = host.call('runs', {});
    await expect(asked).rejects.toThrow(RemoteProblem);
    await expect(asked).rejects.toThrow(message);
  });

  test('what it says stays on its line', async () => {
    const { host } = await open(problem(400, 'bad-request', 'no\nerror: something else'));
    await expect(host.call('runs', {})).rejects.toThrow(/: no error: something else \(bad-request\)$/);
  });

  test('what it says in one sentence is cut', async () => {
    const { host } = await open(problem(400, 'bad-request', 'x'.repeat(100_000)));
    await expect(host.call('runs', {})).rejects.toSatisfy((error) => error instanceof RemoteProblem && error.message.length < 3_000);
  });
});

describe('a connection', () => {
  test('that cannot be made is told at once, with what to look at', async () => {
    const gone = await openTestServer(() => {});
    await gone[Symbol.asyncDispose]();
    const host = new RemoteHost({ origin: gone.origin, key: KEY });
    await expect(host.call('runs', {})).rejects.toThrow(`${gone.origin} cannot be reached: `);
    await expect(host.call('runs', {})).rejects.toThrow('Is ensemble dev running, on that port?');
  });

  test('that breaks is made again for what does nothing twice', async () => {
    const { host, requests } = await open(json(PAGE), (response) => response.destroy(), json({}));
    await host.call('runs', {});
    expect(await host.call('cancel', { run: RUN, reason: 'x' })).toEqual({ type: 'done' });
    expect(requests.map(({ url }) => url)).toEqual(['/api/v1/runs?limit=100', `/api/v1/runs/${RUN}/cancel`, `/api/v1/runs/${RUN}/cancel`]);
  });

  test('that breaks under an answer to a question leaves open what was done: it is not sent twice', async () => {
    const { host, requests } = await open(json(PAGE), (response) => response.destroy());
    await host.call('runs', {});
    await expect(host.call('answer', { run: RUN, agent: 'ask', answer: { approved: true } })).rejects.toThrow(
      'the connection was lost before it said whether that was done',
    );
    expect(requests).toHaveLength(2);
  });

  test('that breaks when a run is started does not start it twice: both requests carry one key', async () => {
    const { host, requests } = await open(json({ id: 'shop' }), (response) => response.destroy(), json({ run: RUN }, 202));
    await host.readEnsemble('shop');
    expect(await host.start('orders/refund', { a: 1 }, 'one-key')).toBe(RUN);
    expect(requests.slice(1).map(({ url, body, headers }) => [url, body, headers['idempotency-key']])).toEqual([
      ['/api/v1/ensembles/orders%2Frefund/runs', '{"a":1}', 'one-key'],
      ['/api/v1/ensembles/orders%2Frefund/runs', '{"a":1}', 'one-key'],
    ]);
  });
});

describe('the events of a run', () => {
  test('come each once and in order, however often the connection breaks', async () => {
    const { host, requests } = await open(
      stream(EVENTS.slice(0, 1), 'break'),
      stream([], 'break'),
      stream(EVENTS.slice(1, 3), 'end'),
      // One that does not know `from` tells them all.
      stream(EVENTS),
    );
    expect(await read(await host.events(RUN, { follow: true }))).toEqual(EVENTS);
    expect(requests.map(({ url }) => url)).toEqual([
      `/api/v1/runs/${RUN}/events?from=0&follow=1`,
      `/api/v1/runs/${RUN}/events?from=1&follow=1`,
      `/api/v1/runs/${RUN}/events?from=1&follow=1`,
      `/api/v1/runs/${RUN}/events?from=3&follow=1`,
    ]);
    expect(requests[0]?.headers).toMatchObject({ accept: 'application/x-ndjson, application/problem+json', 'accept-encoding': 'identity' });
  });

  test('that are written now end with the last of them, from where they were asked for', async () => {
    const { host, requests } = await open(stream(EVENTS.slice(1, 3)));
    expect(await read(await host.events(RUN, { from: 1 }))).toEqual(EVENTS.slice(1, 3));
    expect(requests.map(({ url }) => url)).toEqual([`/api/v1/runs/${RUN}/events?from=1&follow=0`]);
  });

  test('that never come are given up, with how to follow the run again', async () => {
    const { host, pauses } = await open(stream([], 'break'));
    await expect(read(await host.events(RUN, { follow: true }))).rejects.toThrow(`ensemble attach ${RUN} follows it again`);
    expect(Math.max(...pauses)).toBe(5_000);
  });

  test('end with the run, although the connection stays', async () => {
    const { host } = await open(stream(EVENTS, 'stay'));
    expect(await read(await host.events(RUN, { follow: true }))).toHaveLength(4);
  });

  test('of a type that is not known are left out, and the others come', async () => {
    const [first, , third, last] = EVENTS;
    const { host } = await open(stream([first, { ...EVENTS[1], type: 'agent.dreamt' }, third, last]));
    expect(await read(await host.events(RUN))).toEqual([first, third, last]);
  });

  test('may tell more than is known', async () => {
    const [first, ...others] = EVENTS;
    const { host } = await open(stream([{ ...first, region: 'weur' }, ...others]));
    expect((await read(await host.events(RUN)))[0]).toEqual({ ...first, region: 'weur' });
  });

  test.each([
    ['is missing', [EVENTS[0], EVENTS[2]], 'event 1 is missing'],
    ['has not what its type has', [{ ...EVENTS[0], agents: 'all' }], 'does not understand: agents'],
    ['is of another run', [{ ...EVENTS[0], run: 'q'.repeat(26) }], 'they are of another run'],
    ['is none', [42], 'it is no event'],
  ])('of which one %s are told as such', async (_, events, message) => {
    const { host } = await open(stream(events));
    const all = read(await host.events(RUN));
    await expect(all).rejects.toThrow(RemoteProblem);
    await expect(all).rejects.toThrow(message);
  });

  test('that are no JSON are told as such', async () => {
    const { host } = await open(page('application/x-ndjson', '{"seq":\n', 200));
    await expect(read(await host.events(RUN))).rejects.toThrow('sent events that are not JSON');
  });

  test('of a run that is deleted while it is followed are told to be gone', async () => {
    const { host } = await open(stream(EVENTS.slice(0, 2), 'break'), problem(404, 'not-found', 'no'));
    await expect(read(await host.events(RUN, { follow: true }))).rejects.toThrow(`the run ${RUN} is gone`);
  });
});

describe('an interrupt', () => {
  test('ends what is only read at once, and a wish when it comes again', async () => {
    const silent = (): void => {};
    const { host, requests, interrupt } = await open(silent);
    const arrived = (count: number) => expect.poll(() => requests.length).toBe(count);
    const reading = host.call('runs', {});
    const wishing = host.call('cancel', { run: RUN, reason: 'x' });
    let gaveUp = false;
    wishing.catch(() => {
      gaveUp = true;
    });
    await arrived(2);
    interrupt();
    await expect(reading).rejects.toThrow(RemoteInterrupted);
    // Nothing is given up later than what is only read.
    await setImmediate();
    expect(gaveUp).toBe(false);
    const later = host.call('pause', { run: RUN });
    await arrived(3);
    interrupt();
    await expect(wishing).rejects.toThrow(RemoteInterrupted);
    await expect(later).rejects.toThrow(RemoteInterrupted);
  });

  test('leaves a stream that is followed to its reader, and closing the host ends it', async () => {
    const { host, interrupt } = await open(stream(EVENTS.slice(0, 2), 'stay'));
    const events = (await host.events(RUN, { follow: true }))?.[Symbol.asyncIterator]();
    expect((await events?.next())?.value).toEqual(EVENTS[0]);
    interrupt();
    expect((await events?.next())?.value).toEqual(EVENTS[1]);
    const next = events?.next();
    await host.close();
    await expect(next).rejects.toThrow(RemoteInterrupted);
  });
});
