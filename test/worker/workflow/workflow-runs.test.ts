import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { WORKER_BINDINGS } from '../../../src/program/host-protocol.ts';
import type { Program } from '../../../src/program/program.ts';
import type { RunEvent } from '../../../src/program/run-event.ts';
import { programOf } from '../../runtime/engine/support/program-of.ts';
import { figureOf } from '../../support/at-limit.ts';
import { openTestServer, sendJson, type TestServer } from '../../support/http-server.ts';
import { readUntil } from '../support/read-until.ts';
import { openRunHost, type RunHost, type RunHostOptions } from '../support/run-host.ts';

const SEAL_KEY = Buffer.alloc(32, 3).toString('base64');

let folder: string;
let host: RunHost;
let server: TestServer;
/** Paths whose requests are not answered. */
const silent = new Set<string>();

beforeEach(async () => {
  silent.clear();
  server = await openTestServer((request, response) => {
    if (!silent.has(request.url)) sendJson(response, { at: request.url });
  });
});
afterEach(() => server[Symbol.asyncDispose]());

const open = async (options: RunHostOptions = {}): Promise<RunHost> => {
  const { vars, ...rest } = options;
  host = await openRunHost({ vars: { [WORKER_BINDINGS.sealKey]: SEAL_KEY, ...vars }, ...rest });
  return host;
};
/** As a crash of the whole process, and the next one. */
const crash = async (options?: RunHostOptions): Promise<RunHost> => {
  await host.kill();
  return open({ persist: folder, ...options });
};
/** What tests use of the binding of Workflows. */
interface Instances {
  get(id: string): Promise<{ terminate(): Promise<void>; status(): Promise<{ readonly status: string; readonly output?: unknown }> }>;
}
const workflow = (text: string): Program => programOf(`engine: workflows\n${text}`);
const last = (events: readonly RunEvent[]) => events.at(-1);
const keysOf = (path: string) => server.requests.filter(({ url }) => url === path).map(({ headers }) => headers['idempotency-key']);
const call = (name: string, more = '') =>
  `  - { name: ${name}, operation: http, config: { url: "${server.origin}/${name}", method: POST }${more} }\n`;

describe('a run in an instance of Workflows whose process was killed', () => {
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ensemble-workflow-'));
  });
  afterEach(async () => {
    await host.close().catch(() => undefined);
    await rm(folder, { recursive: true, force: true });
  });

  test('goes on by itself: what was finished is not done again, what was cut short is, with the same idempotency key', async () => {
    await open({ persist: folder });
    silent.add('/second');
    const program = workflow(`ensemble: three\nagents:\n${call('first')}${call('second')}${call('third')}`);
    const stream = await readUntil(await host.send(program, { run: 'three' }), '"agent.started","agent":"second"');
    await expect.poll(() => keysOf('/second').length).toBe(1);
    void stream.leave();
    await crash();
    silent.clear();
    const events = await host.finished('three');
    expect(last(events)).toMatchObject({ type: 'run.finished', status: 'succeeded', output: { at: '/third' } });
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index));
    expect(events.filter(({ type }) => type === 'run.resumed')).toMatchObject([{ attempt: 2 }]);
    expect(['/first', '/second', '/third'].map((path) => keysOf(path).length)).toEqual([1, 2, 1]);
    expect(new Set(keysOf('/second')).size).toBe(1);
  });

  test('is still asking, is still waiting, and takes what comes', async () => {
    await open({ persist: folder });
    const program = workflow(`
ensemble: asking
agents:
  - { name: ask, operation: approval }
  - { name: paid, operation: wait, config: { for_signal: paid } }
  - { name: pause, operation: wait, config: { for: 1500ms } }
output: { approved: "\${ask.output.approved}", by: "\${paid.output.data}" }
`);
    void (await readUntil(await host.send(program, { run: 'asking' }), '"run.waiting"')).leave();
    await crash();
    expect(await host.call('answer', { run: 'asking', agent: 'ask', answer: { approved: true } })).toEqual({ type: 'taken' });
    expect(await host.call('answer', { run: 'asking', agent: 'ask', answer: { approved: false } })).toEqual({ type: 'unknown' });
    await crash();
    expect(await host.call('signal', { run: 'asking', name: 'paid', data: 'ann' })).toEqual({ type: 'done' });
    void (await readUntil(await host.follow('asking'), '"agent":"pause","reason"')).leave();
    await crash();
    expect(last(await host.finished('asking'))).toMatchObject({ status: 'succeeded', output: { approved: true, by: 'ann' } });
  });

  test('undoes what it did when it is cancelled then', async () => {
    await open({ persist: folder });
    silent.add('/slow');
    const undo = `, compensate: { operation: http, config: { url: "${server.origin}/undo", method: POST } }`;
    const program = workflow(`ensemble: undone\nagents:\n${call('first', undo)}${call('slow')}`);
    void (await readUntil(await host.send(program, { run: 'undone' }), '"agent.started","agent":"slow"')).leave();
    await expect.poll(() => keysOf('/slow').length).toBe(1);
    await crash();
    await host.cancel('undone', 'enough');
    expect(last(await host.finished('undone'))).toMatchObject({ status: 'cancelled', failure: { code: 'CANCELLED' } });
    expect([keysOf('/first').length, keysOf('/undo').length]).toEqual([1, 1]);
  });

  test('stays paused, and knows its secrets when it goes on', async () => {
    const vars = { TOKEN: 'a secret that nobody sees' };
    await open({ persist: folder, vars, secrets: ['TOKEN'] });
    const program = workflow(`
ensemble: paused
agents:
  - { name: keeps, operation: transform, config: { value: "\${env.TOKEN}" } }
  - { name: gate, operation: wait, config: { for_signal: go } }
  - { name: knows, operation: assert, config: { that: "\${keeps.output == env.TOKEN}" } }
`);
    void (await readUntil(await host.send(program, { run: 'paused' }), '"run.waiting"')).leave();
    expect(await host.call('pause', { run: 'paused' })).toEqual({ type: 'done' });
    await crash({ vars, secrets: ['TOKEN'] });
    expect((await host.call('runs', { statuses: ['paused'] })).runs).toMatchObject([{ run: 'paused' }]);
    expect(await host.call('resume', { run: 'paused' })).toEqual({ type: 'done' });
    expect(await host.call('signal', { run: 'paused', name: 'go' })).toEqual({ type: 'done' });
    const events = await host.finished('paused');
    expect(last(events)).toMatchObject({ status: 'succeeded' });
    expect(JSON.stringify(events)).not.toContain('a secret that nobody sees');
  });
});

describe('a run in an instance of Workflows', () => {
  beforeAll(() => open());
  afterAll(() => host.close());

  test('is undone and cancelled when somebody terminates its instance', async () => {
    const undo = `, compensate: { operation: http, config: { url: "${server.origin}/undo", method: POST } }`;
    const program = workflow(
      `ensemble: ended\nagents:\n${call('first', undo)}  - { name: slow, operation: code, config: { code: 'await new Promise((r) => setTimeout(r, 60000))' } }\n`,
    );
    void (await readUntil(await host.send(program, { run: 'ended' }), '"agent.started","agent":"slow"')).leave();
    const { [WORKER_BINDINGS.workflow]: binding } = (await host.miniflare.getBindings()) as Record<string, Instances>;
    await (await binding?.get('ended'))?.terminate();
    expect(last(await host.finished('ended'))).toMatchObject({ status: 'cancelled' });
    expect(keysOf('/undo')).toHaveLength(1);
  });

  test('ends with the status of the run, and what it gave', async () => {
    await host.run(workflow('ensemble: good\nagents:\n  - { name: a, operation: transform, config: { value: 1 } }\n'), { run: 'good' });
    await host.run(workflow('ensemble: bad\nagents:\n  - { name: a, operation: assert, config: { that: "${false}", message: oh } }\n'), {
      run: 'bad',
    });
    const { [WORKER_BINDINGS.workflow]: binding } = (await host.miniflare.getBindings()) as Record<string, Instances>;
    const statusOf = async (run: string) => (await binding?.get(run))?.status();
    await expect.poll(() => statusOf('good')).toMatchObject({ status: 'complete', output: { status: 'succeeded', output: 1 } });
    await expect.poll(() => statusOf('bad')).toMatchObject({ status: 'errored' });
  });

  // at its limit: src/worker/workflow/run-workflow.ts MAX_OUTPUT
  test('ends with what the run gave as long as it is short, and the run has it all the same', async () => {
    const longest = figureOf('src/worker/workflow/run-workflow.ts MAX_OUTPUT');
    const { [WORKER_BINDINGS.workflow]: binding } = (await host.miniflare.getBindings()) as Record<string, Instances>;
    for (const length of [longest, longest + 1]) {
      // Two of its characters are quotes.
      const output = 'x'.repeat(length - 2);
      const run = `gives${length}`;
      const events = await host.run(workflow('ensemble: long\nagents: []\noutput: "${input.text}"\n'), { run, input: { text: output } });
      expect(last(events)).toMatchObject({ status: 'succeeded', output });
      const status = async () => (await binding?.get(run))?.status();
      await expect.poll(status).toMatchObject({ status: 'complete' });
      expect((await status())?.output).toEqual({ run, status: 'succeeded', ...(length === longest ? { output } : {}) });
    }
  });

  test('can be forked, and goes on in an instance of its own', async () => {
    await host.run(workflow(`ensemble: old\nagents:\n${call('first')}${call('second')}`), { run: 'old' });
    expect(await host.call('fork', { from: 'old', run: 'new', agent: 'second' })).toEqual({ type: 'started' });
    expect(last(await host.finished('new'))).toMatchObject({ status: 'succeeded' });
    expect([keysOf('/first').length, keysOf('/second').length]).toEqual([1, 2]);
  });

  test('goes on with another program, whose steps are not those of the first', async () => {
    const gate = '  - { name: gate, operation: wait, config: { for_signal: go } }\n';
    const first = workflow(`ensemble: changed\nagents:\n${call('first')}${gate}`);
    const next = workflow(`ensemble: changed\nagents:\n${call('first')}${gate}${call('added')}`);
    void (await readUntil(await host.send(first, { run: 'changed' }), '"run.waiting"')).leave();
    expect(await host.call('resume', { run: 'changed', program: next })).toEqual({ type: 'done' });
    expect(await host.call('signal', { run: 'changed', name: 'go' })).toEqual({ type: 'done' });
    expect(last(await host.finished('changed'))).toMatchObject({ status: 'succeeded', output: { at: '/added' } });
    expect([keysOf('/first').length, keysOf('/added').length]).toEqual([1, 1]);
  });
});

test('a run of an ensemble with engine: workflows fails at once where there is no binding, and says which', async () => {
  await open({ withoutWorkflows: true });
  const events = await host.run(workflow('ensemble: none\nagents:\n  - { name: a, operation: log, config: { message: hi } }\n'));
  expect(last(events)).toMatchObject({
    status: 'failed',
    failure: { code: 'UNSUPPORTED', message: expect.stringContaining('ENSEMBLE_WORKFLOW') },
  });
  await host.close();
});
