import { describe, expect, test } from 'vitest';
import type { CodeRunner, KvLike } from '../../../src/runtime/ports.ts';
import { eventsOf, outline, runToEnd, startRun } from './support/test-run.ts';

const agent = (name: string, value: string, more: string): string => `
  - name: ${name}
    operation: transform
    config: { value: ${value} }
    ${more}`;

/** A KV namespace in memory that tells what was written. */
function fakeKv(initial: Readonly<Record<string, string>> = {}): KvLike & { readonly data: Map<string, string> } {
  const data = new Map(Object.entries(initial));
  return {
    data,
    get: async (key) => data.get(key) ?? null,
    getWithMetadata: async (key) => ({ value: data.get(key) ?? null, metadata: null }),
    put: async (key, value) => {
      data.set(key, value);
    },
    delete: async (key) => {
      data.delete(key);
    },
    list: async () => ({ keys: [], list_complete: true }),
  };
}

describe('the state of a run', () => {
  test('is read where declared and set after the agent, from its own output', async () => {
    const run = await runToEnd(
      `
ensemble: e
state: { schema: { n: { type: number, default: 1 }, other: string } }
agents:${agent('a', '"${state.n}"', 'state: { use: [n], set: { n: "${a.output + 1}" } }')}${agent('b', '"${state.n}"', 'state: { use: [n] }')}
output: { b: "\${b.output}", all: "\${state}" }
`,
    );
    expect(run.finished.output).toEqual({ b: 2, all: { n: 2 } });
    expect(eventsOf(run, 'state.set')).toMatchObject([{ agent: 'a', values: { n: 2 }, writes: { n: 2 }, tainted: [] }]);
  });

  test('is written in the same group as the end of the agent', async () => {
    const run = await runToEnd(
      `ensemble: e\nstate: { schema: { n: number } }\nagents:${agent('a', '1', 'state: { set: { n: "${a.output}" } }')}`,
    );
    const group = run.groups.find((events) => events.some(({ type }) => type === 'state.set'));
    expect(group?.some(({ type }) => type === 'agent.finished')).toBe(true);
  });

  test('stays as it was when one of several values does not match: the agent fails', async () => {
    const run = await runToEnd(
      `
ensemble: e
state: { schema: { n: number, text: string } }
agents:${agent('a', '{ n: 1, text: "${input.text}" }', 'state: { set: { n: "${a.output.n}", text: "${a.output.text}" } }\n    onError: continue')}
output: { state: "\${state}", failed: "\${a.failed}", output: "\${a.output === undefined}" }
`,
      { input: { text: 2 } },
    );
    expect(run.finished.output).toEqual({ state: {}, failed: true, output: true });
    expect(eventsOf(run, 'agent.failed')).toMatchObject([{ failure: { code: 'STATE_TYPE' } }]);
    expect(outline(run)).not.toContain('agent.finished a');
    expect(outline(run)).not.toContain('state.set a');
  });

  test('takes same-named fields of the output with `set: [key]`', async () => {
    const run = await runToEnd(`
ensemble: e
state: { schema: { n: number, m: number } }
agents:${agent('a', '{ n: 1, x: 2 }', 'state: { set: [n, m] }')}
output: "\${state}"
`);
    expect(run.finished.output).toEqual({ n: 1 });
    expect(eventsOf(run, 'warning')).toMatchObject([{ code: 'state-undefined', agent: 'a' }]);
  });

  const setting = (setState: Readonly<Record<string, never>>): CodeRunner => ({
    call: async () => ({ ok: true, value: { n: 1 }, setState, logs: [] }),
  });
  const withCode = (set: string): string => `
ensemble: e
state: { schema: { n: number, m: number } }
agents:
  - { name: a, operation: code, config: { code: "return 1" }, state: { set: ${set} } }
output: "\${state}"
`;

  test('takes what a body passed to setState, before the output', async () => {
    expect((await runToEnd(withCode('[n]'), { code: setting({ n: 7 } as never) })).finished.output).toEqual({ n: 7 });
    expect((await runToEnd(withCode('{ n: "${a.output.n}" }'), { code: setting({ n: 7 } as never) })).finished.output).toEqual({ n: 7 });
  });

  test('takes no key from setState that the agent does not declare', async () => {
    const run = await runToEnd(withCode('[n]'), { code: setting({ n: 7, m: 8 } as never) });
    expect(run.finished).toMatchObject({ status: 'failed', failure: { code: 'STATE_TYPE' } });
    expect(run.finished.failure?.message).toContain('`state: { set: [m] }`');
  });
});

describe('a persistent state', () => {
  const file = (more = '', persist = 'on_success'): string => `
ensemble: counter
state: { backend: kv, key: "count-\${input.id}", persist: ${persist}, schema: { n: { type: number, default: 0 } } }
agents:${agent('a', '"${state.n + 1}"', 'state: { use: [n], set: { n: "${a.output}" } }')}${more}
output: "\${state.n}"
`;
  const failing = agent('boom', '"${input.x.y.trim()}"', '');

  test('is read before the first agent and written once after the last', async () => {
    const kv = fakeKv({ 'count-7': '{"n":41}' });
    const run = await runToEnd(file(), { kv, input: { id: 7 } });
    expect(run.finished.output).toBe(42);
    expect(JSON.parse(kv.data.get('count-7') ?? '')).toEqual({ n: 42 });
    expect(eventsOf(run, 'state.loaded')).toMatchObject([{ scope: 'count-7', backend: 'kv', values: { n: 41 } }]);
    expect(eventsOf(run, 'state.committed')).toMatchObject([{ scope: 'count-7', backend: 'kv', keys: ['n'], merged: false }]);
  });

  test('is not written when the run fails, unless `persist` says so', async () => {
    for (const [persist, written] of [
      ['on_success', undefined],
      ['always', 1],
      ['each', 1],
    ] as const) {
      const kv = fakeKv();
      const run = await runToEnd(file(failing, persist), { kv, input: { id: 1 } });
      expect(run.finished.status).toBe('failed');
      const text = kv.data.get('count-1');
      expect(text === undefined ? undefined : JSON.parse(text).n).toBe(written);
    }
  });

  test('is not written when only the output fails', async () => {
    const kv = fakeKv();
    const run = await runToEnd(file().replace('"${state.n}"', '"${JSON.parse(state.n).x.trim()}"'), { kv, input: { id: 1 } });
    expect(run.finished.status).toBe('failed');
    expect(kv.data.size).toBe(0);
  });

  test('is journalled before it is written', async () => {
    const kv = fakeKv();
    let before: readonly string[] = [];
    const run = startRun(file(), {
      input: { id: 1 },
      kv: {
        ...kv,
        put: async (...values) => {
          before = outline(run);
          return kv.put(...values);
        },
      },
    });
    expect(await run.done).toMatchObject({ status: 'succeeded' });
    expect(before.at(-1)).toBe('agent.finished a');
  });

  test('that is not configured fails the run with what to do', async () => {
    const run = await runToEnd(file(), { input: { id: 1 } });
    expect(run.finished).toMatchObject({ status: 'failed', failure: { code: 'BINDING_MISSING' } });
  });
});
