import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { main as runMain } from '../../../src/cli/main.ts';
import type { DeployedWorker, openDeployed } from '../../support/deployed-worker.ts';
import { createFakeIo, type FakeIoOptions } from '../support/fake-io.ts';
import type { MainResult } from '../support/run-main.ts';

const bin = fileURLToPath(new URL('../../../bin/ensemble.js', import.meta.url));
const KEY = 'a-key-for-everything-0123';
const STARTER = 'a-key-that-only-starts-01';
const KEYS = [
  { name: 'ops', key: KEY, scopes: ['*'] },
  { name: 'starter', key: STARTER, scopes: ['runs:start'] },
];

const FILES = {
  'ensembles/orders/total.yaml': `ensemble: total
input:
  cents: { type: integer, required: true }
  label: { type: string, default: none }
agents:
  - { name: sum, operation: code, config: { code: 'console.log("adding up"); return input.cents * 2;' } }
output: { sum: '\${sum.output}', label: '\${input.label}' }
`,
  'ensembles/refund.yaml': `ensemble: refund
agents:
  - { name: ask, operation: approval, config: { prompt: 'Refund?' } }
  - { name: paid, operation: wait, condition: '\${ask.output.approved}', config: { for_signal: paid } }
output: { approver: '\${ask.output.approver}', cents: '\${paid.output.data.cents}' }
`,
  'ensembles/hold.yaml': `ensemble: hold
agents:
  - { name: charge, operation: transform, config: { value: 1 }, compensate: { operation: log, config: { message: refunded } } }
  - { name: hold, operation: wait, config: { for_signal: go } }
  - { name: end, operation: transform, config: { value: done } }
output: \${end.output}
`,
  'ensembles/visits.yaml': `ensemble: visits
state: { backend: durable-object, key: visits, schema: { total: { type: number, default: 0 } } }
agents:
  - { name: count, operation: transform, state: { use: [total], set: { total: '\${state.total + 1}' } }, config: { value: '\${state.total + 1}' } }
output: \${count.output}
`,
  'ensembles/failing.yaml': `ensemble: failing
agents:
  - { name: check, operation: assert, config: { that: '\${false}', message: 'it is not so' } }
`,
};

/** A command line in this process, which finds its host by itself, with a clock that runs. */
async function runInProcess(args: readonly string[], options: FakeIoOptions): Promise<MainResult> {
  const io = createFakeIo(options);
  const delay = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms).unref());
  const code = await runMain(args, { ...io, stdin: io.stdin, now: Date.now, delay });
  return { code, stdout: io.stdout.text, stderr: io.stderr.text };
}

/** The commands of the CLI against a deployed Worker, in an empty folder. */
export function remoteSuite(open: typeof openDeployed): void {
  let worker: DeployedWorker;
  let origin: string;
  let cwd: string;

  beforeAll(async () => {
    worker = await open({ files: FILES, vars: { ENSEMBLE_API_KEYS: JSON.stringify(KEYS) } });
    origin = (await worker.miniflare.ready).origin;
    cwd = realpathSync(mkdtempSync(join(tmpdir(), 'ensemble-remote-')));
  });
  afterAll(async () => {
    await worker[Symbol.asyncDispose]();
    rmSync(cwd, { recursive: true, force: true });
  });

  const main = (env: Readonly<Record<string, string>>, args: readonly string[]): Promise<MainResult> => runInProcess(args, { cwd, env });
  const cli = (...args: readonly string[]) => main({ ENSEMBLE_REMOTE: origin, ENSEMBLE_API_KEY: KEY, USER: 'ann' }, args);
  const withKey = (key: string, ...args: readonly string[]) => main({ ENSEMBLE_API_KEY: key }, args);

  describe('ensemble run against a deployed Worker', () => {
    test('starts what is deployed, by id or by file, and prints its output', async () => {
      expect(await cli('run', 'orders/total', 'cents=21')).toEqual({
        code: 0,
        stdout: '{\n  "sum": 42,\n  "label": "none"\n}\n',
        stderr: expect.stringContaining('sum'),
      });
      const json = await cli('run', 'ensembles/orders/total.yaml', '--input', '{"cents":1,"label":"x"}', '--json');
      const events = json.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect(events[0]).toMatchObject({ type: 'run.started', seq: 0, ensemble: 'total', trigger: { type: 'api', caller: 'ops' } });
      expect(events.at(-1)).toMatchObject({ type: 'run.finished', status: 'succeeded', output: { sum: 2, label: 'x' } });
      expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index));
    });

    test('checks the input in the words of a local run, and starts nothing', async () => {
      const before = JSON.parse((await cli('runs', 'orders/total', '--json')).stdout);
      const wrong = await cli('run', 'orders/total', 'cents=many');
      expect([wrong.code, wrong.stderr]).toEqual([
        2,
        expect.stringMatching(/^error: the input does not fit what the ensemble asks for:\n {2}cents: /),
      ]);
      // A key that may read nothing: the Worker itself says it, in the same words.
      const told = await withKey(STARTER, '--remote', origin, 'run', 'orders/total', '--input', '{"cents":"many"}');
      expect([told.code, told.stderr]).toEqual([wrong.code, wrong.stderr]);
      expect(JSON.parse((await cli('runs', 'orders/total', '--json')).stdout)).toEqual(before);
    });

    test('says what was meant when there is no such ensemble', async () => {
      const { code, stderr } = await cli('run', 'orders/totals', 'cents=1');
      expect([code, stderr]).toEqual([2, `error: there is no ensemble orders/totals at ${origin}\nDid you mean orders/total?\n`]);
    });

    test('exits with 3 and shows why the run failed, without lines of files that are not here', async () => {
      const { code, stderr } = await cli('run', 'failing');
      expect(code).toBe(3);
      expect(stderr).toContain('error[ASSERTION]: it is not so\n  in check, ensembles/failing.yaml:3:');
      expect(stderr).not.toContain('|');
    });

    test('with a key that only starts runs leaves it to go on', async () => {
      const { code, stdout } = await withKey(STARTER, 'run', 'orders/total', '--input', '{"cents":5}', '--detach', '--remote', origin);
      expect(code).toBe(0);
      const told = await withKey(STARTER, 'run', 'orders/total', '--input', '{"cents":6}', '--remote', origin);
      expect([told.code, told.stderr]).toEqual([
        1,
        expect.stringMatching(/the run \w{26} was started, and goes on\nerror: .*\(forbidden\)/s),
      ]);
      expect(await cli('attach', stdout.trim(), '--quiet')).toMatchObject({ code: 0, stdout: '{\n  "sum": 10,\n  "label": "none"\n}\n' });
    });
  });

  describe('a run of a deployed Worker', () => {
    test('waits for people, is answered by its key, gets a signal, and its end is shown by attach', async () => {
      const waiting = await cli('run', 'refund');
      expect(waiting.code).toBe(4);
      const run = /ensemble approve (\w{26}) ask/.exec(waiting.stderr)?.[1] ?? '';
      expect((await cli('runs', '--status', 'waiting')).stdout).toContain('ask waits for an approval: Refund?');
      expect(await cli('approve', run.slice(-8))).toMatchObject({ code: 0 });
      expect(await cli('approve', run)).toMatchObject({ code: 1, stderr: expect.stringContaining('no agent of the run') });
      expect(await cli('signal', 'latest:refund', 'paid', '--data', '{"cents":4000}')).toMatchObject({ code: 0 });
      expect(await cli('attach', run, '--quiet')).toMatchObject({ code: 0, stdout: '{\n  "approver": "ops",\n  "cents": 4000\n}\n' });
    });

    test('is answered on the command line that starts it', async () => {
      const done = await cli('run', 'refund', '--answer', 'ask=reject:too late', '--approver', 'bob', '--quiet');
      expect(done).toMatchObject({ code: 0, stdout: expect.stringContaining('"approver": "bob"') });
    });

    test('is paused, resumed and cancelled, and undoes what it did', async () => {
      const run = (await cli('run', 'hold', '--detach')).stdout.trim();
      expect(await cli('pause', run, '--reason', 'a break')).toMatchObject({ code: 0 });
      expect((await cli('show', run)).stdout).toContain('a break');
      expect(await cli('resume', run, '--detach')).toMatchObject({ code: 0, stdout: `${run}\n` });
      expect(await cli('cancel', run)).toMatchObject({ code: 0, stderr: expect.stringContaining(`${run} is cancelled`) });
      expect((await cli('logs', run)).stdout).toContain('refunded');
      expect(await cli('cancel', run)).toMatchObject({ code: 1, stderr: expect.stringContaining('over') });
      expect(await cli('pause', `${'0'.repeat(25)}1`)).toMatchObject({ code: 2, stderr: expect.stringContaining(`at ${origin}`) });
    });

    test('is cancelled by Ctrl-C in the command that started it, and what it did is undone', async () => {
      const child = spawn(process.execPath, [bin, 'run', 'hold', '--remote', origin, '--json'], {
        cwd,
        env: { ...process.env, ENSEMBLE_API_KEY: KEY, NO_COLOR: '1' },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let [stdout, stderr] = ['', ''];
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        stdout += text;
        if (stdout.includes('"run.waiting"') && stderr === '') child.kill('SIGINT');
      });
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        stderr += text;
      });
      const code = await new Promise((resolve) => child.once('close', resolve));
      expect([code, stderr]).toEqual([130, expect.stringContaining('cancelling the run')]);
      expect(stdout).toContain('"run.compensating"');
      expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toMatchObject({ type: 'run.finished', status: 'cancelled' });
    });

    test('is told with the options that mean its Worker, where those were given', async () => {
      const { code, stderr } = await withKey(KEY, 'run', 'refund', '--remote', origin);
      const [run] = /\b\w{26}\b/.exec(stderr) ?? [];
      expect([code, stderr]).toEqual([4, expect.stringContaining(`ensemble approve ${run} ask --remote ${origin}\n`)]);
      expect((await withKey(KEY, '--remote', origin, 'show', `${run}`)).stdout).toContain(
        `ensemble reject ${run} ask --remote ${origin}\n`,
      );
      expect((await cli('cancel', `${run}`, '--json')).stdout).toBe(`{"run":"${run}","status":"cancelled"}\n`);
    });

    test('is looked at: tree, logs, checkpoints, differences, statistics', async () => {
      await cli('run', 'orders/total', 'cents=7', '--quiet');
      const runs = JSON.parse((await cli('runs', 'orders/total', '--json', '--limit', '2')).stdout);
      expect(runs[0]).toMatchObject({ ensemble: 'total', status: 'succeeded' });
      expect((await cli('show', 'latest:orders/total')).stdout).toContain('sum');
      expect((await cli('show', runs[0].run, '--agent', 'sum')).stdout).toContain('14');
      expect((await cli('logs', runs[0].run)).stdout).toContain('adding up');
      expect((await cli('checkpoints', runs[0].run)).stdout).toContain('sum');
      const other = await cli('diff', runs[0].run, runs[1].run);
      expect([other.code, other.stdout]).toEqual([1, expect.stringContaining('/input/cents')]);
      expect((await cli('stats', 'orders/total')).stdout).toContain('total');
    });
  });

  describe('the state of a deployed Worker', () => {
    test('is read, changed, compared, kept and restored', async () => {
      await cli('run', 'visits', '--quiet');
      await cli('run', 'visits', '--quiet');
      expect((await cli('state', 'scopes')).stdout).toContain('visits');
      expect(await cli('state', 'get', 'visits', 'total')).toMatchObject({ code: 0, stdout: '2\n' });
      expect(await cli('state', 'snapshot', 'visits', '--name', 'before')).toMatchObject({ code: 0 });
      expect(await cli('state', 'set', 'visits', 'total=10')).toMatchObject({ code: 0 });
      expect(await cli('state', 'set', 'visits', 'total=many')).toMatchObject({
        code: expect.toSatisfy((code) => code !== 0 && code !== 70),
      });
      expect((await cli('state', 'history', 'visits')).stdout).toContain('10');
      expect(await cli('state', 'diff', 'visits', '--since', 'snapshot:before')).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('10'),
      });
      expect(await cli('state', 'restore', 'visits', '--name', 'before')).toMatchObject({ code: 0 });
      expect((await cli('state', 'get', 'visits')).stdout).toBe('{\n  "total": 2\n}\n');
    });
  });

  describe('a command on a deployed Worker', () => {
    test('with a key that is not known, or may not, says so', async () => {
      const unknown = await withKey('no-such-key-0123456789', '--remote', origin, 'runs');
      expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining(`${origin} does not take the key`)]);
      const weak = await withKey(STARTER, '--remote', origin, 'runs');
      expect([weak.code, weak.stderr]).toEqual([1, expect.stringContaining('does not let this key do that')]);
    });

    test('leaves nothing behind in the folder in which it was given', () => {
      expect(existsSync(join(cwd, '.ensemble'))).toBe(false);
      expect(readdirSync(cwd)).toEqual([]);
    });
  });
}
