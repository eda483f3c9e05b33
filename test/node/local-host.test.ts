import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { compile } from '../../src/language/compile.ts';
import { findProject } from '../../src/node/find-project.ts';
import type { Host } from '../../src/node/host.ts';
import { type HostNotice, type LocalHostOptions, openLocalHost } from '../../src/node/local-host.ts';
import { processIdentity } from '../../src/node/lock/process-identity.ts';
import type { Program } from '../../src/program/program.ts';
import type { RunEvent } from '../../src/program/run-event.ts';
import { createRunId } from '../../src/program/run-id.ts';

let root: string;
const hosts: Host[] = [];
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'ensemble-host-')));
  writeFileSync(join(root, 'package.json'), '{}');
});
afterEach(async () => {
  for (const host of hosts.splice(0)) await host.close();
  rmSync(root, { recursive: true, force: true });
});

async function open(options: Partial<LocalHostOptions> = {}): Promise<Host> {
  const host = await openLocalHost({ project: findProject(root), ...options });
  hosts.push(host);
  return host;
}

function program(text: string): Program {
  const { program, diagnostics } = compile({ path: 'ensembles/test.yaml', text });
  if (program === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return program;
}

const request = (input = {}) => ({ run: createRunId(Date.now()), input, vars: {}, secretVars: [] });

async function output(host: Host, text: string): Promise<unknown> {
  let last: RunEvent | undefined;
  for await (const event of host.run(program(text), request())) last = event;
  return last?.type === 'run.finished' ? (last.output ?? last.failure) : last;
}

async function eventsOf(recorded: AsyncIterable<RunEvent> | undefined): Promise<readonly RunEvent[]> {
  const events: RunEvent[] = [];
  if (recorded !== undefined) for await (const event of recorded) events.push(event);
  return events;
}

/** A host with a run that waits for an answer which never comes. */
async function openMidRun(): Promise<{ readonly host: Host; readonly running: Promise<unknown> }> {
  const called = Promise.withResolvers<void>();
  const host = await open({
    outbound: () => {
      called.resolve();
      return new Promise(() => {});
    },
  });
  const running = output(host, 'ensemble: x\nagents:\n  - { name: a, operation: http, config: { url: "http://stub.test/" } }\n');
  await called.promise;
  return { host, running };
}

const kv = (binding: string, action: 'get' | 'put') => `ensemble: x
agents:
  - name: a
    operation: storage
    config: { type: kv, binding: ${binding}, action: ${action}, key: k, ${action === 'put' ? 'value: v' : 'default: none'} }
`;

function workerd(): number {
  const folder = join(root, '.ensemble/v3/ensemble-lock');
  const [name = ''] = readdirSync(folder).filter((file) => /^\d+$/.test(file));
  return JSON.parse(readFileSync(join(folder, name), 'utf8')).workerd?.pid;
}

describe('openLocalHost', () => {
  test('storage that only a later program names is provided, and what was there stays', async () => {
    const notices: HostNotice[] = [];
    writeFileSync(join(root, 'wrangler.toml'), '[[kv_namespaces]]\nbinding = "STORE"\n');
    const host = await open({ notice: (notice) => notices.push(notice) });
    await output(host, kv('STORE', 'put'));
    expect(await output(host, kv('OTHER', 'get'))).toMatchObject({ value: 'none', found: false });
    expect(await output(host, kv('STORE', 'get'))).toMatchObject({ value: 'v', found: true });
    expect(notices).toEqual([{ type: 'bindings-provided', names: ['OTHER'], configFile: join(root, 'wrangler.toml') }]);
  });

  test('a program that needs other storage waits for the runs that are alive', async () => {
    let answer: (response: Response) => void = () => {};
    const called = Promise.withResolvers<void>();
    const host = await open({
      outbound: () => {
        called.resolve();
        return new Promise((resolve) => {
          answer = resolve;
        });
      },
    });
    const first = output(host, 'ensemble: x\nagents:\n  - { name: a, operation: http, config: { url: "http://stub.test/" } }\n');
    await called.promise;
    const second = output(host, kv('LATER', 'get'));
    answer(new Response('"from the stub"'));
    expect(await Promise.all([first, second])).toEqual(['"from the stub"', expect.objectContaining({ found: false })]);
  });

  test('runs side by side do not mix their events', async () => {
    const host = await open();
    const outputs = await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        output(host, `ensemble: x\nagents:\n  - { name: a, operation: transform, config: { value: ${i} } }\n`),
      ),
    );
    expect(outputs).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  test('what is recorded of a run can be read by a later host, with the program that it ran', async () => {
    const first = await open();
    const text = 'ensemble: x\nagents:\n  - { name: a, operation: transform, config: { value: 1 } }\n';
    const asked = request();
    const events: RunEvent[] = [];
    for await (const event of first.run(program(text), asked)) events.push(event);
    await first.close();
    const later = await open();
    expect(await later.readProgram(asked.run)).toEqual(JSON.parse(JSON.stringify(program(text))));
    expect(await eventsOf(await later.events(asked.run))).toEqual(events);
    expect(await eventsOf(await later.events(asked.run, { from: 2 }))).toEqual(events.slice(2));
    const unknown = createRunId(Date.now());
    expect([await later.events(unknown), await later.readProgram(unknown)]).toEqual([undefined, undefined]);
  });

  test('a journal of many megabytes is read in pieces, without a gap', async () => {
    const host = await open();
    const asked = request();
    const text = `ensemble: x
agents:
  - name: each
    type: foreach
    items: \${Array.from({ length: 200 }, (x, i) => i)}
    steps:
      - { name: a, operation: transform, config: { value: "\${'x'.repeat(20000)}" } }
output: \${each.output.length}
`;
    for await (const _ of host.run(program(text), asked));
    const seqs = (await eventsOf(await host.events(asked.run))).map(({ seq }) => seq);
    expect(seqs.length).toBeGreaterThan(400);
    expect(seqs).toEqual(seqs.map((_, i) => i));
  });

  test('close ends workerd and lets the next host in; events of a run that was alive end', async () => {
    const { host, running } = await openMidRun();
    const pid = workerd();
    await host.close();
    expect(processIdentity(pid)).toBeUndefined();
    expect(await running).toMatchObject({ type: expect.stringMatching(/^(agent|attempt)\./) });
    expect(await output(await open(), kv('KV', 'get'))).toMatchObject({ found: false });
  });

  test('a runtime that dies is started again', async () => {
    const host = await open();
    await output(host, kv('KV', 'put'));
    const pid = workerd();
    process.kill(pid, 'SIGKILL');
    expect(await output(host, kv('KV', 'get'))).toMatchObject({ value: 'v' });
    expect(workerd()).not.toBe(pid);
  });

  test('signals are left to whoever runs the host: Miniflare no longer ends the process', async () => {
    const before = [process.listenerCount('SIGINT'), process.listenerCount('SIGTERM')];
    await open();
    expect([process.listenerCount('SIGINT'), process.listenerCount('SIGTERM')]).toEqual(before);
  });
});
