import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { dataFolderOf } from '../../../src/node/data-folder.ts';
import { findProject } from '../../../src/node/find-project.ts';
import { readHostStatus } from '../../../src/node/host-process/control-host.ts';
import { hostFolderOf } from '../../../src/node/host-process/host-folder.ts';
import type { HostStatus } from '../../../src/node/host-process/host-requests.ts';
import { processIdentity } from '../../../src/node/lock/process-identity.ts';
import { openTestServer, type TestServer } from '../../support/http-server.ts';
import { type CliResult, runCli, SHARED_HOST } from '../../support/run-cli.ts';
import { stopHostOf } from '../../support/stop-host.ts';
import { type WrittenProject, writeProject } from '../../support/written-project.ts';

const bin = fileURLToPath(new URL('../../../bin/ensemble.js', import.meta.url));

const WRITES = `ensemble: writes
input:
  n: { type: integer, required: true }
state:
  backend: d1
  key: all
  persist: each
  schema:
    total: { type: number, default: 0, reducer: add }
agents:
  - { name: table, operation: storage, config: { type: d1, sql: "CREATE TABLE IF NOT EXISTS rows (n INTEGER PRIMARY KEY)" } }
  - { name: row, operation: storage, config: { type: d1, sql: "INSERT INTO rows VALUES (?)", params: ["\${input.n}"] } }
  - { name: key, operation: storage, config: { type: kv, action: put, key: "k\${input.n}", value: "v\${input.n}" } }
  - name: add
    operation: transform
    config: { value: \${input.n} }
    state: { set: { total: \${input.n} } }
output: \${add.output}
`;

const READS = `ensemble: reads
input:
  n: { type: integer, required: true }
state:
  backend: d1
  key: all
  schema:
    total: { type: number, default: 0, reducer: add }
agents:
  - { name: rows, operation: storage, config: { type: d1, sql: "SELECT count(*) AS n FROM rows" } }
  - name: keys
    operation: storage
    config: { type: kv, action: list }
  - name: total
    operation: transform
    config: { value: \${state.total} }
    state: { use: [total] }
output:
  rows: \${rows.output.rows[0].n}
  keys: \${keys.output.keys.length}
  total: \${total.output}
`;

const CALLS = `ensemble: calls
input:
  url: { type: string, required: true }
agents:
  - { name: before, operation: http, config: { url: "\${input.url}/before", method: POST, body: {} } }
  - { name: during, operation: http, config: { url: "\${input.url}/during", method: POST, body: {} } }
  - { name: after, operation: http, config: { url: "\${input.url}/after", method: POST, body: {} } }
output: \${[before.output, during.output, after.output].length}
`;

let project: WrittenProject;
const children: ChildProcess[] = [];
beforeEach(() => {
  project = writeProject({ 'ensembles/writes.yaml': WRITES, 'ensembles/reads.yaml': READS, 'ensembles/calls.yaml': CALLS });
});
afterEach(async () => {
  for (const child of children.splice(0)) if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  await stopHostOf(project.root);
  project[Symbol.dispose]();
});

const ensemble = (...args: string[]): Promise<CliResult> => runCli(args, { cwd: project.root, env: SHARED_HOST });

async function status(): Promise<HostStatus> {
  const found = await readHostStatus(findProject(project.root));
  if (found === undefined) throw new Error('no host is up');
  return found;
}

/** A server that holds back the first answer to `/during` until the test lets go. */
async function openServer(): Promise<{ readonly server: TestServer; readonly called: Promise<void>; readonly letGo: () => void }> {
  const called = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const server = await openTestServer(async ({ url }, response) => {
    if (url === '/during') {
      called.resolve();
      await release.promise;
    }
    response.end('"done"');
  });
  return { server, called: called.promise, letGo: release.resolve };
}

/** How often each path was called, by its idempotency key. */
function callsOf({ requests }: TestServer): Readonly<Record<string, { readonly calls: number; readonly keys: number }>> {
  const paths = [...new Set(requests.map(({ url }) => url))];
  return Object.fromEntries(
    paths.map((path) => {
      const keys = requests.filter(({ url }) => url === path).map(({ headers }) => headers['idempotency-key']);
      return [path, { calls: keys.length, keys: new Set(keys).size }];
    }),
  );
}

describe('commands that share a host', () => {
  test('ten at once on a fresh data folder all succeed, lose nothing, and have one host process', async () => {
    const results = await Promise.all(Array.from({ length: 10 }, (_, i) => ensemble('run', 'writes', `n=${i + 1}`)));
    expect(results.map(({ code, stdout }) => [code, stdout.trim()])).toEqual(results.map((_, i) => [0, String(i + 1)]));
    const log = readFileSync(join(hostFolderOf(dataFolderOf(findProject(project.root))), 'host.log'), 'utf8');
    expect(log.match(/serving/g)).toHaveLength(1);
    const { code, stdout } = await ensemble('run', 'reads', 'n=0');
    expect([code, JSON.parse(stdout)]).toEqual([0, { rows: 10, keys: 10, total: 55 }]);
  });

  test.each([
    ['the host is killed', async () => void process.kill((await status()).pid, 'SIGKILL')],
    ['the runtime is killed', async () => void process.kill((await status()).workerd?.pid ?? 0, 'SIGKILL')],
    [
      'both are killed',
      async () => {
        const { pid, workerd } = await status();
        process.kill(pid, 'SIGKILL');
        process.kill(workerd?.pid ?? 0, 'SIGKILL');
      },
    ],
    ['the host is stopped', async () => void (await ensemble('host', 'stop', '--force'))],
    [
      'another configuration has the host replaced',
      async () => {
        writeFileSync(join(project.root, '.dev.vars'), 'OTHER=secret\n');
        expect((await ensemble('run', 'writes', 'n=1')).code).toBe(0);
      },
    ],
    ['another ensemble needs more storage, which restarts the runtime', async () => void (await ensemble('run', 'writes', 'n=1'))],
  ])('a run that is followed goes on to its end when %s', async (_name, kill) => {
    const { server, called, letGo } = await openServer();
    await using _server = server;
    const running = ensemble('run', 'calls', `url=${server.origin}`, '--json');
    await called;
    await kill();
    letGo();
    const { code, stdout } = await running;
    const events = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => i));
    expect(events.at(-1)).toMatchObject({ type: 'run.finished', status: 'succeeded', output: 3 });
    expect(code).toBe(0);
    const { '/during': cut, ...finished } = callsOf(server);
    expect(finished).toEqual({ '/before': { calls: 1, keys: 1 }, '/after': { calls: 1, keys: 1 } });
    // A runtime that is left behind may hear the answer before it is ended.
    expect(cut?.keys).toBe(1);
  });

  test('hosts that are ended in order are no tries of a run that they cut, however many', async () => {
    const { server, called, letGo } = await openServer();
    await using _server = server;
    const running = ensemble('run', 'calls', `url=${server.origin}`, '--json');
    await called;
    const calls = () => server.requests.filter(({ url }) => url === '/during').length;
    for (let hosts = 1; hosts <= 4; hosts++) {
      await ensemble('host', 'stop', '--force');
      while (calls() <= hosts) await new Promise((resolve) => setTimeout(resolve, 20));
    }
    letGo();
    const { code, stdout } = await running;
    expect(stdout.match(/"run.resumed"/g)).toHaveLength(4);
    expect(code).toBe(0);
  });

  test('a run goes on when the command that started it is killed', async () => {
    const { server, called, letGo } = await openServer();
    await using _server = server;
    const child = spawn(process.execPath, [bin, 'run', 'calls', `url=${server.origin}`], {
      cwd: project.root,
      env: { ...process.env, ...SHARED_HOST },
      stdio: 'ignore',
    });
    children.push(child);
    await called;
    child.kill('SIGKILL');
    letGo();
    const attached = await ensemble('attach', 'latest');
    expect([attached.code, attached.stdout], attached.stderr).toEqual([0, '3\n']);
    expect(callsOf(server)).toMatchObject({ '/during': { calls: 1 }, '/after': { calls: 1 } });
  });
});

describe('ensemble host', () => {
  test('says what is up, and ends it', async () => {
    expect((await ensemble('host', 'status')).stdout).toContain('No host is up');
    expect(JSON.parse((await ensemble('host', 'status', '--json')).stdout)).toEqual({ running: false });
    await ensemble('run', 'writes', 'n=1');
    const { pid } = await status();
    expect((await ensemble('host', 'status')).stdout).toMatch(new RegExp(`^host +pid ${pid}, up for `));
    expect(JSON.parse((await ensemble('host', 'status', '--json')).stdout)).toMatchObject({ running: true, pid, working: [], clients: 0 });
    const stopped = await ensemble('host', 'stop');
    expect([stopped.code, stopped.stderr]).toEqual([0, `Stopped the host (pid ${pid}).\n`]);
    expect(processIdentity(pid)).toBeUndefined();
    expect((await ensemble('host', 'stop')).stderr).toContain('No host is up');
  });

  test('--no-host starts none', async () => {
    expect((await ensemble('run', 'writes', 'n=1', '--no-host')).code).toBe(0);
    expect((await ensemble('--no-host', 'run', 'writes', 'n=2')).code).toBe(0);
    expect(await readHostStatus(findProject(project.root))).toBeUndefined();
  });
});
