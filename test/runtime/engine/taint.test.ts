import { describe, expect, test } from 'vitest';
import { eventsOf, runToEnd, type TestRun } from './support/test-run.ts';

const http = async () => ({ output: { text: 'from outside' } });
const taints = (run: Pick<TestRun, 'events'>): Record<string, boolean> =>
  Object.fromEntries(eventsOf(run, 'agent.finished').map(({ agent, tainted }) => [agent, tainted]));

describe('taint', () => {
  test('spreads from what came from outside to whoever reads it, and through the state', async () => {
    const run = await runToEnd(
      `
ensemble: e
state: { schema: { kept: string, own: string } }
agents:
  - { name: own, operation: transform, config: { value: mine }, state: { set: { own: "\${own.output}" } } }
  - { name: call, operation: http, config: { url: "http://x/" } }
  - { name: reads, operation: transform, config: { value: "\${call.output.text}" } }
  - { name: holds, operation: transform, config: { value: 1 }, state: { set: { kept: "\${call.output.text}" } } }
  - { name: later, operation: transform, config: { value: "\${state.kept}" }, state: { use: [kept] } }
  - { name: apart, operation: transform, config: { value: "\${state.own}" }, state: { use: [own] } }
  - { name: asks, operation: transform, condition: "\${call.output.text}", config: { value: 1 } }
output: ["\${call.tainted}", "\${apart.tainted}"]
`,
      { http },
    );
    expect(taints(run)).toEqual({ own: false, call: true, reads: true, holds: false, later: true, apart: false, asks: true });
    expect(eventsOf(run, 'state.set').map(({ agent, tainted }) => [agent, tainted])).toEqual([
      ['own', []],
      ['holds', ['kept']],
    ]);
    expect(run.finished.output).toEqual([true, false]);
  });

  test('goes away when a key is set again from what is not tainted', async () => {
    const run = await runToEnd(
      `
ensemble: e
state: { schema: { k: string } }
agents:
  - { name: call, operation: http, config: { url: "http://x/" }, state: { set: { k: "\${call.output.text}" } } }
  - { name: clean, operation: transform, config: { value: mine }, state: { set: { k: "\${clean.output}" } } }
  - { name: last, operation: transform, config: { value: "\${state.k}" }, state: { use: [k] } }
`,
      { http },
    );
    expect(taints(run)).toEqual({ call: true, clean: false, last: false });
  });

  test('covers every key that a tainted agent sets, whatever it is set to', async () => {
    const run = await runToEnd(
      `
ensemble: e
state: { schema: { seen: boolean, text: string } }
agents:
  - { name: call, operation: http, config: { url: "http://x/" }, state: { set: { seen: true } } }
  - { name: again, operation: http, config: { url: "http://x/" }, state: { set: [text] } }
`,
      { http },
    );
    expect(eventsOf(run, 'state.set').map(({ tainted }) => tainted)).toEqual([['seen'], ['text']]);
  });

  test("covers a trigger's payload, and the input that it became", async () => {
    const file = `
ensemble: e
agents:
  - { name: a, operation: transform, config: { value: "\${trigger.body}" } }
  - { name: b, operation: transform, config: { value: "\${input.body}" } }
  - { name: c, operation: transform, config: { value: 1 } }
  - { name: d, operation: transform, config: { value: 1 }, cache: { key: "\${input.body}" } }
`;
    const payload = { body: 'x' };
    expect(taints(await runToEnd(file, { input: payload, trigger: payload }))).toEqual({ a: true, b: true, c: false, d: true });
    expect(taints(await runToEnd(file, { input: payload }))).toEqual({ a: false, b: false, c: false, d: false });
  });

  test('makes an agent fail that rejects it, before it does anything', async () => {
    const run = await runToEnd(
      `
ensemble: e
agents:
  - { name: call, operation: http, config: { url: "http://x/" } }
  - { name: safe, operation: transform, config: { value: "\${call.output}", reject_tainted: true } }
`,
      { http },
    );
    expect(run.finished).toMatchObject({ status: 'failed', agent: 'safe', failure: { code: 'TAINTED' } });
  });

  test('crosses into agent files and out of them', async () => {
    const run = await runToEnd(
      `
ensemble: e
agents:
  - { name: call, operation: http, config: { url: "http://x/" } }
  - { name: one, agent: echo, input: { text: "\${call.output.text}" } }
  - { name: two, agent: echo, input: { text: mine } }
`,
      {
        http,
        agentFiles: {
          echo: `
agent: echo
operations:
  - { name: inner, operation: transform, config: { value: "\${input.text}" } }
  - { name: free, operation: transform, config: { value: 1 } }
outputs: { text: "\${inner.output}" }
`,
        },
      },
    );
    expect(taints(run)).toEqual({
      call: true,
      'one/inner': true,
      'one/free': false,
      one: true,
      'two/inner': false,
      'two/free': false,
      two: false,
    });
  });
});
