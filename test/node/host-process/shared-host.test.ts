import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { compile } from '../../../src/language/compile.ts';
import { dataFolderOf } from '../../../src/node/data-folder.ts';
import { findProject } from '../../../src/node/find-project.ts';
import type { Host } from '../../../src/node/host.ts';
import type { HostNotice } from '../../../src/node/host-notice.ts';
import { readHostStatus, stopHost } from '../../../src/node/host-process/control-host.ts';
import { hostFolderOf } from '../../../src/node/host-process/host-folder.ts';
import { type HostRecord, readHostRecord } from '../../../src/node/host-process/host-record.ts';
import { openSharedHost, type SharedHostOptions } from '../../../src/node/host-process/open-shared-host.ts';
import { openLocalHost } from '../../../src/node/local-host.ts';
import { processIdentity } from '../../../src/node/lock/process-identity.ts';
import type { Program } from '../../../src/program/program.ts';
import type { RunEvent } from '../../../src/program/run-event.ts';
import { createRunId } from '../../../src/program/run-id.ts';
import { openTestServer, type TestServer } from '../../support/http-server.ts';
import { stopHostOf } from '../../support/stop-host.ts';
import { type WrittenProject, writeProject } from '../../support/written-project.ts';

let project: WrittenProject;
const hosts: Host[] = [];
beforeEach(() => {
  project = writeProject({});
});
afterEach(async () => {
  for (const host of hosts.splice(0)) await host.close();
  await stopHostOf(project.root);
  project[Symbol.dispose]();
});

async function open(options: Partial<SharedHostOptions> = {}): Promise<Host> {
  const host = await openSharedHost({ project: findProject(project.root), ...options });
  hosts.push(host);
  return host;
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(project.root, path)), { recursive: true });
  writeFileSync(join(project.root, path), text);
}

function program(agents: string): Program {
  const { program, diagnostics } = compile({ path: 'ensembles/test.yaml', text: `ensemble: x\nagents:\n${agents}` });
  if (program === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return program;
}

const value = (text: string) => `  - { name: a, operation: transform, config: { value: ${text} } }\n`;
const http = (url: string, name = 'a') => `  - { name: ${name}, operation: http, config: { url: "${url}" } }\n`;
const kv = (binding: string) =>
  `  - { name: a, operation: storage, config: { type: kv, binding: ${binding}, action: get, key: k, default: none } }\n`;

async function output(host: Host, agents: string): Promise<unknown> {
  let last: RunEvent | undefined;
  const request = { run: createRunId(Date.now()), input: {}, vars: {}, secretVars: [] };
  for await (const event of host.run(program(agents), request)) last = event;
  return last?.type === 'run.finished' ? (last.output ?? last.failure) : last;
}

const hostFolder = () => hostFolderOf(dataFolderOf(findProject(project.root)));
function record(): HostRecord {
  const found = readHostRecord(hostFolder());
  if (found === undefined) throw new Error('no host has told of itself');
  return found;
}
const isUp = (pid: number) => processIdentity(pid) !== undefined;

async function becomes(is: () => boolean): Promise<void> {
  while (!is()) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** A server whose answers wait until the test lets go; `called` resolves at the first request. */
async function openSlowServer(): Promise<TestServer & { readonly called: Promise<void>; readonly letGo: () => void }> {
  const called = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const server = await openTestServer(async (_request, response) => {
    called.resolve();
    await release.promise;
    response.end('"late"');
  });
  return { ...server, [Symbol.asyncDispose]: server[Symbol.asyncDispose].bind(server), called: called.promise, letGo: release.resolve };
}

describe('openSharedHost', () => {
  test('the first starts a host process, later ones join it, and it stays when they close', async () => {
    const first = await open();
    expect(await output(first, value('1'))).toBe(1);
    await first.close();
    const { pid } = record();
    const second = await open();
    expect(await output(second, value('2'))).toBe(2);
    expect(record().pid).toBe(pid);
    expect(pid).not.toBe(process.pid);
  });

  test('of many that find none at once one starts it', async () => {
    const opened = await Promise.all(Array.from({ length: 10 }, () => open()));
    const pids = new Set<number>();
    for (const [i, host] of opened.entries()) {
      expect(await output(host, value(String(i)))).toBe(i);
      pids.add(record().pid);
    }
    expect(pids.size).toBe(1);
    expect(readFileSync(join(hostFolder(), 'host.log'), 'utf8').match(/serving/g)).toHaveLength(1);
  });

  test('nobody but this user can read what it keeps, or open its socket', async () => {
    await open();
    const { socket } = record();
    const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);
    expect(modeOf(dirname(socket))).toBe('700');
    expect(modeOf(socket)).toBe('600');
    for (const name of ['host.json', 'host.log', 'seal-key']) expect(modeOf(join(hostFolder(), name))).toBe('600');
  });

  test('a request without the token is refused', async () => {
    await open();
    const { request } = process.getBuiltinModule('node:http');
    const status = await new Promise((resolve, reject) => {
      const sending = request({ socketPath: record().socket, path: '/__ensemble/host/status' }, (response) => resolve(response.statusCode));
      sending.on('error', reject).end();
    });
    expect(status).toBe(403);
  });

  test('a host that was killed is replaced, and the runtime that it left behind is ended', async () => {
    const first = await open();
    await output(first, value('1'));
    const status = await readHostStatus(findProject(project.root));
    process.kill(record().pid, 'SIGKILL');
    expect(await output(first, value('2'))).toBe(2);
    expect(record().pid).not.toBe(status?.pid);
    expect(isUp(status?.workerd?.pid ?? 0)).toBe(false);
    expect(
      readdirSync(dirname(record().socket)).filter((name) => name.startsWith(record().socket.split('/').at(-1)?.slice(0, 16) ?? '?')),
    ).toHaveLength(1);
  });

  test.each([
    ['half-written', '{"pid": 1'],
    ['of another shape', '{"pid":"1"}'],
    ['empty', ''],
  ])('a host.json that is %s is as none', async (_name, text) => {
    write('.ensemble/v3/ensemble-host/host.json', text);
    expect(await output(await open(), value('1'))).toBe(1);
  });

  test('a host.json that others could have written is not believed', async () => {
    await open();
    const file = join(hostFolder(), 'host.json');
    const text = readFileSync(file, 'utf8');
    await stopHostOf(project.root);
    writeFileSync(file, text, { mode: 0o644 });
    expect(readHostRecord(hostFolder())).toBeUndefined();
  });

  test('another configuration has the host replaced, and who was connected goes over to the next one', async () => {
    const env = '  - { name: a, operation: transform, config: { value: "${env.WORD}" } }\n';
    write('wrangler.toml', '[vars]\nWORD = "one"\n');
    const first = await open();
    expect(await output(first, env)).toBe('one');
    const { pid } = record();
    write('wrangler.toml', '[vars]\nWORD = "two"\n');
    expect(await output(await open(), env)).toBe('two');
    expect(isUp(pid)).toBe(false);
    expect(await output(first, env)).toBe('two');
  });

  test('a configuration that cannot be read is told as it is without a host process, and leaves the host that is up alone', async () => {
    write('wrangler.toml', '[[kv_namespaces]]\nbinding = "A"\n');
    await open();
    const { pid } = record();
    write('wrangler.toml', 'kv_namespaces = 3\n');
    const message = await openLocalHost({ project: findProject(project.root) }).catch((error: Error) => `${error.name}: ${error.message}`);
    expect(message).toContain('ProjectProblem: ');
    await expect(open()).rejects.toThrow(String(message).replace('ProjectProblem: ', ''));
    expect(isUp(pid)).toBe(true);
    write('wrangler.toml', '[[kv_namespaces]]\nbinding = "A"\n');
  });

  test('storage that only a later program names is provided, with a word to the one who brought it', async () => {
    write('wrangler.toml', '[[kv_namespaces]]\nbinding = "STORE"\n');
    const notices: HostNotice[][] = [[], []];
    const first = await open({ program: program(kv('STORE')), notice: (notice) => notices[0]?.push(notice) });
    expect(await output(first, kv('STORE'))).toMatchObject({ value: 'none' });
    const second = await open({ program: program(kv('OTHER')), notice: (notice) => notices[1]?.push(notice) });
    expect(await output(second, kv('OTHER'))).toMatchObject({ value: 'none' });
    expect(notices).toEqual([[], [{ type: 'bindings-provided', names: ['OTHER'], configFile: join(project.root, 'wrangler.toml') }]]);
  });

  test('a migration that comes while the host is up is applied before the next run', async () => {
    write('wrangler.toml', '[[d1_databases]]\nbinding = "DB"\ndatabase_id = "db"\nmigrations_dir = "migrations"\n');
    write('migrations/0001_a.sql', 'CREATE TABLE a (n INTEGER);');
    const notices: HostNotice[] = [];
    const d1 = '  - { name: a, operation: storage, config: { type: d1, sql: "SELECT count(*) AS n FROM b" } }\n';
    const first = await open({ program: program(d1), notice: (notice) => notices.push(notice) });
    await first.close();
    write('migrations/0002_b.sql', 'CREATE TABLE b (n INTEGER);');
    const second = await open({ program: program(d1), notice: (notice) => notices.push(notice) });
    expect(JSON.stringify(await output(second, d1))).toContain('"n":0');
    expect(notices).toMatchObject([{ files: ['0001_a.sql'] }, { files: ['0002_b.sql'] }]);
  });

  test('a host that nobody needs ends by itself and takes back what it told', async () => {
    process.env.ENSEMBLE_HOST_IDLE_MS = '30';
    try {
      const host = await open();
      await output(host, value('1'));
      const { pid, socket } = record();
      await host.close();
      await becomes(() => !isUp(pid));
      expect([existsSync(socket), existsSync(join(hostFolder(), 'host.json'))]).toEqual([false, false]);
    } finally {
      delete process.env.ENSEMBLE_HOST_IDLE_MS;
    }
  });

  test('a host without clients stays while a run is at work', async () => {
    process.env.ENSEMBLE_HOST_IDLE_MS = '30';
    await using server = await openSlowServer();
    try {
      const host = await open();
      const run = createRunId(Date.now());
      const request = { run, input: {}, vars: {}, secretVars: [] };
      expect(await host.call('start', { program: program(http(server.origin)), request })).toEqual({ type: 'started' });
      await server.called;
      const { pid } = record();
      await host.close();
      const later = await open();
      expect(record().pid, readFileSync(join(hostFolder(), 'host.log'), 'utf8')).toBe(pid);
      server.letGo();
      const events: RunEvent[] = [];
      for await (const event of (await later.events(run, { follow: true })) ?? []) events.push(event);
      expect(events.at(-1)).toMatchObject({ type: 'run.finished', status: 'succeeded' });
    } finally {
      delete process.env.ENSEMBLE_HOST_IDLE_MS;
    }
  });

  test('a host whose data folder was deleted ends', async () => {
    await open();
    const { pid } = record();
    project[Symbol.dispose]();
    await becomes(() => !isUp(pid));
  });

  test('a host in this process takes the place of one that is idle, and is refused by one that is at work', async () => {
    await using server = await openSlowServer();
    const shared = await open();
    const running = output(shared, http(server.origin));
    await server.called;
    await expect(openLocalHost({ project: findProject(project.root) })).rejects.toThrow(
      /shared host of this project \(pid \d+\) is at work for a run/,
    );
    server.letGo();
    await running;
    await shared.close();
    const { pid } = record();
    const local = await openLocalHost({ project: findProject(project.root) });
    hosts.push(local);
    expect(isUp(pid)).toBe(false);
    expect(await output(local, value('1'))).toBe(1);
  });

  test('a host in this process is refused by one whose worker does not answer: it may be at work', async () => {
    const shared = await open();
    await output(shared, value('1'));
    const workerd = (await readHostStatus(findProject(project.root)))?.workerd?.pid ?? Number.NaN;
    await shared.close();
    process.kill(workerd, 'SIGSTOP');
    try {
      await expect(openLocalHost({ project: findProject(project.root) })).rejects.toThrow(/is at work for/);
    } finally {
      process.kill(workerd, 'SIGCONT');
    }
  });

  test('stopHost says what it found', async () => {
    const found = findProject(project.root);
    expect(await stopHost(found, { waitMs: 0, kill: false })).toEqual({ type: 'none' });
    await open();
    const { pid } = record();
    expect(await stopHost(found, { waitMs: 0, kill: false })).toEqual({ type: 'stopped', pid });
    expect(await readHostStatus(found)).toBeUndefined();
  });
});
