import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type CliResult, runCli, SHARED_HOST } from '../../support/run-cli.ts';
import { stopHostOf } from '../../support/stop-host.ts';

const bin = fileURLToPath(new URL('../../../bin/ensemble.js', import.meta.url));
const FILES = {
  'package.json': '{}',
  'ensembles/refund.yaml': `ensemble: refund
input: { order: { type: string, required: true } }
agents:
  - { name: ask, operation: approval, config: { prompt: 'Refund \${input.order}?', approvers: [ann, bob] } }
  - { name: paid, operation: wait, condition: '\${ask.output.approved}', config: { for_signal: paid } }
output: { ask: '\${ask.output}', cents: '\${paid.output.data.cents}' }
`,
  'ensembles/hold.yaml': `ensemble: hold
agents:
  - { name: charge, operation: transform, config: { value: 1 }, compensate: { operation: log, config: { message: refunded } } }
  - { name: hold, operation: wait, config: { for_signal: go } }
  - { name: end, operation: transform, config: { value: done } }
output: \${end.output}
`,
};

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'ensemble-control-e2e-')));
  mkdirSync(join(root, 'ensembles'));
  for (const [path, text] of Object.entries(FILES)) writeFileSync(join(root, path), text);
});
afterEach(async () => {
  await stopHostOf(root);
  rmSync(root, { recursive: true, force: true });
});

const cli = (env: Readonly<Record<string, string>>, ...args: readonly string[]) =>
  runCli(args, { cwd: root, env: { USER: 'ann', ...env } });
const shared = (...args: readonly string[]) => cli(SHARED_HOST, ...args);

/** A command that goes on while the test does other things. */
function begin(...args: readonly string[]): {
  readonly child: ChildProcess;
  readonly done: Promise<CliResult>;
  told(text: string): Promise<void>;
} {
  const child = spawn(process.execPath, [bin, ...args], { cwd: root, env: { ...process.env, NO_COLOR: '1', USER: 'ann', ...SHARED_HOST } });
  let [stdout, stderr] = ['', ''];
  const waiting = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    for (const look of waiting) look();
  });
  const done = new Promise<CliResult>((resolve) => child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr })));
  const told = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => stderr.includes(text) && resolve();
      waiting.add(look);
      look();
      void done.then(() => reject(new Error(`it ended without saying ${text}: ${stderr}`)));
    });
  return { child, done, told };
}

describe.each([
  ['with the host that commands share', SHARED_HOST],
  ['with a host in each process', { ENSEMBLE_NO_HOST: '1' }],
])('a run that waits for people, %s', (_name, env) => {
  test('outlives the command, takes its answer and its signal from others, and its end is shown by attach', async () => {
    const run = await cli(env, 'run', 'refund', 'order=a1', '--json');
    expect(run.code).toBe(4);
    const events = run.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.at(-1)).toMatchObject({ type: 'run.waiting', agent: 'ask', prompt: 'Refund a1?' });
    const id: string = events[0].run;
    expect(run.stderr).toContain(`ensemble approve ${id} ask`);

    const refused = await cli(env, 'approve', id, '--approver', 'eve');
    expect([refused.code, refused.stderr]).toEqual([1, 'error: eve may not answer ask, only ann, bob (--approver says who you are)\n']);
    expect(await cli(env, 'approve', id, '--feedback', 'fine', '--data', '{"limit":40}')).toMatchObject({ code: 0 });
    expect(await cli(env, 'approve', id)).toMatchObject({ code: 1 });
    expect(await cli(env, 'signal', id, 'paid', '--data', '{"cents":4000}')).toMatchObject({ code: 0 });
    const attached = await cli(env, 'attach', id, '--quiet');
    expect(attached.code).toBe(0);
    expect(JSON.parse(attached.stdout)).toEqual({
      ask: { approved: true, feedback: 'fine', approver: 'ann', data: { limit: 40 } },
      cents: 4000,
    });
    expect(await cli(env, 'signal', id, 'paid')).toMatchObject({ code: 1 });
  });

  test('a batch leaves its rows waiting, and later takes in how they ended', async () => {
    writeFileSync(join(root, 'rows.jsonl'), '{"order":"r1"}\n{"order":"r2"}\n');
    const results = () =>
      readFileSync(join(root, 'rows.results.jsonl'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
    expect(await cli(env, 'run', 'refund', '--each', 'rows.jsonl')).toMatchObject({ code: 4 });
    const waiting = results();
    expect(waiting).toMatchObject([
      { status: 'waiting', agent: 'ask' },
      { status: 'waiting', agent: 'ask' },
    ]);
    const [first, second] = waiting.toSorted((a, b) => a.line - b.line);
    expect(await cli(env, 'reject', first.run)).toMatchObject({ code: 0 });
    expect(await cli(env, 'run', 'refund', '--each', 'rows.jsonl')).toMatchObject({ code: 4 });
    // A later batch may answer, too; nothing ran twice.
    const last = await cli(env, 'run', 'refund', '--each', 'rows.jsonl', '--answer', 'ask=reject:late');
    expect(last.code).toBe(0);
    const ended = results().filter(({ status }) => status === 'succeeded');
    expect(ended.map(({ run }) => run).sort()).toEqual([first.run, second.run].sort());
    const { stdout } = await cli(env, 'runs', '--json');
    expect(JSON.parse(stdout)).toHaveLength(2);
  });
});

describe('a run that nobody follows', () => {
  test('goes on when the command is over, and ends for all who follow it when another cancels it', async () => {
    const started = await shared('run', 'hold', '--detach', '--json');
    expect(started.code).toBe(0);
    const { run } = JSON.parse(started.stdout);
    const followers = [begin('attach', run), begin('attach', run)];
    await Promise.all(followers.map(({ told }) => told('waits for the signal go')));
    expect(await shared('cancel', run, '--reason', 'ordered twice')).toMatchObject({ code: 0, stderr: `· ${run} is cancelled\n` });
    for (const { done } of followers) {
      expect(await done).toMatchObject({
        code: 3,
        stderr: expect.stringMatching(/refunded\n(?:.*\n)*.*The run was cancelled: ordered twice/),
      });
    }
    expect(await shared('cancel', run)).toMatchObject({ code: 1 });
  });

  test('is left alone by Ctrl-C in attach, and cancelled by Ctrl-C in run', async () => {
    const { child, done, told } = begin('run', 'hold');
    await told('waits for the signal go');
    const run = JSON.parse((await shared('runs', '--json')).stdout)[0].run;
    const follower = begin('attach', run);
    await follower.told('waits for the signal go');
    follower.child.kill('SIGINT');
    expect(await follower.done).toMatchObject({ code: 130, stderr: expect.stringContaining('the run goes on') });
    expect(JSON.parse((await shared('runs', '--json')).stdout)).toMatchObject([{ run, status: 'waiting' }]);
    child.kill('SIGINT');
    expect(await done).toMatchObject({ code: 130, stderr: expect.stringContaining('refunded') });
    expect(JSON.parse((await shared('runs', '--json')).stdout)).toMatchObject([{ run, status: 'cancelled' }]);
  });

  test('goes on when the command that began it is killed', async () => {
    const { child, done, told } = begin('run', 'hold');
    await told('waits for the signal go');
    child.kill('SIGKILL');
    await done;
    const run = JSON.parse((await shared('runs', '--json')).stdout)[0].run;
    expect(await shared('signal', run, 'go')).toMatchObject({ code: 0 });
    expect(await shared('attach', run)).toMatchObject({ code: 0, stdout: 'done\n' });
  });
});

describe('a paused run', () => {
  test('begins nothing until it is resumed, and then what its file says now where that is wanted', async () => {
    const run = (await shared('run', 'hold', '--detach')).stdout.trim();
    expect(await shared('pause', run, '--reason', 'a break')).toMatchObject({ code: 0 });
    expect(await shared('signal', run, 'go')).toMatchObject({ code: 0 });
    expect(JSON.parse((await shared('runs', '--json')).stdout)).toMatchObject([{ run, status: 'paused' }]);
    writeFileSync(join(root, 'ensembles/hold.yaml'), FILES['ensembles/hold.yaml'].replace('value: done', 'value: over'));
    const refused = await shared('resume', run);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('  ensembles/hold.yaml\n    ~ end  config\n') });
    expect(await shared('resume', run, '--with-current')).toMatchObject({ code: 0, stdout: 'over\n' });
    expect(await shared('resume', run)).toMatchObject({ code: 1, stderr: expect.stringContaining('is over: it succeeded') });
  });
});
