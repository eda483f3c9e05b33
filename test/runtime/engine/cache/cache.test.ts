import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { failure } from '../../../../src/runtime/failure.ts';
import type { OperationResult } from '../../../../src/runtime/operations/operation.ts';
import type { CodeScope } from '../../../../src/runtime/ports.ts';
import { FakeClock, settle } from '../support/fake-clock.ts';
import { MemoryKv } from '../support/memory-kv.ts';
import { eventsOf, outline, runToEnd, startRun, type TestRunOptions } from '../support/test-run.ts';

const ask = (more = '    cache: { ttl: 1h }'): string => `
ensemble: e
agents:
  - name: ask
    operation: http
    config: { url: "http://x/\${input.id}", headers: { at: "\${input.at}" } }
${more}
output: { got: "\${ask.output}", cached: "\${ask.cached}", tries: "\${ask.attempts}", again: "\${ask.retry_count}", tainted: "\${ask.tainted}", status: "\${ask.response.status}" }
`;

/** Lets things run until it is so: hashing takes its time on another thread. */
async function until(isSo: () => boolean): Promise<void> {
  for (let turn = 0; turn < 10_000 && !isSo(); turn += 1) await settle();
  await settle();
}

/** Answers with how often it was asked. */
function counter(): { calls: number; readonly http: () => OperationResult } {
  const count = {
    calls: 0,
    http: (): OperationResult => {
      count.calls += 1;
      return { output: { n: count.calls }, response: { status: 201, ok: true, headers: { a: 'b' }, url: 'http://x/' } };
    },
  };
  return count;
}

describe('cache', () => {
  test('gives in a later run what the agent gave, without a try', async () => {
    const kv = new MemoryKv();
    const count = counter();
    const options: TestRunOptions = { kv, http: count.http, input: { id: 1, at: 1 } };
    const first = await runToEnd(ask(), options);
    expect(first.finished.output).toEqual({ got: { n: 1 }, cached: false, tries: 1, again: 0, tainted: true, status: 201 });
    const second = await runToEnd(ask(), options);
    expect(second.finished).toMatchObject({
      output: { got: { n: 1 }, cached: true, tries: 0, again: 0, tainted: true, status: 201 },
      steps: 1,
    });
    expect(count.calls).toBe(1);
    expect(outline(second)).toEqual(['run.started', 'agent.started ask', 'agent.finished ask', 'run.finished']);
    expect(eventsOf(second, 'agent.finished')).toMatchObject([
      { cached: true, attempts: 0, output: { n: 1 }, tainted: true, response: { status: 201 } },
    ]);
    expect(eventsOf(first, 'agent.finished')[0]).not.toHaveProperty('cached');
  });

  test('tells outputs apart by what the agent is given, not by the rest of the run’s input', async () => {
    const kv = new MemoryKv();
    const count = counter();
    const run = (input: TestRunOptions['input']) => runToEnd(ask(), { kv, http: count.http, input: input ?? null });
    await run({ id: 1, at: 1 });
    await run({ id: 2, at: 1 });
    await run({ id: 1, at: 2 });
    expect(count.calls).toBe(3);
    await run({ id: 1, at: 1, other: 'x' });
    expect(count.calls).toBe(3);
  });

  test('takes the author’s key alone, and names the entry after the ensemble, the agent and the key', async () => {
    const kv = new MemoryKv();
    const count = counter();
    const source = ask('    cache: { ttl: 10s, key: "${input.id}" }');
    await runToEnd(source, { kv, http: count.http, input: { id: 'a', at: 1 } });
    await runToEnd(source, { kv, http: count.http, input: { id: 'a', at: 2 } });
    expect(count.calls).toBe(1);
    const hash = createHash('sha256').update('"a"').digest('hex');
    expect([...kv.values.keys()]).toEqual([`cache:e/ask:${hash}`]);
    // KV keeps nothing for less than a minute.
    expect(kv.ttls).toEqual([60]);
  });

  test('forgets by its own clock', async () => {
    const kv = new MemoryKv();
    const count = counter();
    const at = (now: number, more = '    cache: { ttl: 10s }') =>
      runToEnd(ask(more), { kv, http: count.http, input: { id: 1, at: 1 }, clock: new FakeClock(now) });
    await at(100_000);
    await at(109_999);
    expect(count.calls).toBe(1);
    await at(110_000);
    expect(count.calls).toBe(2);
    await at(10_000_000, '    cache: {}');
    expect(count.calls).toBe(2);
    expect(kv.ttls).toEqual([60, 60]);
  });

  test('never keeps a failure, nor an output that could not be set', async () => {
    const kv = new MemoryKv();
    const failing = await runToEnd(ask(), {
      kv,
      http: () => {
        throw failure('HTTP_STATUS', '500', { status: 500 });
      },
      input: { id: 1, at: 1 },
    });
    expect(failing.finished.status).toBe('failed');
    const wrong = `
ensemble: e
state: { schema: { n: string } }
agents:
  - { name: ask, operation: http, config: { url: "http://x/" }, cache: {}, onError: continue, state: { set: { n: "\${ask.output.n}" } } }
`;
    const run = await runToEnd(wrong, { kv, http: counter().http });
    expect(eventsOf(run, 'agent.failed')).toMatchObject([{ failure: { code: 'STATE_TYPE' } }]);
    expect(kv.values.size).toBe(0);
  });

  test('never gives what does not satisfy the schema, nor what is no entry', async () => {
    const kv = new MemoryKv();
    const count = counter();
    const source = (type: string): string => ask(`    cache: { key: k }\n    schema: { output: { n: ${type} } }`);
    const options = { kv, http: count.http, input: { id: 1, at: 1 } };
    await runToEnd(ask('    cache: { key: k }'), options);
    const [key = ''] = kv.values.keys();
    kv.values.set(key, JSON.stringify({ at: 1_000, output: { n: 'text' }, tainted: false }));
    expect((await runToEnd(source('number'), options)).finished.output).toMatchObject({ got: { n: 2 }, cached: false });
    for (const broken of ['', '{', '[]', 'null', '{"at":"x","tainted":false}', '{"at":1000,"tainted":false,"response":{"status":"200"}}']) {
      kv.values.set(key, broken);
      expect((await runToEnd(source('number'), options)).finished.output).toMatchObject({ cached: false });
    }
    expect((await runToEnd(source('number'), options)).finished.output).toMatchObject({ cached: true });
  });

  test('restores taint, what code set, and evaluates `set` anew', async () => {
    const kv = new MemoryKv();
    let calls = 0;
    const code = {
      call: async (_module: string, scope: CodeScope) => {
        calls += 1;
        return { ok: true as const, value: { seen: scope.input }, setState: { b: calls }, logs: [] };
      },
    };
    const source = `
ensemble: e
state: { schema: { a: number, b: number } }
agents:
  - name: c
    operation: code
    config: { code: "setState({ b: 1 }); return 1;" }
    input: { x: 1 }
    cache: { key: same }
    state: { set: { a: "\${input.a}", b: "\${0}" } }
output: { a: "\${state.a}", b: "\${state.b}", tainted: "\${c.tainted}", out: "\${c.output}" }
`;
    await runToEnd(source, { kv, code, input: { a: 1 }, trigger: {} });
    const run = await runToEnd(source, { kv, code, input: { a: 2 } });
    expect(calls).toBe(1);
    expect(run.finished.output).toEqual({ a: 2, b: 1, tainted: true, out: { seen: { x: 1 } } });
    expect(eventsOf(run, 'state.set')).toMatchObject([{ values: { a: 2, b: 1 } }]);
  });

  test('knows code by its text, its input and what it reads of others, but not by how long they took', async () => {
    const kv = new MemoryKv();
    let calls = 0;
    const code = {
      call: async () => {
        calls += 1;
        return { ok: true as const, value: 1, setState: undefined, logs: [] };
      },
    };
    const source = (body: string): string => `
ensemble: e
agents:
  - { name: get, operation: http, config: { url: "http://x/" } }
  - { name: c, operation: code, config: { code: "${body}" }, input: { x: "\${input.x}" }, cache: {} }
`;
    const go = async (body: string, x: number, output: number, tookMs: number): Promise<void> => {
      const clock = new FakeClock();
      const { promise, resolve } = Promise.withResolvers<OperationResult>();
      const run = startRun(source(body), { kv, code, input: { x }, clock, http: () => promise });
      await clock.advance(tookMs);
      resolve({ output });
      await run.done;
    };
    await go('return get.output + input.x', 1, 1, 5);
    await go('return get.output + input.x', 1, 1, 50);
    expect(calls).toBe(1);
    await go('return get.output - input.x', 1, 1, 5);
    expect(calls).toBe(2);
    await go('return get.output + input.x', 2, 1, 5);
    expect(calls).toBe(3);
    await go('return get.output + input.x', 1, 2, 5);
    expect(calls).toBe(4);
  });

  test('knows an agent file by what it is given and by what it does', async () => {
    const kv = new MemoryKv();
    const count = counter();
    const agentFile = (url: string): string =>
      `agent: inner\noperations:\n  - { name: get, operation: http, config: { url: "http://x/${url}" } }\n`;
    const go = (url: string, x: number) =>
      runToEnd('ensemble: e\nagents:\n  - { name: inner, input: { x: "${input.x}" }, cache: {} }\n', {
        kv,
        http: count.http,
        input: { x },
        agentFiles: { inner: agentFile(url) },
      });
    await go('a', 1);
    expect((await go('a', 1)).finished).toMatchObject({ output: { n: 1 }, steps: 1 });
    await go('b', 1);
    await go('b', 2);
    expect(count.calls).toBe(3);
  });

  test('is left aside with a warning when KV does not answer, or is not there', async () => {
    const count = counter();
    const broken = new MemoryKv();
    broken.get = () => Promise.reject(new Error('no route'));
    broken.put = () => Promise.reject(new Error('no route either'));
    const run = await runToEnd(ask(), { kv: broken, http: count.http, input: { id: 1, at: 1 } });
    expect(run.finished.status).toBe('succeeded');
    expect(eventsOf(run, 'warning')).toMatchObject([
      { code: 'cache-unavailable', agent: 'ask', message: 'The cache of "ask" could not be read: no route' },
      { code: 'cache-unavailable', message: expect.stringContaining('written: no route either') },
    ]);
    const without = await runToEnd(ask(), { http: count.http, input: { id: 1, at: 1 } });
    expect(without.finished.status).toBe('succeeded');
    expect(eventsOf(without, 'warning')).toMatchObject([{ message: 'The cache of "ask" is not used: no KV namespace is bound.' }]);
    const keyless = await runToEnd(ask('    cache: { key: "${input.none}" }'), { kv: broken, http: count.http, input: { id: 1, at: 1 } });
    expect(eventsOf(keyless, 'warning')).toMatchObject([{ message: 'The cache of "ask" is not used: its `key` has no value here.' }]);
    expect(count.calls).toBe(3);
  });

  test('fails the agent when its key cannot be evaluated', async () => {
    const run = await runToEnd(ask('    cache: { key: "${input.none.trim()}" }'), { kv: new MemoryKv(), http: counter().http, input: {} });
    expect(run.finished).toMatchObject({ status: 'failed', failure: { code: 'EXPRESSION' } });
  });

  test('is asked only once what led to it is written, and is given up when the run is cancelled', async () => {
    const kv = new MemoryKv();
    kv.gate = new Promise(() => undefined);
    const run = startRun(ask(), { kv, http: counter().http, input: { id: 1, at: 1 } });
    await until(() => kv.asked.length > 0);
    expect(kv.asked).toHaveLength(1);
    expect(outline(run)).toEqual(['run.started', 'agent.started ask']);
    run.cancel();
    expect(await run.done).toMatchObject({ status: 'cancelled' });
    expect(eventsOf(run, 'agent.failed')).toMatchObject([{ agent: 'ask', failure: { code: 'CANCELLED' } }]);
  });

  test('has nothing to undo for what it gave', async () => {
    const kv = new MemoryKv();
    const urls: unknown[] = [];
    const source = `
ensemble: e
agents:
  - { name: a, operation: http, config: { url: "http://x/a" }, cache: {}, compensate: { operation: http, config: { url: "http://x/undo" } } }
  - { name: b, operation: http, config: { url: "http://x/fail" } }
`;
    const options: TestRunOptions = {
      kv,
      http: ({ url }) => {
        urls.push(url);
        if (url === 'http://x/fail') throw failure('NETWORK', 'down');
        return { output: 1 };
      },
    };
    await runToEnd(source, options);
    await runToEnd(source, options);
    expect(urls).toEqual(['http://x/a', 'http://x/fail', 'http://x/undo', 'http://x/fail']);
  });
});

describe('several agents that would do the same', () => {
  const PAIR = `
ensemble: e
agents:
  - name: all
    operation: http
    loop: { items: "\${input.items}", concurrency: 3 }
    onError: continue
    config: { url: "http://x/\${item}" }
    cache: {}
output: "\${all.outputs}"
`;
  interface Call {
    readonly url: unknown;
    readonly signal: AbortSignal;
    readonly resolve: (result: OperationResult) => void;
    readonly reject: (error: Error) => void;
  }
  function byHand(): { readonly calls: Call[]; readonly http: NonNullable<TestRunOptions['http']> } {
    const calls: Call[] = [];
    return {
      calls,
      http: ({ url }, { signal }) => new Promise((resolve, reject) => calls.push({ url, signal, resolve, reject })),
    };
  }

  test('wait for the first, which alone works', async () => {
    const kv = new MemoryKv();
    const { calls, http } = byHand();
    const run = startRun(PAIR, { kv, http, input: { items: ['a', 'a', 'a'] } });
    await until(() => calls.length > 0);
    expect(calls).toHaveLength(1);
    expect(kv.asked).toHaveLength(1);
    calls[0]?.resolve({ output: 'A' });
    expect((await run.done).output).toEqual(['A', 'A', 'A']);
    expect(eventsOf(run, 'agent.finished').map(({ agent, cached }) => [agent, cached])).toEqual([
      ['all[0]', undefined],
      ['all[1]', true],
      ['all[2]', true],
    ]);
    expect(kv.asked).toHaveLength(2);
  });

  test('try by themselves, one after another, when it failed', async () => {
    const { calls, http } = byHand();
    const run = startRun(PAIR, { kv: new MemoryKv(), http, input: { items: ['a', 'a', 'a'] } });
    await until(() => calls.length > 0);
    calls[0]?.reject(failure('NETWORK', 'down'));
    await until(() => calls.length > 1);
    expect(calls).toHaveLength(2);
    calls[1]?.resolve({ output: 'second' });
    expect((await run.done).output).toEqual([null, 'second', 'second']);
    expect(calls).toHaveLength(2);
  });

  test('do not wait for others', async () => {
    const { calls, http } = byHand();
    const run = startRun(PAIR, { kv: new MemoryKv(), http, input: { items: ['a', 'b', 'a'] } });
    await until(() => calls.length > 1);
    expect(calls).toHaveLength(2);
    calls[1]?.resolve({ output: 'B' });
    calls[0]?.resolve({ output: 'A' });
    expect((await run.done).output).toEqual(['A', 'B', 'A']);
  });

  test('share nothing with an agent of another name', async () => {
    const { calls, http } = byHand();
    const run = startRun(
      `
ensemble: e
agents:
  - type: parallel
    steps:
      - { name: a, operation: http, config: { url: "http://x/" }, cache: {} }
      - { name: b, operation: http, config: { url: "http://x/" }, cache: {} }
`,
      { kv: new MemoryKv(), http },
    );
    await until(() => calls.length > 1);
    expect(calls).toHaveLength(2);
    for (const call of calls) call.resolve({ output: 1 });
    expect(await run.done).toMatchObject({ status: 'succeeded' });
  });

  test('stop waiting when the run is cancelled', async () => {
    const { calls, http } = byHand();
    const run = startRun(PAIR, { kv: new MemoryKv(), http, input: { items: ['a', 'a'] } });
    await until(() => calls.length > 0);
    run.cancel();
    expect(await run.done).toMatchObject({ status: 'cancelled' });
    const failed = eventsOf(run, 'agent.failed').map(({ agent, failure: { code } }) => `${agent} ${code}`);
    expect(failed.toSorted()).toEqual(['all[0] CANCELLED', 'all[1] CANCELLED']);
    expect(calls).toHaveLength(1);
    expect(calls[0]?.signal.aborted).toBe(true);
  });

  test('work when only the first is cancelled', async () => {
    const { calls, http } = byHand();
    const run = startRun(
      `
ensemble: e
agents:
  - type: foreach
    items: [1, 2]
    concurrency: 2
    steps:
      - type: parallel
        waitFor: first
        steps:
          - { name: get, operation: http, config: { url: "http://x/" }, cache: { key: k } }
          - { name: quick, operation: http, config: { url: "http://x/quick" } }
`,
      { kv: new MemoryKv(), http },
    );
    await until(() => calls.length > 2);
    const ofUrl = (url: string): readonly Call[] => calls.filter((call) => call.url === url);
    expect(ofUrl('http://x/')).toHaveLength(1);
    ofUrl('http://x/quick')[0]?.resolve({ output: 'quick' });
    await until(() => calls.length > 3);
    expect(ofUrl('http://x/').map(({ signal }) => signal.aborted)).toEqual([true, false]);
    expect(eventsOf(run, 'agent.failed')).toMatchObject([{ agent: 'get[0]', failure: { code: 'CANCELLED' }, handled: true }]);
    ofUrl('http://x/')[1]?.resolve({ output: 'got' });
    expect((await run.done).output).toEqual(['quick', 'got']);
  });
});
