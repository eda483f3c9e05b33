import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { processIdentity } from '../../src/node/lock/process-identity.ts';
import { runCli } from '../support/run-cli.ts';

const bin = fileURLToPath(new URL('../../bin/ensemble.js', import.meta.url));
const schema = JSON.parse(readFileSync(new URL('../../schemas/run-event.schema.json', import.meta.url), 'utf8'));

const COUNTER = `ensemble: counter
state:
  backend: kv
  schema:
    count: { type: number, default: 0, reducer: add }
agents:
  - name: bump
    operation: transform
    config: { value: 1 }
    state:
      set: { count: \${bump.output} }
output: \${state.count}
`;
const SLOW = `ensemble: slow
agents:
  - name: call
    operation: http
    config: { url: "\${input.url}" }
output: \${call.output}
`;

let root: string;
const children: ChildProcess[] = [];
const servers: Server[] = [];
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'ensemble-e2e-')));
  write({ 'package.json': '{}', 'ensembles/counter.yaml': COUNTER, 'ensembles/slow.yaml': SLOW });
});
afterEach(async () => {
  for (const child of children.splice(0)) if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
  rmSync(root, { recursive: true, force: true });
});

function write(files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}
const run = (...args: string[]) => runCli(['run', ...args], { cwd: root });

/** Starts the CLI in a process group of its own, as a shell does, so that a test can press Ctrl-C. */
function start(...args: string[]) {
  const child = spawn(process.execPath, [bin, 'run', ...args], {
    cwd: root,
    env: { ...process.env, NO_COLOR: '1', ENSEMBLE_NO_HOST: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  children.push(child);
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return {
    child,
    ended,
    stderr: () => stderr,
    press: (signal: NodeJS.Signals) => process.kill(-(child.pid ?? 0), signal),
    said: (text: string) =>
      new Promise<void>((resolve) => {
        const look = () => stderr.includes(text) && resolve();
        child.stderr?.on('data', look);
        look();
      }),
  };
}

/** A server whose requests wait until the test lets go; `called` resolves at the first. */
async function startServer() {
  const called = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const server = createServer((_request, response) => {
    called.resolve();
    void release.promise.then(() => response.end('"late"'));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, called: called.promise, release: release.resolve };
}

/** The workerd that the present holder of the data folder has recorded. */
function workerdOf(dataFolder: string): number {
  const folder = join(root, dataFolder, 'ensemble-lock');
  const newest = Math.max(
    ...readdirSync(folder)
      .filter((name) => /^\d+$/.test(name))
      .map(Number),
  );
  return JSON.parse(readFileSync(join(folder, String(newest)), 'utf8')).workerd.pid;
}

describe('ensemble run, as a process', () => {
  test('prints only the output on stdout, and KV keeps its data from run to run', async () => {
    const first = await run('counter');
    expect(first).toMatchObject({ code: 0, stdout: '1\n' });
    expect(first.stderr).toContain('✓ bump');
    expect(await run('counter', '--quiet')).toEqual({ code: 0, signal: null, stdout: '2\n', stderr: '' });
    expect(readFileSync(join(root, '.ensemble/.gitignore'), 'utf8')).toBe('*\n');
  });

  test('--json prints events that the published schema describes, numbered without gaps', async () => {
    const { stdout } = await run('counter', '--json');
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const validate = new Ajv2020({ allErrors: true }).compile(schema);
    for (const event of events) expect([event.type, validate(event), validate.errors]).toEqual([event.type, true, null]);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index));
    expect([events[0].type, events.at(-1).type]).toEqual(['run.started', 'run.finished']);
  });

  test('show draws a run of an earlier process by the id that run printed, and --json gives its events', async () => {
    const { stderr } = await run('counter');
    const id = / run ([0-9a-z]{26})$/m.exec(stderr)?.[1] ?? '';
    const shown = await runCli(['show', id], { cwd: root });
    expect([shown.code, shown.stderr]).toEqual([0, '']);
    expect(shown.stdout).toMatch(
      /^counter {2}succeeded in .*\n[^\n]*ensembles\/counter\.yaml.*\n.*\n\n *[^\n]* └─ ✓ bump .*\n\noutput 1\n$/,
    );
    const { stdout } = await runCli(['show', id, '--json'], { cwd: root });
    const types = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).type);
    expect([types[0], types.at(-1)]).toEqual(['run.started', 'run.finished']);
  });

  test('five processes at once on one data folder: each waits its turn and no count is lost', async () => {
    const results = await Promise.all(Array.from({ length: 5 }, () => run('counter')));
    expect(results.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0]);
    expect(results.map(({ stdout }) => Number(stdout)).toSorted()).toEqual([1, 2, 3, 4, 5]);
    expect(results.filter(({ stderr }) => stderr.includes('waiting for another run (pid ')).length).toBeGreaterThan(0);
  });

  test('Ctrl-C cancels the run, exits with 130 and leaves no workerd behind', async () => {
    const server = await startServer();
    const slow = start('slow', `url=${server.url}`);
    await server.called;
    const workerd = workerdOf('.ensemble/v3');
    expect(processIdentity(workerd)).toBeDefined();
    slow.press('SIGINT');
    expect(await slow.ended).toBe(130);
    expect(slow.stderr()).toContain('■ cancelled');
    expect(processIdentity(workerd)).toBeUndefined();
  });

  test('a run after a killed one ends the workerd left behind and goes on with the data', async () => {
    await run('counter');
    const server = await startServer();
    const slow = start('slow', `url=${server.url}`);
    await server.called;
    const orphan = workerdOf('.ensemble/v3');
    slow.child.kill('SIGKILL');
    await slow.ended;
    expect(processIdentity(orphan)).toBeDefined();
    const next = await run('counter');
    expect(next).toMatchObject({ code: 0, stdout: '2\n' });
    expect(next.stderr).toContain(`ended a runtime (pid ${orphan}) that a killed run had left behind`);
    expect(processIdentity(orphan)).toBeUndefined();
  });

  test('a run that waits for the data folder ends at Ctrl-C, and the one that holds it is not disturbed', async () => {
    const server = await startServer();
    const slow = start('slow', `url=${server.url}`);
    await server.called;
    const second = start('counter');
    await second.said(`waiting for another run (pid ${slow.child.pid})`);
    second.press('SIGINT');
    expect(await second.ended).toBe(130);
    server.release();
    expect(await slow.ended).toBe(0);
  });

  test('a reader that goes away cancels the run without a word', async () => {
    write({
      'ensembles/two.yaml':
        'ensemble: two\nagents:\n  - { name: first, operation: http, config: { url: "${input.first}" } }\n  - { name: second, operation: http, config: { url: "${input.second}" } }\n',
    });
    const [first, second] = await Promise.all([startServer(), startServer()]);
    const slow = start('two', `first=${first.url}`, `second=${second.url}`, '--json', '--quiet');
    await first.called;
    slow.child.stdout?.destroy();
    first.release();
    expect(await slow.ended).toBe(141);
    expect(slow.stderr()).toBe('');
  });

  test('D1 migrations are applied before the run, once, with a line that says so', async () => {
    write({
      'wrangler.toml': 'name = "x"\n[[d1_databases]]\nbinding = "APP"\ndatabase_id = "abc"\nmigrations_dir = "migrations"\n',
      'migrations/0001_users.sql': "CREATE TABLE users(name TEXT);\nINSERT INTO users VALUES ('ada');\n",
      'ensembles/users.yaml':
        'ensemble: users\nagents:\n  - name: all\n    operation: storage\n    config: { type: d1, query: SELECT name FROM users }\noutput: ${all.output.rows}\n',
    });
    const first = await run('users');
    expect(first.stderr).toContain('· applied to APP: 0001_users.sql\n');
    expect(JSON.parse(first.stdout)).toEqual([{ name: 'ada' }]);
    expect((await run('users')).stderr).not.toContain('applied');
    write({ 'migrations/0002_bad.sql': 'CREATE TABEL x(y);' });
    const bad = await run('users');
    expect(bad.code).toBe(1);
    expect(bad.stderr).toMatch(/^error: .*0002_bad\.sql: the migration was not applied to APP: near "TABEL": syntax error/);
    expect(existsSync(join(root, '.wrangler/state/v3/d1'))).toBe(true);
  });
});
