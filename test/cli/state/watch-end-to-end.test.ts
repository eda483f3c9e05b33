import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { runCli, SHARED_HOST } from '../../support/run-cli.ts';
import { stopHostOf } from '../../support/stop-host.ts';
import { writeProject } from '../../support/written-project.ts';

const bin = fileURLToPath(new URL('../../../bin/ensemble.js', import.meta.url));
const COUNTER = `ensemble: counter
state: { backend: durable-object, schema: { count: { type: number, default: 0, reducer: add } } }
agents:
  - { name: bump, operation: transform, config: { value: 1 }, state: { set: { count: "\${1}" } } }
output: \${state.count}
`;

test('ensemble state watch tells what other processes do, until it is interrupted', async () => {
  using project = writeProject({ 'ensembles/counter.yaml': COUNTER });
  await using _host = { [Symbol.asyncDispose]: () => stopHostOf(project.root) };
  const call = (...args: readonly string[]) => runCli(args, { cwd: project.root, env: SHARED_HOST });
  expect((await call('run', 'counter', '--quiet')).stdout).toBe('1\n');
  const watch = spawn(process.execPath, [bin, 'state', 'watch', 'counter', '--json'], {
    cwd: project.root,
    env: { ...process.env, ...SHARED_HOST },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise((resolve) => watch.once('close', (code, signal) => resolve({ code, signal })));
  let told = '';
  watch.stdout.setEncoding('utf8').on('data', (text: string) => {
    told += text;
  });
  try {
    // It tells nothing of what was before it looked: something is done until it is seen.
    let value = 100;
    await expect
      .poll(
        async () => {
          value += 1;
          expect((await call('state', 'set', 'counter', `count=${value}`)).code).toBe(0);
          return told;
        },
        { timeout: 60_000, interval: 100 },
      )
      .toContain('"updated"');
    expect((await call('run', 'counter', '--quiet')).stdout).toBe(`${value + 1}\n`);
    expect((await call('state', 'delete', 'counter', 'count')).code).toBe(0);
    await expect.poll(() => told, { timeout: 60_000 }).toContain('"deleted"');
    const last = told.trimEnd().split('\n').slice(-2);
    expect(last.map((line) => JSON.parse(line))).toMatchObject([
      { type: 'updated', key: 'count', before: value, after: value + 1, agent: 'bump', attempt: 1 },
      { type: 'deleted', key: 'count', before: value + 1, run: 'cli', agent: 'state delete' },
    ]);
    watch.kill('SIGINT');
    expect(await ended).toEqual({ code: 0, signal: null });
  } finally {
    watch.kill('SIGKILL');
  }
}, 120_000);
