import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { HOST_ROUTES, WORKER_BINDINGS } from '../../src/program/host-protocol.ts';
import type { RunEvent } from '../../src/program/run-event.ts';
import { programOf } from '../runtime/engine/support/program-of.ts';
import { openTestServer, sendJson, type TestServer } from '../support/http-server.ts';
import { readUntil } from './support/read-until.ts';
import { openRunHost, type RunHost, type RunHostOptions } from './support/run-host.ts';

const SEAL_KEY = Buffer.from('a key of thirty-two bytes, no less'.slice(0, 32)).toString('base64');

let folder: string;
let host: RunHost;
let server: TestServer;
/** Paths whose requests are not answered until the server is to `speak`. */
const silent = new Set<string>();
const unanswered: (() => void)[] = [];
const speak = (): void => {
  silent.clear();
  for (const answer of unanswered.splice(0)) answer();
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ensemble-resume-'));
  speak();
  server = await openTestServer((request, response) => {
    const answer = (): void => sendJson(response, { at: request.url });
    if (silent.has(request.url)) unanswered.push(answer);
    else answer();
  });
});
afterEach(async () => {
  await host?.close().catch(() => undefined);
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const open = async (options: RunHostOptions = {}): Promise<RunHost> => {
  const { vars, ...rest } = options;
  host = await openRunHost({ persist: folder, vars: { [WORKER_BINDINGS.sealKey]: SEAL_KEY, ...vars }, ...rest });
  return host;
};
/** As a crash of the whole process, and the next one. */
const crash = async (options?: RunHostOptions): Promise<RunHost> => {
  await host.kill();
  return open(options);
};

const last = (events: readonly RunEvent[]) => events.at(-1);
const types = (events: readonly RunEvent[], of: string) => events.filter(({ type }) => type === of);
const keysOf = (path: string) => server.requests.filter(({ url }) => url === path).map(({ headers }) => headers['idempotency-key']);

const THREE_CALLS = (origin: string) => `
ensemble: three
agents:
  - { name: first, operation: http, config: { url: "${origin}/first", method: POST } }
  - { name: second, operation: http, config: { url: "${origin}/second", method: POST } }
  - { name: third, operation: http, config: { url: "${origin}/third", method: POST } }
output: ["\${first.output.at}", "\${second.output.at}", "\${third.output.at}"]
`;

describe('a run whose process was killed', () => {
  test('goes on by itself: what was finished is not done again, what was cut short is, with the same idempotency key', async () => {
    await open();
    silent.add('/second');
    const stream = await readUntil(await host.send(THREE_CALLS(server.origin), { run: 'three' }), '"agent.started","agent":"second"');
    await expect.poll(() => keysOf('/second').length).toBe(1);
    void stream.leave();
    await crash();
    speak();
    const events = await host.finished('three');
    expect(last(events)).toMatchObject({ type: 'run.finished', status: 'succeeded', output: ['/first', '/second', '/third'] });
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index));
    expect(types(events, 'run.resumed')).toMatchObject([{ attempt: 2 }]);
    expect(keysOf('/first')).toHaveLength(1);
    expect(keysOf('/second')).toHaveLength(2);
    expect(new Set(keysOf('/second')).size).toBe(1);
    expect(keysOf('/third')).toHaveLength(1);
  });

  test('goes on at once when it is asked to', async () => {
    await open();
    silent.add('/second');
    void (await readUntil(await host.send(THREE_CALLS(server.origin), { run: 'asked' }), '"agent.started","agent":"second"')).leave();
    await crash();
    expect(await host.call('resume', { run: 'asked' })).toEqual({ type: 'done' });
    speak();
    expect(last(await host.finished('asked'))).toMatchObject({ status: 'succeeded' });
    expect(await host.call('resume', { run: 'asked' })).toMatchObject({ type: 'impossible', status: 'succeeded' });
    expect(await host.call('resume', { run: 'no-such-run' })).toEqual({ type: 'unknown' });
  });

  // at its limit: src/worker/recovery.ts TRIES_ALLOWED
  test('fails after three tries that got no further, and takes no other run with it', async () => {
    await open();
    silent.add('/second');
    void (await readUntil(await host.send(THREE_CALLS(server.origin), { run: 'stuck' }), '"agent.started","agent":"second"')).leave();
    // Its request is sent a moment after that is written.
    await expect.poll(() => keysOf('/second').length).toBe(1);
    for (let life = 2; life <= 4; life += 1) {
      await crash();
      expect(await host.call('resume', { run: 'stuck' })).toEqual({ type: 'done' });
      await expect.poll(() => keysOf('/second').length).toBe(life);
    }
    await crash();
    await host.call('resume', { run: 'stuck' });
    const events = await host.finished('stuck');
    expect(last(events)).toMatchObject({ type: 'run.finished', status: 'failed', failure: { code: 'RECOVERY' }, agent: 'second' });
    expect(types(events, 'run.resumed')).toHaveLength(3);
    expect(keysOf('/second')).toHaveLength(4);
    expect(last(await host.run('ensemble: other\nagents:\n  - { name: a, operation: log, config: { message: hi } }\n'))).toMatchObject({
      status: 'succeeded',
    });
  });

  test('is not blamed for hosts that ended in good order', async () => {
    await open();
    silent.add('/second');
    void (await readUntil(await host.send(THREE_CALLS(server.origin), { run: 'moved' }), '"agent.started","agent":"second"')).leave();
    // Its request is sent a moment after that is written.
    await expect.poll(() => keysOf('/second').length).toBe(1);
    for (let life = 2; life <= 6; life += 1) {
      await host.call('settle', {});
      await crash();
      expect(await host.call('resume', { run: 'moved' })).toEqual({ type: 'done' });
      await expect.poll(() => keysOf('/second').length).toBe(life);
    }
    await host.call('cancel', { run: 'moved', reason: 'enough' });
    expect(last(await host.finished('moved'))).toMatchObject({ status: 'cancelled' });
  });

  test('goes on undoing what it was undoing', async () => {
    await open();
    silent.add('/undo-first');
    const undoing = `
ensemble: undoing
agents:
  - { name: first, operation: http, config: { url: "${server.origin}/first", method: POST }, compensate: { operation: http, config: { url: "${server.origin}/undo-first", method: POST } } }
  - { name: second, operation: http, config: { url: "${server.origin}/second", method: POST }, compensate: { operation: http, config: { url: "${server.origin}/undo-second", method: POST } } }
  - { name: fails, operation: assert, config: { that: false, message: no } }
`;
    void (await readUntil(await host.send(undoing, { run: 'undoing' }), '"type":"run.compensating"')).leave();
    await expect.poll(() => keysOf('/undo-first').length).toBe(1);
    await crash();
    speak();
    await host.call('resume', { run: 'undoing' });
    expect(last(await host.finished('undoing'))).toMatchObject({ status: 'failed', failure: { code: 'ASSERTION' }, agent: 'fails' });
    const calls = ['/first', '/second', '/undo-second', '/undo-first'].map((path) => [keysOf(path).length, new Set(keysOf(path)).size]);
    expect(calls).toEqual([
      [1, 1],
      [1, 1],
      [1, 1],
      [2, 1],
    ]);
  });

  test('fails the attempt that the watchdog of the host ended, once, and no other run', async () => {
    await open();
    silent.add('/second');
    const program = THREE_CALLS(server.origin).replace('/second", method: POST }', '/second", method: POST }, onError: continue');
    const calling = THREE_CALLS(server.origin);
    void (await readUntil(await host.send(program, { run: 'guilty' }), '"agent.started","agent":"second"')).leave();
    void (await readUntil(await host.send(calling, { run: 'beside' }), '"agent.started","agent":"second"')).leave();
    await expect.poll(() => keysOf('/second').length).toBe(2);
    const failure = { code: 'CPU_LIMIT', message: 'too long', retryable: false };
    await crash({ vars: { [WORKER_BINDINGS.verdicts]: JSON.stringify([{ run: 'guilty', agent: 'second', failure }]) } });
    speak();
    for (const run of ['guilty', 'beside']) await host.call('resume', { run });
    const guilty = await host.finished('guilty');
    expect(types(guilty, 'agent.failed')).toMatchObject([{ agent: 'second', failure }]);
    expect(types(guilty, 'agent.finished')).toMatchObject([{ agent: 'first' }, { agent: 'third' }]);
    expect(last(await host.finished('beside'))).toMatchObject({ status: 'succeeded' });
    expect(keysOf('/second')).toHaveLength(3);
  });

  test('goes on with another program when it is given one, but not under agents that are at work', async () => {
    await open();
    silent.add('/second');
    void (await readUntil(await host.send(THREE_CALLS(server.origin), { run: 'changed' }), '"agent.started","agent":"second"')).leave();
    const program = programOf(THREE_CALLS(server.origin).replace('/third"', '/other"'));
    expect(await host.call('resume', { run: 'changed', program })).toMatchObject({ type: 'impossible', status: 'running' });
    // Until it is this that resumes it, and not its alarm, which goes on with what it has.
    do {
      await host.call('settle', {});
      await crash();
    } while ((await host.call('resume', { run: 'changed', program })).type !== 'done');
    speak();
    const events = await host.finished('changed');
    expect(last(events)).toMatchObject({ status: 'succeeded', output: ['/first', '/second', '/other'] });
    expect(types(events, 'run.resumed').at(-1)).toMatchObject({ program: expect.any(String), agents: ['first', 'second', 'third'] });
    expect(keysOf('/first')).toHaveLength(1);
    expect(await (await host.request(`${HOST_ROUTES.program}?run=changed`)).json()).toEqual(JSON.parse(JSON.stringify(program)));
  });

  test('stays where this host lacks what it needs, says why, and can be cancelled all the same', async () => {
    await open();
    silent.add('/first');
    const program = THREE_CALLS(server.origin).replace(
      'agents:',
      'agents:\n  - { name: keep, operation: storage, config: { type: kv, action: put, binding: OTHER_KV, key: k, value: 1 } }',
    );
    for (const run of ['lacking', 'ended'])
      void (await readUntil(await host.send(program, { run }), '"agent.started","agent":"first"')).leave();
    await crash({ vars: { [WORKER_BINDINGS.bindings]: JSON.stringify({ kv: ['KV'], d1: [], r2: [] }) } });
    expect(await host.call('resume', { run: 'lacking' })).toMatchObject({
      type: 'impossible',
      status: 'running',
      message: expect.stringContaining('kv OTHER_KV'),
    });
    expect(await host.call('cancel', { run: 'ended', reason: 'enough' })).toEqual({ type: 'done' });
    expect(last(await host.finished('ended'))).toMatchObject({ status: 'cancelled' });
    await crash();
    speak();
    await host.call('resume', { run: 'lacking' });
    expect(last(await host.finished('lacking'))).toMatchObject({ status: 'succeeded' });
  });

  test('waits out what is left of a wait, without being resumed before that', async () => {
    await open();
    const pausing = 'ensemble: pauses\nagents:\n  - { name: pause, operation: wait, config: { for: 4s } }\noutput: ${pause.output}\n';
    const stream = await readUntil(await host.send(pausing, { run: 'pauses' }), '"type":"run.waiting"');
    await expect.poll(async () => (await host.call('alive', {})).waiting).toEqual(['pauses']);
    void stream.leave();
    await crash();
    const events = await host.finished('pauses');
    expect(last(events)).toMatchObject({ status: 'succeeded' });
    const until = events.find((event) => event.type === 'run.waiting')?.until ?? Number.NaN;
    expect(last(events)?.at).toBeGreaterThanOrEqual(until);
    expect(types(events, 'run.waiting')).toHaveLength(1);
  });
});

describe('a run that waits for somebody', () => {
  const ASKING = `
ensemble: asking
agents:
  - { name: ask, operation: approval, config: { prompt: "Pay?", approvers: [ann] } }
  - { name: told, operation: wait, config: { for_signal: paid } }
output: ["\${ask.output.approved}", "\${told.output.data}"]
`;

  test('takes answers and signals in another process than the one that asked', async () => {
    await open();
    void (await readUntil(await host.send(ASKING, { run: 'asking' }), '"reason":"approval"')).leave();
    await crash();
    expect(await host.call('answer', { run: 'asking', agent: 'ask', answer: { approved: true } })).toEqual({
      type: 'refused',
      approvers: ['ann'],
    });
    expect(await host.call('answer', { run: 'asking', agent: 'told', answer: { approved: true } })).toEqual({ type: 'unknown' });
    expect(await host.call('answer', { run: 'asking', agent: 'ask', answer: { approved: true, approver: 'ann' } })).toEqual({
      type: 'taken',
    });
    void (await readUntil(await host.follow('asking'), '"reason":"signal"')).leave();
    await crash();
    expect(await host.call('signal', { run: 'asking', name: 'paid', data: { sum: 7 } })).toEqual({ type: 'done' });
    const events = await host.finished('asking');
    expect(last(events)).toMatchObject({ status: 'succeeded', output: [true, { sum: 7 }] });
    expect(types(events, 'run.answered')).toHaveLength(1);
    expect(types(events, 'run.signalled')).toHaveLength(1);
  });

  test('has taken an answer once that is acknowledged, whatever happens then', async () => {
    await open();
    void (await readUntil(await host.send(ASKING, { run: 'sure' }), '"reason":"approval"')).leave();
    expect(await host.call('answer', { run: 'sure', agent: 'ask', answer: { approved: true, approver: 'ann' } })).toEqual({
      type: 'taken',
    });
    await crash();
    expect(await host.call('answer', { run: 'sure', agent: 'ask', answer: { approved: false, approver: 'ann' } })).toEqual({
      type: 'unknown',
    });
    await host.call('signal', { run: 'sure', name: 'paid' });
    expect(last(await host.finished('sure'))).toMatchObject({ status: 'succeeded', output: [true, null] });
  });

  test('does not count being asked to go on as a try', async () => {
    await open();
    void (await readUntil(await host.send(ASKING, { run: 'patient' }), '"reason":"approval"')).leave();
    await expect.poll(async () => (await host.call('alive', {})).waiting).toEqual(['patient']);
    for (let life = 0; life < 5; life += 1) {
      await crash();
      expect(await host.call('resume', { run: 'patient' })).toEqual({ type: 'done' });
    }
    // A run at rest is not resumed for that: it only waits.
    expect(last(await host.events('patient'))).toMatchObject({ type: 'run.waiting' });
  });

  test('is cancelled although no process runs it', async () => {
    await open();
    void (await readUntil(await host.send(ASKING, { run: 'given-up' }), '"reason":"approval"')).leave();
    await crash();
    expect(await host.call('cancel', { run: 'given-up', reason: 'no more' })).toEqual({ type: 'done' });
    expect(last(await host.finished('given-up'))).toMatchObject({
      status: 'cancelled',
      failure: { message: 'The run was cancelled: no more' },
    });
  });
});

describe('a paused run', () => {
  test('stays paused over a crash, and goes on when it is resumed', async () => {
    await open();
    silent.add('/first');
    void (await readUntil(await host.send(THREE_CALLS(server.origin), { run: 'paused' }), '"agent.started","agent":"first"')).leave();
    expect(await host.call('pause', { run: 'paused', reason: 'lunch' })).toEqual({ type: 'done' });
    await crash();
    speak();
    expect((await host.call('alive', {})).working).toEqual([]);
    expect(last(await host.events('paused'))).toMatchObject({ type: 'run.paused', reason: 'lunch' });
    expect(await host.call('pause', { run: 'paused' })).toEqual({ type: 'done' });
    expect(await host.call('resume', { run: 'paused' })).toEqual({ type: 'done' });
    expect(last(await host.finished('paused'))).toMatchObject({ status: 'succeeded' });
    expect(await host.call('pause', { run: 'paused' })).toMatchObject({ type: 'impossible', status: 'succeeded' });
  });

  test('is paused although no process runs it', async () => {
    await open();
    silent.add('/first');
    void (await readUntil(await host.send(THREE_CALLS(server.origin), { run: 'later' }), '"agent.started","agent":"first"')).leave();
    await crash();
    expect(await host.call('pause', { run: 'later' })).toEqual({ type: 'done' });
    await crash();
    speak();
    expect(last(await host.events('later'))).toMatchObject({ type: 'run.paused' });
    await host.call('resume', { run: 'later' });
    expect(last(await host.finished('later'))).toMatchObject({ status: 'succeeded' });
  });

  test('goes on with another program and other variables in the same process, where nothing but waits is at work', async () => {
    await open();
    const asking = (text: string) => `
ensemble: p
agents:
  - { name: ask, operation: approval }
  - { name: after, operation: code, config: { code: "return '${text} ' + env.PLACE" } }
output: \${after.output}
`;
    const stream = await readUntil(await host.send(asking('old'), { run: 'anew', vars: { PLACE: 'here' } }), '"type":"run.waiting"');
    await host.call('pause', { run: 'anew' });
    expect(await host.call('resume', { run: 'anew', program: programOf(asking('new')), vars: { PLACE: 'there' } })).toEqual({
      type: 'done',
    });
    expect(await host.call('answer', { run: 'anew', agent: 'ask', answer: { approved: true } })).toEqual({ type: 'taken' });
    const events = await stream.rest();
    expect(last(events)).toMatchObject({ status: 'succeeded', output: 'new there' });
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index));
    expect(types(events, 'run.resumed')).toHaveLength(1);
    expect(types(events, 'run.stopping')).toEqual([]);
  });

  test('can be cancelled', async () => {
    await open();
    const program =
      'ensemble: p\nagents:\n  - { name: ask, operation: approval }\n  - { name: after, operation: log, config: { message: hi } }\n';
    void (await readUntil(await host.send(program, { run: 'enough' }), '"type":"run.waiting"')).leave();
    await host.call('pause', { run: 'enough' });
    await crash();
    await host.call('cancel', { run: 'enough', reason: 'enough' });
    expect(last(await host.finished('enough'))).toMatchObject({ status: 'cancelled' });
  });
});

describe('followers', () => {
  test('read what was and what comes, each event once, also when the run is resumed under them', async () => {
    await open();
    const program =
      'ensemble: p\nagents:\n  - { name: ask, operation: approval }\n  - { name: after, operation: log, config: { message: hi } }\n';
    void (await readUntil(await host.send(program, { run: 'followed' }), '"type":"run.waiting"')).leave();
    await crash();
    const streams = await Promise.all([0, 1, 3, 5].map(async (from) => readUntil(await host.follow('followed', from), '')));
    await host.call('answer', { run: 'followed', agent: 'ask', answer: { approved: true } });
    const all = await host.finished('followed');
    for (const [index, from] of [0, 1, 3, 5].entries()) expect(await streams[index]?.rest()).toEqual(all.slice(from));
    expect(await (await host.follow('followed', 2)).text()).not.toBe('');
  });
});

describe('secrets', () => {
  test('are on no disk, and a resumed run has them all the same', async () => {
    const secrets = { fromVar: 'var-token-0123456789', fromEnv: 'env-token-0123456789', fromState: 'state-pin-987654' };
    const program = `
ensemble: secretive
state: { schema: { pin: { type: string, secret: true } } }
agents:
  - { name: sets, operation: code, config: { code: "return 'state-pin-' + 987654" }, state: { set: { pin: "\${sets.output}" } } }
  - { name: echoes, operation: code, config: { code: "return [env.TOKEN, env.KEY, \${input.password}]" } }
  - { name: calls, operation: http, config: { url: "${server.origin}/calls", method: POST } }
  - { name: sends, operation: http, state: { use: [pin] }, config: { url: "${server.origin}/sends", method: POST, body: ["\${env.TOKEN}", "\${env.KEY}", "\${state.pin}", "\${echoes.output}"] } }
`;
    const options = { vars: { KEY: secrets.fromEnv }, secrets: ['KEY'] };
    await open(options);
    silent.add('/calls');
    const call = { run: 'secretive', input: { password: secrets.fromVar }, vars: { TOKEN: secrets.fromVar }, secretVars: ['TOKEN'] };
    void (await readUntil(await host.send(program, call), '"agent.started","agent":"calls"')).leave();
    await expect.poll(() => keysOf('/calls').length).toBe(1);
    await host.kill();
    await expectNowhere(Object.values(secrets));
    speak();
    await open(options);
    await host.call('resume', { run: 'secretive' });
    expect(last(await host.finished('secretive'))).toMatchObject({ status: 'succeeded' });
    const { fromVar, fromEnv, fromState } = secrets;
    expect(server.requests.filter(({ url }) => url === '/sends').map(({ body }) => JSON.parse(body) as unknown)).toEqual([
      [fromVar, fromEnv, fromState, [fromVar, fromEnv, fromVar]],
    ]);
    await host.close();
    await expectNowhere(Object.values(secrets));
  });

  test('of before are shown nowhere either where they have been changed since, in the run and in a fork of it', async () => {
    const old = { KEY: 'old-key-0123456789', TOKEN: 'old-token-0123456789' };
    const program = `
ensemble: rotated
agents:
  - { name: echoes, operation: code, config: { code: "return [env.KEY, env.TOKEN]" } }
  - { name: calls, operation: http, config: { url: "${server.origin}/calls", method: POST } }
  - { name: shows, operation: transform, config: { value: ["\${echoes.output}", "\${env.KEY}", "\${env.TOKEN}"] } }
output: \${shows.output}
`;
    await open({ vars: { KEY: old.KEY }, secrets: ['KEY'] });
    silent.add('/calls');
    const call = { run: 'rotated', vars: { TOKEN: old.TOKEN }, secretVars: ['TOKEN'] };
    void (await readUntil(await host.send(program, call), '"agent.started","agent":"calls"')).leave();
    await crash({ vars: { KEY: 'new-key-0123456789' }, secrets: ['KEY'] });
    await host.call('pause', { run: 'rotated' });
    await host.call('resume', { run: 'rotated', vars: { TOKEN: 'new-token-0123456789' } });
    await host.call('fork', { from: 'rotated', run: 'branch', agent: 'calls' });
    await crash({ vars: { KEY: 'newest-key-0123456789' }, secrets: ['KEY'] });
    speak();
    for (const run of ['rotated', 'branch']) {
      await host.call('resume', { run });
      const hidden = ['[secret KEY]', '[secret TOKEN]'];
      expect(last(await host.finished(run))).toMatchObject({ status: 'succeeded', output: [hidden, ...hidden] });
    }
    await host.close();
    await expectNowhere(Object.values(old));
  });

  test('are replaced where this host cannot open what was sealed, which a warning says', async () => {
    const program = `
ensemble: lost
agents:
  - { name: echoes, operation: code, config: { code: "return env.TOKEN" } }
  - { name: calls, operation: http, config: { url: "${server.origin}/calls", method: POST, body: "\${echoes.output}" } }
`;
    await open();
    silent.add('/calls');
    void (
      await readUntil(
        await host.send(program, { run: 'lost', vars: { TOKEN: 'token-0123456789' }, secretVars: ['TOKEN'] }),
        '"agent":"calls"',
      )
    ).leave();
    await crash({ vars: { [WORKER_BINDINGS.sealKey]: Buffer.alloc(32, 7).toString('base64') } });
    speak();
    await host.call('resume', { run: 'lost' });
    const events = await host.finished('lost');
    expect(last(events)).toMatchObject({ status: 'succeeded' });
    expect(types(events, 'warning')).toMatchObject([{ code: 'secrets-not-kept' }]);
    expect(server.requests.at(-1)?.body).toBe('[secret TOKEN]');
  });
});

async function expectNowhere(values: readonly string[]): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((found) => found.isFile())) {
    const bytes = await readFile(join(entry.parentPath, entry.name));
    for (const value of values) expect(bytes.includes(value), `${entry.name} has ${value}`).toBe(false);
  }
}
