import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../../../src/program/json.ts';
import { failure } from '../../../../src/runtime/failure.ts';
import type { OperationContext } from '../../../../src/runtime/operations/operation.ts';
import { settle } from '../support/fake-clock.ts';
import { MemoryKv } from '../support/memory-kv.ts';
import { eventsOf, outline, runToEnd, startRun } from '../support/test-run.ts';

type Config = Readonly<Record<string, JsonValue>>;

/** Stands in for the outside: remembers what it was asked; a url that ends in `fail` fails. */
function outside(): { readonly seen: string[]; readonly http: (config: Config, context: OperationContext) => { output: JsonValue } } {
  const seen: string[] = [];
  return {
    seen,
    http: (config, { idempotencyKey }) => {
      const url = String(config.url).slice('http://x/'.length);
      seen.push(config.body === undefined ? url : `${url} ${JSON.stringify(config.body)}`);
      if (url.endsWith('fail')) throw failure('HTTP_STATUS', `${url} answered 500`, { status: 500 });
      return { output: { id: `${url}-id`, key: idempotencyKey } };
    },
  };
}

const SAGA = `
ensemble: order
agents:
  - name: reserve
    operation: http
    config: { url: "http://x/reserve" }
    compensate: { operation: http, config: { url: "http://x/release", body: "\${reserve.output.id}" } }
  - name: charge
    operation: http
    config: { url: "http://x/charge" }
    compensate: { name: refund, operation: http, config: { url: "http://x/refund", body: "\${charge.output.id}" } }
  - { name: ship, operation: http, config: { url: "http://x/\${input.ship}" } }
`;

describe('compensation', () => {
  test('undoes what succeeded in reverse order when the run fails', async () => {
    const { seen, http } = outside();
    const run = await runToEnd(SAGA, { http, input: { ship: 'fail' } });
    expect(seen).toEqual(['reserve', 'charge', 'fail', 'refund "charge-id"', 'release "reserve-id"']);
    expect(run.finished).toMatchObject({ status: 'failed', agent: 'ship', failure: { code: 'HTTP_STATUS' }, steps: 5 });
    expect(outline(run).slice(-7)).toEqual([
      'agent.failed ship',
      'run.compensating',
      'agent.started refund',
      'agent.finished refund',
      'agent.started reserve:compensate',
      'agent.finished reserve:compensate',
      'run.finished',
    ]);
    expect(eventsOf(run, 'run.compensating')).toMatchObject([{ agents: ['charge', 'reserve'] }]);
    expect(eventsOf(run, 'agent.started').map(({ compensates }) => compensates)).toEqual([
      undefined,
      undefined,
      undefined,
      'charge',
      'reserve',
    ]);
  });

  test('never happens when the run succeeds, nor for a failure that is handled', async () => {
    const { seen, http } = outside();
    const run = await runToEnd(SAGA, { http, input: { ship: 'ship' } });
    expect(run.finished).toMatchObject({ status: 'succeeded' });
    const handled = await runToEnd(
      SAGA.replace('config: { url: "http://x/${input.ship}" }', 'config: { url: "http://x/fail" }, onError: continue'),
      { http },
    );
    expect(handled.finished).toMatchObject({ status: 'succeeded' });
    expect(seen).toEqual(['reserve', 'charge', 'ship', 'reserve', 'charge', 'fail']);
  });

  test('happens when the run is cancelled, and is not cancelled itself', async () => {
    const { promise, resolve } = Promise.withResolvers<{ output: JsonValue }>();
    const seen: string[] = [];
    const run = startRun(SAGA, {
      input: { ship: 'slow' },
      http: (config, { signal }) => {
        const url = String(config.url).slice('http://x/'.length);
        seen.push(`${url} ${signal.aborted}`);
        if (url === 'slow') return new Promise(() => undefined);
        return url === 'refund' ? promise : { output: { id: 1 } };
      },
    });
    await settle();
    run.cancel('Ctrl-C');
    await settle();
    run.cancel('again');
    expect(seen).toEqual(['reserve false', 'charge false', 'slow false', 'refund false']);
    resolve({ output: null });
    expect(await run.done).toMatchObject({ status: 'cancelled', failure: { message: 'The run was cancelled: Ctrl-C' } });
    expect(seen.at(-1)).toBe('release false');
    expect(eventsOf(run, 'agent.failed')).toMatchObject([{ agent: 'ship', failure: { code: 'CANCELLED' }, handled: false }]);
  });

  test('goes on past one that fails, and the run keeps its own failure', async () => {
    const { seen, http } = outside();
    const run = await runToEnd(SAGA.replace('x/refund', 'x/refund-fail'), { http, input: { ship: 'fail' } });
    expect(seen.slice(-2)).toEqual(['refund-fail "charge-id"', 'release "reserve-id"']);
    expect(eventsOf(run, 'agent.failed')).toMatchObject([
      { agent: 'ship', handled: false },
      { agent: 'refund', handled: true },
    ]);
    expect(run.finished).toMatchObject({ status: 'failed', agent: 'ship', failure: { message: 'fail answered 500' } });
  });

  test('sees the scope as it stood after its agent', async () => {
    const { seen, http } = outside();
    const run = await runToEnd(
      `
ensemble: e
state: { schema: { n: number }, initial: { n: 0 } }
agents:
  - name: first
    operation: http
    config: { url: "http://x/first" }
    state: { set: { n: "\${1}" } }
    compensate:
      operation: http
      state: { use: [n] }
      config: { url: "http://x/undo-first", body: { n: "\${state.n}", own: "\${first.output.id}" } }
  - { name: second, operation: http, config: { url: "http://x/second" }, state: { set: { n: "\${2}" } } }
  - { name: third, operation: http, config: { url: "http://x/fail" } }
`,
      { http },
    );
    expect(run.finished.status).toBe('failed');
    expect(seen.at(-1)).toBe('undo-first {"n":1,"own":"first-id"}');
  });

  test('undoes each iteration with its item', async () => {
    const { seen, http } = outside();
    const run = await runToEnd(
      `
ensemble: e
agents:
  - name: book
    operation: http
    loop: { items: "\${input.rooms}" }
    config: { url: "http://x/book-\${item}" }
    compensate: { operation: http, config: { url: "http://x/cancel-\${item}", body: "\${book.output.id}" } }
  - { name: pay, operation: http, config: { url: "http://x/fail" } }
`,
      { http, input: { rooms: ['a', 'b'] } },
    );
    expect(run.finished).toMatchObject({ status: 'failed', agent: 'pay' });
    expect(seen.slice(-2)).toEqual(['cancel-b "book-b-id"', 'cancel-a "book-a-id"']);
    expect(eventsOf(run, 'run.compensating')).toMatchObject([{ agents: ['book[1]', 'book[0]'] }]);
    expect(eventsOf(run, 'agent.finished').map(({ agent }) => agent)).toEqual([
      'book[0]',
      'book[1]',
      'book:compensate[1]',
      'book:compensate[0]',
    ]);
  });

  test('skips agents that were skipped or failed', async () => {
    const { seen, http } = outside();
    await runToEnd(
      `
ensemble: e
agents:
  - { name: a, operation: http, condition: "\${false}", config: { url: "http://x/a" }, compensate: { operation: http, config: { url: "http://x/undo-a" } } }
  - { name: b, operation: http, config: { url: "http://x/fail" }, onError: continue, compensate: { operation: http, config: { url: "http://x/undo-b" } } }
  - { name: c, operation: http, config: { url: "http://x/fail" } }
`,
      { http },
    );
    expect(seen).toEqual(['fail', 'fail']);
  });

  test('tries again, waits and handles its own failures like any agent', async () => {
    const { seen, http } = outside();
    const run = startRun(
      `
ensemble: e
agents:
  - name: a
    operation: http
    config: { url: "http://x/a" }
    compensate:
      operation: http
      config: { url: "http://x/undo-fail" }
      retry: { maxAttempts: 2, initialDelay: 50, jitter: false, retryOn: [500] }
      onError: [{ name: tell, operation: http, config: { url: "http://x/tell \${error.agent} \${error.attempt}" } }]
  - { name: b, operation: http, config: { url: "http://x/fail" } }
`,
      { http },
    );
    await run.clock.advance(50);
    expect(await run.done).toMatchObject({ status: 'failed', agent: 'b' });
    expect(seen).toEqual(['a', 'fail', 'undo-fail', 'undo-fail', 'tell a:compensate 2']);
  });

  test('sets the state of the run, which is written when `persist` says so', async () => {
    const { http } = outside();
    const stored = new Map<string, string>();
    const run = await runToEnd(
      `
ensemble: e
state: { backend: kv, persist: always, schema: { held: boolean } }
agents:
  - name: hold
    operation: http
    config: { url: "http://x/hold" }
    state: { set: { held: "\${true}" } }
    compensate: { operation: http, config: { url: "http://x/free" }, state: { set: { held: "\${false}" } } }
  - { name: b, operation: http, config: { url: "http://x/fail" } }
`,
      {
        http,
        kv: {
          get: async (key) => stored.get(key) ?? null,
          getWithMetadata: async (key) => ({ value: stored.get(key) ?? null, metadata: null }),
          put: async (key, value) => void stored.set(key, value),
          delete: async (key) => void stored.delete(key),
          list: async () => ({ keys: [], list_complete: true }),
        },
      },
    );
    expect(run.finished.status).toBe('failed');
    expect([...stored.values()].map((text) => JSON.parse(text))).toEqual([{ held: false }]);
    expect(outline(run).slice(-2)).toEqual(['state.committed', 'run.finished']);
  });

  test('joins what it sets in a file that is over to what other calls of the file have set since', async () => {
    const { http } = outside();
    const kv = new MemoryKv();
    const agentFiles = {
      tally: `
agent: tally
state: { backend: kv, key: tally, persist: always, on_conflict: overwrite, schema: { n: { type: number, reducer: add } } }
operations:
  - name: one
    operation: log
    config: { message: one }
    state: { set: { n: 1 } }
    compensate: { operation: log, config: { message: undo }, state: { set: { n: -1 } } }
  - { name: ten, operation: log, config: { message: ten }, state: { set: { n: 10 } } }
`,
    };
    const file = `
ensemble: e
agents:
  - { name: first, agent: tally }
  - { name: second, agent: tally }
  - { name: last, operation: http, config: { url: "http://x/fail" } }
`;
    const run = await runToEnd(file, { http, agentFiles, kv });
    expect(run.finished.status).toBe('failed');
    expect(JSON.parse((await kv.get('tally')) ?? '')).toEqual({ n: 20 });
  });

  test('counts against the limits, which do not stop it', async () => {
    const { seen, http } = outside();
    const run = await runToEnd(`${SAGA}limits: { max_steps: 2 }\n`, { http, input: { ship: 'ship' } });
    expect(run.finished).toMatchObject({ status: 'failed', failure: { code: 'LIMIT_STEPS' }, steps: 4 });
    expect(seen).toEqual(['reserve', 'charge', 'refund "charge-id"', 'release "reserve-id"']);
  });

  test('happens for an agent whose model call went beyond a limit', async () => {
    const { seen, http } = outside();
    const run = await runToEnd(
      `
ensemble: e
limits: { max_tokens: 5 }
agents:
  - { name: t, operation: think, config: { provider: openai, model: m, prompt: hi }, compensate: { operation: http, config: { url: "http://x/undo" } } }
`,
      { http, think: () => ({ output: 'x', usage: { input_tokens: 5, output_tokens: 5 } }) },
    );
    expect(run.finished).toMatchObject({ failure: { code: 'LIMIT_TOKENS' } });
    expect(seen).toEqual(['undo']);
  });

  test('happens when the output of the ensemble cannot be built', async () => {
    const { seen, http } = outside();
    const run = await runToEnd(`${SAGA}output: "\${input.a.b.trim()}"\n`, { http, input: { ship: 'ship' } });
    expect(run.finished).toMatchObject({ status: 'failed', failure: { code: 'EXPRESSION' } });
    expect(seen).toEqual(['reserve', 'charge', 'ship', 'refund "charge-id"', 'release "reserve-id"']);
  });

  test('undoes what an agent file did, when the run fails and not when the file does', async () => {
    const { seen, http } = outside();
    const agentFiles = {
      both: `
agent: both
operations:
  - { name: one, operation: http, config: { url: "http://x/one" }, compensate: { operation: http, config: { url: "http://x/undo-one" } } }
  - { name: two, operation: http, config: { url: "http://x/\${input.two}" }, compensate: { operation: http, config: { url: "http://x/undo-two" } } }
`,
    };
    const file = `
ensemble: e
agents:
  - { name: both, input: { two: "\${input.two}" }, onError: continue }
  - { name: last, operation: http, config: { url: "http://x/\${input.last}" } }
`;
    const handled = await runToEnd(file, { http, agentFiles, input: { two: 'fail', last: 'last' } });
    expect(handled.finished.status).toBe('succeeded');
    expect(seen.splice(0)).toEqual(['one', 'fail', 'last']);
    const run = await runToEnd(file, { http, agentFiles, input: { two: 'two', last: 'fail' } });
    expect(seen).toEqual(['one', 'two', 'fail', 'undo-two', 'undo-one']);
    expect(eventsOf(run, 'run.compensating')).toMatchObject([{ agents: ['both/two', 'both/one'] }]);
    expect(eventsOf(run, 'agent.started').at(-1)).toMatchObject({ agent: 'both/one:compensate', compensates: 'both/one' });
  });

  test('keeps only the state keys and results that it reads, as they stood', async () => {
    const { seen, http } = outside();
    const run = await runToEnd(
      `
ensemble: e
state: { schema: { n: number, log: { type: array, default: [], reducer: append } }, initial: { n: 0 } }
agents:
  - type: while
    condition: "\${state.n < 2}"
    steps:
      - name: next
        operation: http
        config: { url: "http://x/next" }
        state: { use: [n], set: { n: "\${state.n + 1}" } }
        compensate:
          operation: http
          state: { use: [n], set: { log: "\${state.n}" } }
          config: { url: "http://x/undo", body: ["\${state.n}", "\${next.output.id}"] }
  - { name: b, operation: http, config: { url: "http://x/fail" } }
`,
      { http },
    );
    expect(seen.slice(-2)).toEqual(['undo [2,"next-id"]', 'undo [1,"next-id"]']);
    expect(eventsOf(run, 'state.set').slice(-2)).toMatchObject([{ values: { log: [2] } }, { values: { log: [2, 1] } }]);
  });

  test('is tainted by what it reads, as that stood', async () => {
    const run = await runToEnd(
      `
ensemble: e
state: { schema: { x: string } }
agents:
  - { name: get, operation: http, config: { url: "http://x/get" } }
  - name: put
    operation: transform
    config: { value: 1 }
    state: { set: { x: "\${get.output.id}" } }
    compensate: { name: undo, operation: transform, config: { value: "\${state.x}" }, state: { use: [x] } }
  - { name: clean, operation: transform, config: { value: 1 }, state: { set: { x: "\${'ok'}" } } }
  - { name: b, operation: http, config: { url: "http://x/fail" } }
`,
      { http: outside().http },
    );
    expect(eventsOf(run, 'agent.finished').at(-1)).toMatchObject({ agent: 'undo', output: 'get-id', tainted: true });
  });

  test('is a defect of ours without keeping the others from being undone', async () => {
    const { seen, http } = outside();
    const run = await runToEnd(SAGA, {
      input: { ship: 'fail' },
      http: (config, context) => {
        if (config.url === 'http://x/refund') throw new TypeError('a bug');
        return http(config, context);
      },
    });
    expect(seen.at(-1)).toBe('release "reserve-id"');
    expect(run.finished).toMatchObject({ status: 'failed', failure: { code: 'DEFECT' } });
  });
});

describe('compensation of an ensemble that another one runs', () => {
  const ensembles = {
    trip: `
ensemble: trip
agents:
  - { name: flight, operation: http, config: { url: "http://x/flight" }, compensate: { operation: http, config: { url: "http://x/undo-flight" } } }
  - { name: hotel, operation: http, config: { url: "http://x/\${input.hotel}" }, compensate: { operation: http, config: { url: "http://x/undo-hotel" } } }
`,
  };
  const file = `
ensemble: e
agents:
  - { name: pay, operation: http, config: { url: "http://x/pay" }, compensate: { operation: http, config: { url: "http://x/undo-pay" } } }
  - { name: trip, ensemble: trip, input: { hotel: "\${input.hotel}" } }
  - { name: last, operation: http, config: { url: "http://x/\${input.last}" } }
`;

  test('happens when it fails itself, whoever handles that', async () => {
    const { seen, http } = outside();
    const handled = file.replace('trip, input', 'trip, onError: continue, input');
    const run = await runToEnd(handled, { http, ensembles, input: { hotel: 'fail', last: 'last' } });
    expect(run.finished.status).toBe('succeeded');
    expect(seen).toEqual(['pay', 'flight', 'fail', 'undo-flight', 'last']);
    expect(eventsOf(run, 'run.compensating')).toMatchObject([{ agent: 'trip', agents: ['trip/flight'] }]);
    expect(outline(run).indexOf('run.compensating trip')).toBeLessThan(outline(run).indexOf('agent.failed trip'));
  });

  test('happens with that of the ensemble around, once each, when it had succeeded', async () => {
    const { seen, http } = outside();
    const run = await runToEnd(file, { http, ensembles, input: { hotel: 'hotel', last: 'fail' } });
    expect(run.finished).toMatchObject({ status: 'failed', agent: 'last' });
    expect(seen).toEqual(['pay', 'flight', 'hotel', 'fail', 'undo-hotel', 'undo-flight', 'undo-pay']);
    expect(eventsOf(run, 'run.compensating')).toMatchObject([{ agents: ['trip/hotel', 'trip/flight', 'pay'] }]);
  });

  test('happens when it goes beyond its own limits, which is a failure for whoever runs it', async () => {
    const { seen, http } = outside();
    const limited = { trip: `${ensembles.trip}limits: { max_steps: 1 }\n` };
    const handled = file.replace('trip, input', 'trip, onError: continue, input');
    const run = await runToEnd(handled, { http, ensembles: limited, input: { hotel: 'hotel', last: 'last' } });
    expect(run.finished.status).toBe('succeeded');
    expect(seen).toEqual(['pay', 'flight', 'undo-flight', 'last']);
    expect(eventsOf(run, 'agent.failed')).toMatchObject([{ agent: 'trip', failure: { code: 'LIMIT_STEPS' }, handled: true }]);
  });

  test('happens before that of the ensemble around when both are stopped', async () => {
    const seen: string[] = [];
    const run = startRun(file, {
      ensembles,
      input: { hotel: 'slow', last: 'last' },
      http: ({ url }) => {
        const name = String(url).slice('http://x/'.length);
        seen.push(name);
        return name === 'slow' ? new Promise(() => undefined) : { output: 1 };
      },
    });
    await settle();
    run.cancel();
    expect(await run.done).toMatchObject({ status: 'cancelled' });
    expect(seen).toEqual(['pay', 'flight', 'slow', 'undo-flight', 'undo-pay']);
    expect(eventsOf(run, 'run.compensating').map(({ agents }) => agents)).toEqual([['trip/flight'], ['pay']]);
  });
});
