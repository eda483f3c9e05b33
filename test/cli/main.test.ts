import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { ProjectProblem } from '../../src/node/project-problem.ts';
import type { EventBody } from '../../src/program/run-event.ts';
import { agentFinished, finished, STARTED } from './support/events.ts';
import { createFakeHost, type FakeHost } from './support/fake-host.ts';
import { createFakeIo, type FakeIoOptions } from './support/fake-io.ts';

const SHOP = `ensemble: shop
version: 2.0.0
input:
  page: { type: string, required: true }
  count: { type: integer, default: 1 }
  tags: { type: array, default: [] }
state:
  backend: kv
  key: shop-\${input.page}
  schema:
    total: { type: number, default: 0, reducer: add }
agents:
  - name: add
    operation: transform
    config:
      value: \${state.total + input.count}
    state:
      use: [total]
      set: { total: \${input.count} }
  - name: tell
    operation: log
    condition: \${add.output > 100}
    timeout: 5s
    retry: { maxAttempts: 3 } # ensemble-ignore retry-combination: for the plan to show
    config: { message: "big: \${add.output}, \${input.tags.length} tags" }
output: \${add.output}
`;

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'ensemble-main-')));
  write({ 'package.json': '{}', 'ensembles/shop.yaml': SHOP });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(files: Record<string, string | Uint8Array>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

const DONE: readonly EventBody[] = [STARTED, agentFinished('add'), finished({ output: { total: 3 } })];

async function run(args: readonly string[], { host = createFakeHost(DONE), ...options }: FakeIoOptions & { host?: FakeHost } = {}) {
  const io = createFakeIo({ cwd: root, ...options });
  const code = await main(args, io, host.open);
  return { code, stdout: io.stdout.text, stderr: io.stderr.text, host, io };
}

describe('the command line', () => {
  test('--help and --version go to stdout and are no failure', async () => {
    const help = await run(['--help']);
    expect([help.code, help.stderr]).toEqual([0, '']);
    expect(help.stdout).toContain('ensemble run ensembles/document-processor.yaml');
    expect((await run(['run', '--help'])).stdout).toContain('Exit codes:');
    expect((await run(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  test.each([
    [['rum', 'x'], "unknown command 'rum'\n(Did you mean run?)"],
    [['run', 'x', '--jsn'], "unknown option '--jsn'\n(Did you mean --json?)"],
    [['run'], "missing required argument 'file'"],
    [['run', 'x', '--input'], "option '--input <json>' argument missing"],
    [['run', 'shopp'], 'there is no file shopp, and no ensemble of that name in ensembles/\nDid you mean shop?'],
    [['run', 'ensembles/sop.yaml'], 'there is no file ensembles/sop.yaml\nDid you mean shop?'],
    [['run', 'ensembles'], 'ensembles is a folder'],
  ])('%j exits with 2 and says what was meant', async (args, message) => {
    const { code, stdout, stderr } = await run(args);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});

test('a wrong command line is pointed to the help of its own command', async () => {
  expect((await run(['rum'])).stderr).toContain('Run ensemble --help to see what there is.');
  expect((await run(['run', 'x', '--jsn'])).stderr).toContain('Run ensemble run --help to see what it takes.');
});

describe('ensemble run', () => {
  test('prints the output on stdout and everything else on stderr', async () => {
    const { code, stdout, stderr, host } = await run(['run', 'ensembles/shop.yaml', 'page=/']);
    expect(code).toBe(0);
    expect(stdout).toBe('{\n  "total": 3\n}\n');
    expect(stderr).toContain('✓ add');
    expect(host.closed).toBe(1);
  });

  test('finds an ensemble by its name', async () => {
    expect((await run(['run', 'shop', 'page=/'])).code).toBe(0);
  });

  test.each([
    ['text', 'text\n'],
    ['a line\n', 'a line\n'],
    [null, 'null\n'],
    [[1, 'two'], '[\n  1,\n  "two"\n]\n'],
  ])('an output of %j is printed as %j', async (output, expected) => {
    expect((await run(['run', 'shop', 'page=/'], { host: createFakeHost([finished({ output })]) })).stdout).toBe(expected);
  });

  test('no output prints nothing', async () => {
    expect((await run(['run', 'shop', 'page=/'], { host: createFakeHost([finished()]) })).stdout).toBe('');
  });

  test('control characters in the output are kept for a pipe and made harmless on a terminal', async () => {
    const host = () => createFakeHost([finished({ output: 'a\u001b[31mb\u0007c' })]);
    expect((await run(['run', 'shop', 'page=/'], { host: host() })).stdout).toBe('a\u001b[31mb\u0007c\n');
    expect((await run(['run', 'shop', 'page=/'], { host: host(), stdoutTty: true })).stdout).toBe('abc\n');
    const json = createFakeHost([finished({ output: { a: '\u009b' } })]);
    expect((await run(['run', 'shop', 'page=/'], { host: json, stdoutTty: true })).stdout).toBe('{\n  "a": "\\u009b"\n}\n');
  });

  test('--quiet leaves the output alone', async () => {
    const { stdout, stderr } = await run(['run', 'shop', 'page=/', '--quiet']);
    expect([stdout, stderr]).toEqual(['{\n  "total": 3\n}\n', '']);
  });

  test('--json streams the events and prints no output besides', async () => {
    const { stdout } = await run(['run', 'shop', 'page=/', '--json']);
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).type),
    ).toEqual(['run.started', 'agent.finished', 'run.finished']);
  });

  test('all problems of the file are shown at once, with place, frame and count; nothing runs', async () => {
    write({ 'ensembles/bad.yaml': 'ensemble: bad\nagents:\n  - name: a\n    operation: htp\n    config: { url: ${inpt.x} }\n' });
    const { code, stdout, stderr, host } = await run(['run', 'ensembles/bad.yaml']);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^ensembles\/bad\.yaml:4:16: error\[unknown-operation\]: .*\n.*\| .*operation: htp/m);
    expect(stderr).toMatch(/^ensembles\/bad\.yaml:5:22: error\[unknown-name\]: /m);
    expect(stderr).toMatch(/\n\d+ errors/);
    expect(host.runs).toEqual([]);
  });

  test('files are shown as they are reached from the working folder', async () => {
    write({ 'ensembles/bad.yaml': 'ensemble: bad\nagents: 5\n' });
    expect((await run(['run', 'bad.yaml'], { cwd: join(root, 'ensembles') })).stderr).toMatch(/^bad\.yaml:2:9: /);
  });

  test('a broken project is told without a stack trace and exits with 1', async () => {
    const host = createFakeHost([]);
    const open = () => Promise.reject(new ProjectProblem('wrangler.toml:3:5: broken'));
    const { code, stderr } = await run(['run', 'shop', 'page=/'], { host: { ...host, open } });
    expect([code, stderr]).toEqual([1, 'error: wrangler.toml:3:5: broken\n']);
  });

  test('a defect of ours exits with 70, with its stack and a word about whose fault it is', async () => {
    const open = () => Promise.reject(new TypeError('x is not a function'));
    const { code, stderr } = await run(['run', 'shop', 'page=/'], { host: { ...createFakeHost([]), open } });
    expect(code).toBe(70);
    expect(stderr).toContain('This is a bug in ensemble');
    expect(stderr).toMatch(/TypeError: x is not a function\n\s+at /);
  });

  test('a failed run exits with 3 and says code, message, agent, place and what to do', async () => {
    const failure = { code: 'TIMEOUT', message: 'took longer than 5 s', retryable: true } as const;
    const { code, stdout, stderr } = await run(['run', 'shop', 'page=/', '--quiet'], {
      host: createFakeHost([STARTED, finished({ status: 'failed', failure, agent: 'tell' })]),
    });
    expect([code, stdout]).toEqual([3, '']);
    expect(stderr).toContain('error[TIMEOUT]: took longer than 5 s\n  in tell, ensembles/shop.yaml:20:');
    expect(stderr).toContain('name: tell');
    expect(stderr).toContain('help: raise the agent’s timeout');
  });

  test('a run that failed by a fault of ours exits with 70', async () => {
    const failure = { code: 'DEFECT', message: 'oops', retryable: false } as const;
    expect((await run(['run', 'shop', 'page=/'], { host: createFakeHost([finished({ status: 'failed', failure })]) })).code).toBe(70);
  });

  test('a run that waits exits with 4', async () => {
    const waiting: EventBody = { type: 'run.waiting', agent: 'ask', reason: 'approval', prompt: 'Ship it?' };
    const { code, stderr } = await run(['run', 'shop', 'page=/'], { host: createFakeHost([STARTED, waiting]) });
    expect(code).toBe(4);
    expect(stderr).toContain('ask waits for an approval: Ship it?');
  });

  test('--dry-run prints the plan and opens no host', async () => {
    const { code, stdout, host } = await run(['run', 'shop', 'page=/', '--dry-run']);
    expect(code).toBe(0);
    expect(host.runs).toEqual([]);
    expect(stdout).toBe(
      [
        'shop 2.0.0 (ensembles/shop.yaml)',
        '',
        'input      {"page":"/","count":1,"tags":[]}',
        'state      kv, scope shop-${input.page}: total',
        'bindings   kv (the default)',
        '',
        '  1  add  transform',
        '     reads state.total · sets state.total',
        '  2  tell  log',
        '     when ${add.output > 100} · reads add · up to 3 attempts · timeout 5.0 s',
        '',
        'Nothing was run.',
        '',
      ].join('\n'),
    );
    const { stdout: json } = await run(['run', 'shop', 'page=/', '--dry-run', '--json']);
    expect(JSON.parse(json).steps).toMatchObject([
      { agent: 'add', writes: ['state.total'] },
      { agent: 'tell', attempts: 3, timeout_ms: 5_000 },
    ]);
  });
});

describe('the input', () => {
  const inputOf = async (args: readonly string[], options: FakeIoOptions = {}) => {
    const { code, stderr, host } = await run(['run', 'shop', ...args], options);
    return code === 0 ? host.runs[0]?.request.input : stderr;
  };

  test('comes from --input, a file, stdin or key=value, typed as declared, with defaults', async () => {
    write({ 'in.json': '\ufeff{"page":"/f"}' });
    expect(await inputOf(['--input', '{"page":"/a","extra":[1]}'])).toEqual({ page: '/a', extra: [1], count: 1, tags: [] });
    expect(await inputOf(['--input', '@in.json'])).toEqual({ page: '/f', count: 1, tags: [] });
    expect(await inputOf(['--input', '-'], { stdin: '{"page":"/s"}' })).toEqual({ page: '/s', count: 1, tags: [] });
    expect(await inputOf(['page=5', 'count=5', 'tags=["a"]', 'free=5'])).toEqual({ page: '5', count: 5, tags: ['a'], free: '5' });
  });

  test('key=value goes over --input, key:=json takes any JSON, and values may hold = and newlines', async () => {
    expect(await inputOf(['--input', '{"page":"/a","count":2}', 'page=a=b\nc', 'x:={"y":[1]}'])).toEqual({
      page: 'a=b\nc',
      count: 2,
      tags: [],
      x: { y: [1] },
    });
  });

  test('a key that objects have by themselves is a key like any other', async () => {
    const input = await inputOf(['page=/', '__proto__=x', 'constructor=y']);
    expect(Object.getPrototypeOf(input)).toBe(Object.prototype);
    expect(JSON.parse(JSON.stringify(input))).toHaveProperty('constructor', 'y');
  });

  test('every field that is wrong is named', async () => {
    const { code, stderr } = await run(['run', 'shop', 'count=many', 'tags=x']);
    expect(code).toBe(2);
    expect(stderr).toContain('the input does not fit what the ensemble asks for:');
    for (const field of ['page', 'count', 'tags']) expect(stderr).toMatch(new RegExp(`^ {2}${field}: `, 'm'));
  });

  test.each([
    [['--input', '{page:1}'], '--input is not JSON: '],
    [['--input', ''], '--input is not JSON: it is empty'],
    [['--input', '@none.json'], '--input @none.json cannot be read: there is no such file\n'],
    [['--input', '@ensembles'], '--input @ensembles cannot be read: it is a folder\n'],
    [[`x:=${'['.repeat(2_000)}${']'.repeat(2_000)}`], 'error: the value of x:= is nested deeper than 1000 levels\n'],
    [['--input', '[]', 'page=/'], 'key=value needs an --input that is an object'],
    [['page=/', 'page=/b'], '"page" is given twice'],
    [['page'], '"page" is not key=value'],
    [['page:={'], 'the value of page:= is not JSON'],
  ])('%j is refused with 2', async (args, message) => {
    const { code, stderr } = await run(['run', 'shop', ...args]);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});

test('a failure inside an agent file is shown at its place in that file', async () => {
  write({
    'agents/part/agent.yaml':
      'agent: part\noperations:\n  - { name: inner, operation: transform, config: { value: "${input.list.map(x => x)}" } }\n',
    'ensembles/uses.yaml': 'ensemble: uses\nagents:\n  - { name: part, input: {} }\n',
  });
  const failure = { code: 'EXPRESSION' as const, message: 'input.list is undefined', retryable: false };
  const host = createFakeHost([STARTED, finished({ status: 'failed', agent: 'part/inner', failure })]);
  const { code, stderr } = await run(['run', 'uses'], { host });
  expect(code).toBe(3);
  expect(stderr).toMatch(/\n {2}in part\/inner, agents\/part\/agent\.yaml:3:\d+\n3 \| .*input\.list\.map/);
});

describe('what is wrong with the files', () => {
  const CONDITION = 'ensemble: c\nagents:\n  - name: a\n    operation: log\n    condition: always\n    config: { message: hi }\n';

  test('warnings are counted in one line, and say where to look', async () => {
    write({ 'ensembles/c.yaml': CONDITION });
    const { code, stderr } = await run(['run', 'c']);
    expect([code, stderr.split('\n')[0]]).toEqual([0, '1 warning (ensemble validate ensembles/c.yaml shows it)']);
    expect(stderr).not.toContain('constant-condition');
    expect((await run(['run', 'c', '--quiet'])).stderr).toBe('');
  });

  test('the settings of the project and comments in the file count as they do in validate', async () => {
    write({ 'ensembles/c.yaml': CONDITION, 'ensemble.config.yaml': 'rules: { constant-condition: error }\n' });
    expect(await run(['run', 'c'])).toMatchObject({ code: 1, stderr: expect.stringContaining('error[constant-condition]') });
    write({ 'ensembles/c.yaml': CONDITION.replace('always', 'always # ensemble-ignore constant-condition: for now') });
    expect(await run(['run', 'c'])).toMatchObject({ code: 0, stderr: expect.not.stringContaining('warning') });
    write({ 'ensembles/c.yaml': CONDITION, 'ensemble.config.yaml': 'rules: { constant-condition: off }\n' });
    expect(await run(['run', 'c'])).toMatchObject({ code: 0, stderr: expect.not.stringContaining('warning') });
  });

  test('settings that are wrong stop a run', async () => {
    write({ 'ensemble.config.yaml': 'rules: { constant-conditio: off }\n' });
    const { code, stderr, host } = await run(['run', 'shop', 'page=/']);
    expect([code, host.runs.length]).toEqual([1, 0]);
    expect(stderr).toContain('ensemble.config.yaml:1:10: error[unknown-rule]: there is no rule "constant-conditio"');
  });
});

describe('text that is not UTF-8', () => {
  const latin = Buffer.from('page: caf\xe9', 'latin1');

  test('is refused in every file and in stdin, not read with other letters', async () => {
    write({ 'latin.yaml': latin, 'agents/old.yaml': latin, 'ensembles/uses.yaml': 'ensemble: uses\nagents:\n  - name: old\n' });
    const because = 'cannot be read: it is not UTF-8 text (byte 0xE9 in line 1); save it as UTF-8';
    expect(await run(['run', 'latin.yaml'])).toMatchObject({ code: 2, stderr: `error: latin.yaml ${because}\n` });
    expect(await run(['run', 'uses'])).toMatchObject({
      code: 1,
      stderr: `agents/old.yaml:1:1: error[unreadable-file]: the file ${because}\n\n1 error\n`,
    });
    expect(await run(['run', 'shop', '--input', '@latin.yaml'])).toMatchObject({
      code: 2,
      stderr: `error: --input @latin.yaml ${because}\n`,
    });
    expect(await run(['run', 'shop', '--input', '-'], { stdin: latin })).toMatchObject({ code: 2, stderr: `error: stdin ${because}\n` });
    write({ '.dev.vars': latin });
    expect(await run(['run', 'shop', 'page=/'])).toMatchObject({ code: 1, stderr: `error: .dev.vars ${because}\n` });
  });
});

describe('variables', () => {
  test('--var gives them to the run; names of secrets and those of .dev.vars are secret', async () => {
    write({ '.dev.vars': 'ENDPOINT=https://x\n' });
    const { host } = await run(
      ['run', 'shop', 'page=/', '--var', 'REGION=eu=1', '--var', 'api_key=k', '--var', 'ENDPOINT=y', '--var', 'HOME_DIR'],
      {
        env: { HOME_DIR: '/home/x' },
      },
    );
    expect(host.runs[0]?.request).toMatchObject({
      vars: { REGION: 'eu=1', api_key: 'k', ENDPOINT: 'y', HOME_DIR: '/home/x' },
      secretVars: ['api_key', 'ENDPOINT'],
    });
  });

  test.each([
    [['--var', '=x'], '--var takes NAME=value'],
    [['--var', 'NOT_THERE'], 'the environment has no variable of that name'],
  ])('%j is refused with 2', async (args, message) => {
    const { code, stderr } = await run(['run', 'shop', 'page=/', ...args]);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});

describe('an interrupt', () => {
  const cancelled = finished({ status: 'cancelled', failure: { code: 'CANCELLED', message: 'interrupted', retryable: false } });
  /** Starts a run that stays where the story has a function, and waits until it is there. */
  function start(story: (release: Promise<void>) => Parameters<typeof createFakeHost>[0]) {
    const io = createFakeIo({ cwd: root });
    const reached = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    const host = createFakeHost([STARTED, () => reached.resolve(), ...story(release.promise)]);
    return { io, host, reached: reached.promise, release: release.resolve, code: main(['run', 'shop', 'page=/'], io, host.open) };
  }

  test('cancels the run, waits for its end and exits with 130', async () => {
    const { io, host, reached, release, code } = start((released) => [() => released, cancelled]);
    await reached;
    io.interrupt();
    expect(host.cancelled).toEqual(['interrupted']);
    release();
    expect(await code).toBe(130);
    expect([host.closed, io.interruptListeners, io.stdout.text]).toEqual([1, 0, '']);
    expect(io.stderr.text).toContain('■ cancelled');
  });

  test('does not wait for ever, and not at all the second time', async () => {
    for (const giveUp of [
      (io: ReturnType<typeof createFakeIo>) => io.advance(60_000),
      (io: ReturnType<typeof createFakeIo>) => io.interrupt(),
    ]) {
      const { io, host, reached, code } = start(() => [() => new Promise(() => {})]);
      await reached;
      io.interrupt();
      giveUp(io);
      expect(await code).toBe(130);
      expect(host.closed).toBe(1);
    }
  });

  test('waits for what is undone, as long as that goes on', async () => {
    const undoing: EventBody = { type: 'agent.started', agent: 'add:compensate', operation: 'http', compensates: 'add' };
    const { io, host, reached, release, code } = start((released) => [() => released, undoing, () => io.advance(20_000), cancelled]);
    await reached;
    io.interrupt();
    release();
    expect(await code).toBe(130);
    expect(host.closed).toBe(1);
    expect(io.stderr.text).toContain('■ cancelled');
  });

  test('a run that ends well all the same is done', async () => {
    const { io, reached, release, code } = start((released) => [() => released, finished({ output: 'ok' })]);
    await reached;
    io.interrupt();
    release();
    expect(await code).toBe(0);
    expect(io.stdout.text).toBe('ok\n');
  });

  test('the reader of stdout that goes away cancels the run without a word', async () => {
    const { io, host, reached, release, code } = start((released) => [() => released, cancelled]);
    await reached;
    const before = io.stderr.text;
    io.stdout.breakPipe();
    release();
    expect(await code).toBe(141);
    expect(host.cancelled).toHaveLength(1);
    expect(io.stderr.text.slice(before.length)).not.toMatch(/error|Ctrl/);
  });

  test('while the host waits for the data folder ends that', async () => {
    const io = createFakeIo({ cwd: root });
    const { promise, resolve } = Promise.withResolvers<void>();
    const code = main(['run', 'shop', 'page=/'], io, ({ signal, notice }) => {
      notice?.({ type: 'waiting', pid: 4711, elsewhere: false, dataFolder: join(root, '.ensemble/v3') });
      resolve();
      return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
    });
    await promise;
    io.interrupt();
    expect(await code).toBe(130);
    expect(io.stderr.text).toBe('· waiting for another run (pid 4711) that uses .ensemble/v3\n');
  });
});
