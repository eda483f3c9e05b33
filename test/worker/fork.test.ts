import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WORKER_BINDINGS } from '../../src/program/host-protocol.ts';
import type { RunEvent } from '../../src/program/run-event.ts';
import { programOf } from '../runtime/engine/support/program-of.ts';
import { atLimit } from '../support/at-limit.ts';
import { openTestServer, sendJson, type TestServer } from '../support/http-server.ts';
import { openRunHost, type RunHost } from './support/run-host.ts';

let host: RunHost;
let server: TestServer;
beforeAll(async () => {
  server = await openTestServer((request, response) => sendJson(response, { at: request.url }));
  const sealKey = Buffer.alloc(32, 3).toString('base64');
  host = await openRunHost({ vars: { [WORKER_BINDINGS.sealKey]: sealKey } });
});
afterAll(async () => {
  await host?.close();
  await server?.[Symbol.asyncDispose]();
});

const last = (events: readonly RunEvent[]) => events.at(-1);
const counted = (path: string): number => server.requests.filter(({ url }) => url === path).length;

const COUNTING = (origin: string) => `
ensemble: counting
state: { schema: { total: { type: number, default: 1 }, name: { type: string, default: none } } }
agents:
  - { name: first, operation: http, config: { url: "${origin}/first", method: POST } }
  - { name: adds, operation: code, state: { use: [total], set: { total: "\${adds.output}" } }, config: { code: "return \${state.total} + \${input.by}" } }
  - name: each
    type: foreach
    items: [a, b]
    steps:
      - { name: calls, operation: http, config: { url: "${origin}/calls/\${item}", method: POST } }
  - { name: ends, operation: code, state: { use: [total] }, config: { code: "return \${state.total} * 10" } }
output: ["\${ends.output}", "\${input.by}"]
`;

describe('a fork', () => {
  test('keeps what came before its agent, with other values and another input from there on, and leaves the old run as it is', async () => {
    const old = await host.run(COUNTING(server.origin), { run: 'old', input: { by: 2 } });
    expect(last(old)).toMatchObject({ output: [30, 2] });
    const ask = { from: 'old', agent: 'ends', run: 'new', values: { total: 7 }, input: { by: 5 } };
    expect(await host.call('fork', ask)).toEqual({ type: 'started' });
    expect(await host.call('fork', ask)).toEqual({ type: 'exists' });
    const events = await host.finished('new');
    expect(last(events)).toMatchObject({ status: 'succeeded', output: [70, 5] });
    expect([counted('/first'), counted('/calls/a')]).toEqual([1, 1]);
    expect(events.map(({ seq, run }) => [seq, run])).toEqual(events.map((_, index) => [index, 'new']));
    const cut = events.findIndex(({ type }) => type === 'run.forked');
    expect(events[cut]).toMatchObject({ from: 'old', agent: 'ends', values: { total: 7 } });
    const plain = (list: readonly RunEvent[]) => list.map(({ run: _, ...event }) => event);
    expect(plain(events.slice(1, cut))).toEqual(plain(old.slice(1, cut)));
    expect(old[cut]).toMatchObject({ type: 'agent.started', agent: 'ends' });
    expect(await host.events('old')).toEqual(old);
  });

  /** The events that a fork begins with, of a run that has so many before the agent that it begins at: how many they are, and whether they are those of the run. */
  const begunWith = async (count: number) => {
    // Beside the lines that it logs: the start of the run, that and the end of the agent, and what says that it is a fork.
    const lines = `for (let i = 0; i < ${count - 4}; i++) console.log(i);`;
    const code = (name: string, text: string) => `  - { name: ${name}, operation: code, config: { code: "${text}" } }\n`;
    const old = await host.run(`ensemble: told\nagents:\n${code('tells', lines)}${code('ends', 'return 1;')}`, { run: `told${count}` });
    expect(await host.call('fork', { from: `told${count}`, agent: 'ends', run: `retold${count}` })).toEqual({ type: 'started' });
    const events = await host.finished(`retold${count}`);
    const cut = events.findIndex(({ type }) => type === 'run.forked');
    const plain = (list: readonly RunEvent[]) => list.slice(1, cut).map(({ run: _, ...event }) => event);
    expect(plain(events)).toEqual(plain(old));
    expect([events.map(({ seq }) => seq), last(events)]).toEqual([[...events.keys()], expect.objectContaining({ output: 1 })]);
    return cut + 1;
  };
  atLimit('src/worker/run-record.ts EVENTS_AT_ONCE', {
    within: async (count) => expect(await begunWith(count)).toBe(count),
    beyond: async (count) => expect(await begunWith(count)).toBe(count),
  });

  test('keeps the lasting state that the old run had loaded', async () => {
    const program = COUNTING(server.origin).replace('state: { schema', 'state: { backend: durable-object, key: counted, schema');
    await host.run(program, { run: 'lasting', input: { by: 2 } });
    expect(await host.call('fork', { from: 'lasting', agent: 'ends', run: 'lasting-fork' })).toEqual({ type: 'started' });
    expect(last(await host.finished('lasting-fork'))).toMatchObject({ status: 'succeeded', output: [30, 2] });
  });

  test('begins at a flow step, or in the middle of one', async () => {
    await host.run(COUNTING(server.origin), { run: 'flow', input: { by: 2 } });
    const before = [counted('/first'), counted('/calls/a'), counted('/calls/b')];
    await host.call('fork', { from: 'flow', agent: 'each', run: 'flow-whole' });
    expect(last(await host.finished('flow-whole'))).toMatchObject({ status: 'succeeded', output: [30, 2] });
    expect([counted('/first'), counted('/calls/a'), counted('/calls/b')]).toEqual([before[0], 1 + (before[1] ?? 0), 1 + (before[2] ?? 0)]);
    const second = (await host.events('flow')).find(
      (event) => event.type === 'agent.started' && event.agent.includes('calls') && event.agent.includes('1'),
    );
    const agent = second?.type === 'agent.started' ? second.agent : '';
    await host.call('fork', { from: 'flow', agent, run: 'flow-inside' });
    expect(last(await host.finished('flow-inside'))).toMatchObject({ status: 'succeeded', output: [30, 2] });
    expect([counted('/first'), counted('/calls/a'), counted('/calls/b')]).toEqual([before[0], 1 + (before[1] ?? 0), 2 + (before[2] ?? 0)]);
  });

  test('can be forked again, and run another program', async () => {
    await host.run(COUNTING(server.origin), { run: 'one', input: { by: 1 } });
    await host.call('fork', { from: 'one', agent: 'each', run: 'two', values: { total: 5 } });
    expect(last(await host.finished('two'))).toMatchObject({ output: [50, 1] });
    const program = programOf(COUNTING(server.origin).replace('* 10', '* 100'));
    await host.call('fork', { from: 'two', agent: 'ends', run: 'three', program });
    expect(last(await host.finished('three'))).toMatchObject({ output: [500, 1] });
  });

  test('is refused where there is no such run or agent', async () => {
    await host.run(COUNTING(server.origin), { run: 'short', input: { by: 2 } });
    expect(await host.call('fork', { from: 'no-such-run', agent: 'first', run: 'x1' })).toEqual({ type: 'unknown' });
    expect(await host.call('fork', { from: 'short', agent: 'frist', run: 'x1' })).toMatchObject({
      type: 'unknown-agent',
      agents: expect.arrayContaining(['first', 'adds', 'each', 'ends']),
    });
    expect((await host.follow('x1')).status).toBe(404);
  });

  test('goes without its secrets where there is no key to seal them with', async () => {
    const bare = await openRunHost({ vars: { KEY: 'key-0123456789' }, secrets: ['KEY'] });
    try {
      const program = 'ensemble: bare\nagents:\n  - { name: a, operation: log, config: { message: hi } }\noutput: ${input.key}\n';
      await bare.run(program, { run: 'bare', input: { key: 'none' } });
      const ask = { from: 'bare', agent: 'a', run: 'bare-fork', input: { key: 'key-0123456789' } };
      expect(await bare.call('fork', ask)).toEqual({ type: 'started' });
      expect(last(await bare.finished('bare-fork'))).toMatchObject({ status: 'succeeded', output: '[secret KEY]' });
    } finally {
      await bare.close();
    }
  });

  test('of a run that is not over has its secrets too', async () => {
    const program = `
ensemble: secretive
agents:
  - { name: echoes, operation: code, config: { code: "return env.TOKEN + '!'" } }
  - { name: ask, operation: approval }
  - { name: sends, operation: http, config: { url: "${server.origin}/sends", method: POST, body: ["\${echoes.output}", "\${env.TOKEN}"] } }
`;
    const stream = await host.send(program, { run: 'hush', vars: { TOKEN: 'token-0123456789' }, secretVars: ['TOKEN'] });
    await expect.poll(async () => last(await host.events('hush'))?.type).toBe('run.waiting');
    await host.call('fork', { from: 'hush', agent: 'ask', run: 'hush-too' });
    await expect.poll(async () => last(await host.events('hush-too'))?.type).toBe('run.waiting');
    await host.call('answer', { run: 'hush-too', agent: 'ask', answer: { approved: true } });
    const events = await host.finished('hush-too');
    expect(last(events)).toMatchObject({ status: 'succeeded' });
    expect(JSON.stringify(events)).not.toContain('token-0123456789');
    expect(JSON.parse(server.requests.at(-1)?.body ?? '')).toEqual(['token-0123456789!', 'token-0123456789']);
    // One that is over keeps none of them.
    await host.call('fork', { from: 'hush-too', agent: 'sends', run: 'hush-late' });
    expect((await host.finished('hush-late')).map(({ type }) => type)).toContain('warning');
    expect(JSON.parse(server.requests.at(-1)?.body ?? '')).toEqual(['[secret TOKEN]!', null]);
    await host.call('cancel', { run: 'hush', reason: 'enough' });
    expect(
      last(
        await stream.text().then((text) =>
          text
            .trim()
            .split('\n')
            .map((line) => JSON.parse(line) as RunEvent),
        ),
      ),
    ).toMatchObject({ status: 'cancelled' });
  });
});
