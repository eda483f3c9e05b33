import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HOST_ROUTES } from '../../src/program/host-protocol.ts';
import type { RunEvent } from '../../src/program/run-event.ts';
import { fold } from '../../src/runtime/journal/fold.ts';
import { openRunHost, parseLines, type RunHost, TOKEN } from './support/run-host.ts';

let host: RunHost;
/** What the world outside answers; a test puts its own in. */
let answer: (request: Request) => Response | Promise<Response> = () => new Response('{}');

beforeAll(async () => {
  const { Response: MiniflareResponse } = await import('miniflare');
  host = await openRunHost({
    vars: { REGION: 'europe', API_KEY: 'sk-of-the-worker' },
    secrets: ['API_KEY'],
    outbound: async (request) => {
      const response = await answer(request);
      return new MiniflareResponse(await response.text(), {
        status: response.status,
        headers: [...response.headers],
      }) as unknown as Response;
    },
  });
});
afterAll(() => host.close());

const finish = (events: readonly RunEvent[]): Extract<RunEvent, { type: 'run.finished' }> => {
  const last = events.at(-1);
  if (last?.type !== 'run.finished') throw new Error(`the last event is ${last?.type}`);
  return last;
};

describe('a run in its Durable Object', () => {
  test('runs code, operations and state, and streams what its journal holds', async () => {
    const events = await host.run(
      `
ensemble: whole
state: { schema: { docs: { type: array, default: [], reducer: append } } }
agents:
  - name: count-words
    operation: code
    config:
      code: |
        console.log('counting', \${input.text});
        return { words: \${input.text}.split(' ').length, missing: \${input.nothing} === undefined, quoted: 'say \${input.text}' };
    state: { use: [docs], set: { docs: "\${count-words.output.words}" } }
  - { name: keep, operation: storage, config: { type: kv, action: put, key: "k-\${input.id}", value: "\${count-words.output}" } }
  - { name: again, operation: storage, config: { type: kv, action: get, key: "k-\${input.id}" } }
  - { name: rows, operation: data, config: { backend: d1, query: "SELECT ? AS n", params: [7] } }
output: { kept: "\${again.output.value}", docs: "\${state.docs}", n: "\${rows.output.rows[0].n}", region: "\${env.REGION}" }
`,
      { run: 'whole', input: { id: 1, text: "the 'quick' ${fox} `jumps` */" } },
    );
    const text = "the 'quick' ${fox} `jumps` */";
    expect(finish(events)).toMatchObject({
      status: 'succeeded',
      output: { kept: { words: 5, missing: true, quoted: `say ${text}` }, docs: [5], n: 7, region: 'europe' },
    });
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index));
    expect(await host.events('whole')).toEqual(events);
    expect(await host.events('whole', 3)).toEqual(events.slice(3));
    expect(fold(events)).toMatchObject({ status: 'succeeded', nextSeq: events.length });
  });

  test('tells each event as soon as it is written, not only at the end', async () => {
    const late = Promise.withResolvers<Response>();
    answer = () => late.promise;
    const response = await host.send(`
ensemble: live
agents:
  - { name: first, operation: log, config: { message: hello } }
  - { name: slow, operation: http, config: { url: "http://example.com/" } }
`);
    const reader = response.body?.getReader();
    let seen = '';
    while (!seen.includes('"agent.started","agent":"slow"')) seen += new TextDecoder().decode((await reader?.read())?.value);
    expect(seen).toContain('"message":"hello"');
    expect(seen).not.toContain('agent.finished","agent":"slow"');
    late.resolve(new Response('"late"', { headers: { 'content-type': 'application/json' } }));
    for (let part = await reader?.read(); part?.done === false; part = await reader?.read()) seen += new TextDecoder().decode(part.value);
    expect(finish(parseLines(seen))).toMatchObject({ status: 'succeeded', output: 'late' });
  });

  test('goes on when whoever follows it goes away', async () => {
    let release: (() => void) | undefined;
    const asked = new Promise<void>((resolve) => {
      answer = () => {
        resolve();
        return new Promise((done) => {
          release = () => done(new Response('{}'));
        });
      };
    });
    const response = await host.send(
      'ensemble: e\nagents:\n  - { name: slow, operation: http, config: { url: "http://example.com/" } }\n',
      { run: 'left' },
    );
    await asked;
    await response.body?.cancel();
    release?.();
    await expect.poll(async () => (await host.events('left')).at(-1)?.type).toBe('run.finished');
    expect(finish(await host.events('left'))).toMatchObject({ status: 'succeeded' });
  });

  test('is cancelled from outside while an agent is at work', async () => {
    const asked = new Promise<void>((resolve) => {
      answer = () => {
        resolve();
        return new Promise(() => {});
      };
    });
    const running = host.run(
      'ensemble: e\nagents:\n  - { name: slow, operation: http, config: { url: "http://example.com/" }, onError: continue }\n',
      { run: 'stop-me' },
    );
    await asked;
    expect((await host.cancel('stop-me', 'Ctrl-C')).status).toBe(200);
    const events = await running;
    expect(finish(events)).toMatchObject({ status: 'cancelled', failure: { message: 'The run was cancelled: Ctrl-C' } });
    expect(await (await host.cancel('stop-me', 'again')).json()).toMatchObject({ type: 'impossible', status: 'cancelled' });
    expect(await host.events('stop-me')).toEqual(events);
    expect(await (await host.cancel('no-such-run', 'x')).json()).toEqual({ type: 'unknown' });
  });

  test('is cancelled while a code body waits, whose own signal fires', async () => {
    const running = host.run(
      `
ensemble: e
agents:
  - name: waits
    operation: code
    timeout: 20s
    config: { code: "await new Promise((r) => signal.addEventListener('abort', r)); return 1" }
`,
      { run: 'stop-code' },
    );
    await expect.poll(async () => await (await host.cancel('stop-code', 'now')).json()).toEqual({ type: 'done' });
    expect(finish(await running)).toMatchObject({ status: 'cancelled' });
  });

  test('journals what a long code body logs while it runs', async () => {
    // The body ends only once what it has logged is in the journal.
    answer = async () => {
      await expect.poll(async () => (await host.events('long')).filter(({ type }) => type === 'log'), { timeout: 60_000 }).toHaveLength(1);
      return new Response('go on');
    };
    const events = await host.run(
      `
ensemble: e
agents:
  - name: long
    operation: code
    config:
      network: true
      code: |
        console.log('begun');
        const said = await (await fetch('http://example.com/')).text();
        console.log(said);
        return 1;
output: \${long.logs}
`,
      { run: 'long' },
    );
    expect(finish(events).output).toMatchObject([{ message: 'begun' }, { message: 'go on' }]);
  });

  test('cancels a code body that takes too long', async () => {
    const events = await host.run(`
ensemble: e
agents:
  - { name: forever, operation: code, timeout: 30ms, config: { code: "await new Promise(() => {})" }, onError: continue }
  - { name: sleeps, operation: code, timeout: 30ms, config: { code: "await new Promise((r) => setTimeout(r, 99000))" }, onError: continue }
output: ["\${forever.failure.code}", "\${sleeps.failure.code}"]
`);
    expect(finish(events).output).toEqual(['TIMEOUT', 'TIMEOUT']);
  });

  test('tries again with real pauses, as long as the server asks', async () => {
    let tries = 0;
    const times: number[] = [];
    answer = () => {
      times.push(performance.now());
      tries += 1;
      return tries === 1
        ? new Response('busy', { status: 503, headers: { 'retry-after': '1' } })
        : new Response('{"tries":2}', { headers: { 'content-type': 'application/json' } });
    };
    const events = await host.run(`
ensemble: e
agents:
  - { name: call, operation: http, config: { url: "http://example.com/" }, retry: { maxAttempts: 2, initialDelay: 1 } }
`);
    expect(finish(events)).toMatchObject({ status: 'succeeded', output: { tries: 2 } });
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(900);
  });

  test('refuses a second run of the same name', async () => {
    const file = 'ensemble: e\nagents:\n  - { name: a, operation: log, config: { message: m } }\n';
    await host.run(file, { run: 'once' });
    expect((await host.send(file, { run: 'once' })).status).toBe(409);
    expect(await host.events('once')).toHaveLength(5);
  });

  test('refuses a program of a newer format', async () => {
    const { programOf } = await import('../runtime/engine/support/program-of.ts');
    const program = programOf('ensemble: e\nagents:\n  - { name: a, operation: log, config: { message: m } }\n');
    const response = await host.send({ ...program, format: 99 as never });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('format 99');
  });

  test('keeps secrets out of its events and its journal', async () => {
    let sent: string | null = null;
    answer = (request) => {
      sent = request.headers.get('authorization');
      return new Response(JSON.stringify({ echo: sent }), { headers: { 'content-type': 'application/json' } });
    };
    const events = await host.run(
      `
ensemble: e
agents:
  - name: call
    operation: http
    config: { url: "http://example.com/", headers: { authorization: "Bearer \${env.API_KEY}-\${env.MINE}-\${env.PLAIN}" } }
`,
      { run: 'secret', vars: { MINE: 'mine-is-secret', PLAIN: 'visible' }, secretVars: ['MINE'] },
    );
    expect(sent).toBe('Bearer sk-of-the-worker-mine-is-secret-visible');
    expect(finish(events).output).toEqual({ echo: 'Bearer [secret API_KEY]-[secret MINE]-visible' });
  });

  test('keeps an event that is larger than a row of its table', async () => {
    const events = await host.run(
      `
ensemble: e
agents:
  - name: big
    operation: code
    config:
      code: |
        return '\u{1F600}x'.repeat(1200000);
  - { name: size, operation: transform, config: { value: "\${big.output.length}" } }
`,
      { run: 'big' },
    );
    expect(finish(events)).toMatchObject({ status: 'succeeded', output: 3_600_000 });
    expect(await host.events('big')).toEqual(events);
    expect((await host.events('big', events.length - 1)).map(({ type }) => type)).toEqual(['run.finished']);
  });

  test('uses the first binding of the host’s list where none is named', async () => {
    await host.run(
      'ensemble: e\nagents:\n  - { name: a, operation: storage, config: { type: kv, action: put, key: where, value: here } }\n',
    );
    const [kv, other] = [await host.miniflare.getKVNamespace('KV'), await host.miniflare.getKVNamespace('OTHER_KV')];
    expect([await kv.get('where'), await other.get('where')]).toEqual(['here', null]);
  });

  test('keeps state in a durable object across runs', async () => {
    const file = `
ensemble: counter
state: { backend: durable-object, key: "c-\${input.id}", schema: { n: { type: number, default: 0 } } }
agents:
  - { name: add, operation: transform, config: { value: "\${state.n + 1}" }, state: { use: [n], set: { n: "\${add.output}" } } }
`;
    const outputs: unknown[] = [];
    for (const id of ['a', 'a', 'b', 'a']) outputs.push(finish(await host.run(file, { input: { id } })).output);
    expect(outputs).toEqual([1, 2, 1, 3]);
  });
});

describe('the routes of the host', () => {
  test.each([
    ['without a token', null],
    ['with another token', 'x'.repeat(TOKEN.length)],
    ['with a part of the token', TOKEN.slice(1)],
  ])('do not exist for a request %s', async (_, token) => {
    for (const [path, method] of [
      [HOST_ROUTES.run, 'POST'],
      [`${HOST_ROUTES.call}cancel`, 'POST'],
      [`${HOST_ROUTES.events}?run=once`, 'GET'],
    ] as const) {
      const response = await host.request(path, { method, token, ...(method === 'POST' ? { body: '{}' } : {}) });
      expect(response.status).toBe(404);
    }
  });

  test('do not exist in a Worker that has no token', async () => {
    const bare = await openRunHost({ token: '' });
    try {
      expect((await bare.request(HOST_ROUTES.events, { token: '' })).status).toBe(404);
    } finally {
      await bare.close();
    }
  });
});
