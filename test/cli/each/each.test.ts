import { appendFileSync, existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { main } from '../../../src/cli/main.ts';
import type { JsonObject } from '../../../src/program/json.ts';
import { createFakeIo, type FakeIoOptions } from '../support/fake-io.ts';
import { createRowHost, type RowHost } from './row-host.ts';

const IMPORT = `ensemble: import
input:
  id: { type: integer, required: true }
  region: { type: string, default: eu }
agents:
  - { name: note, operation: log, config: { message: "\${input.id} \${input.region}" } }
output: \${input.id}
`;

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'ensemble-each-')));
  writeFileSync(join(root, 'package.json'), '{}');
  writeFileSync(join(root, 'import.yaml'), IMPORT);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const write = (name: string, lines: readonly (JsonObject | string)[]) =>
  writeFileSync(join(root, name), lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'));
const lines = (name: string) =>
  readFileSync(join(root, name), 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));

const double = createRowHost.bind(undefined, ({ id }) => ({ output: Number(id) * 2 }));
const failing = (...ids: readonly number[]) =>
  createRowHost(({ id }) =>
    ids.includes(Number(id))
      ? { status: 'failed', agent: 'note', failure: { code: 'NETWORK', message: `no way to ${id}`, retryable: true } }
      : { output: id ?? null },
  );

async function each(args: readonly string[], { host = double(), ...options }: FakeIoOptions & { host?: RowHost } = {}) {
  const io = createFakeIo({ cwd: root, ...options });
  const code = await main(['run', 'import.yaml', ...args], io, host.open);
  return { code, stdout: io.stdout.text, stderr: io.stderr.text, host, io };
}

describe('ensemble run --each', () => {
  test('runs the ensemble once a line and writes a line of results for each', async () => {
    write('rows.jsonl', [{ id: 1 }, '', { id: 2, region: 'us' }]);
    const { code, stdout, stderr, host } = await each(['--each', 'rows.jsonl']);
    expect(code).toBe(0);
    expect(stdout).toBe('');
    expect(host.inputs).toEqual([
      { id: 1, region: 'eu' },
      { id: 2, region: 'us' },
    ]);
    expect(lines('rows.results.jsonl')).toMatchObject([
      { line: 1, status: 'succeeded', output: 2, duration_ms: 0, run: expect.stringMatching(/^[0-9a-z]{26}$/) },
      { line: 3, status: 'succeeded', output: 4, key: expect.stringMatching(/^[0-9a-f]{32}$/) },
    ]);
    expect(stderr).toBe('✓ 2 rows done in 0 ms\n  results in rows.results.jsonl\n');
    expect(host.closed).toBe(1);
  });

  test('what the command line gives lies under every row', async () => {
    write('rows.jsonl', [{ id: 1 }, { id: 2, region: 'us' }]);
    const { host } = await each(['--each', 'rows.jsonl', '--input', '{"id":9,"note":"n"}', 'region=asia']);
    expect(host.inputs).toEqual([
      { id: 1, note: 'n', region: 'asia' },
      { id: 2, note: 'n', region: 'us' },
    ]);
  });

  test('a broken line is a failed row with its number, and stops nothing else', async () => {
    write('rows.jsonl', [{ id: 1 }, '{"id": 2', '[3]', { id: 'four' }, { id: 5 }]);
    const { code, stderr, host } = await each(['--each', 'rows.jsonl']);
    expect(code).toBe(3);
    expect(host.inputs.map(({ id }) => id)).toEqual([1, 5]);
    const broken = lines('rows.results.jsonl').filter(({ status }) => status === 'failed');
    expect(broken.map(({ line, failure, run }) => [line, failure.code, run])).toEqual([
      [2, 'INPUT_INVALID', undefined],
      [3, 'INPUT_INVALID', undefined],
      [4, 'INPUT_INVALID', undefined],
    ]);
    expect(stderr).toContain('✗ line 2  INPUT_INVALID: the line is not JSON:');
    expect(stderr).toContain('✗ line 3  INPUT_INVALID: a row is a JSON object, found a list of 1');
    expect(stderr).toMatch(/✗ line 4 {2}INPUT_INVALID: the input does not fit what the ensemble asks for: id: .*"four"/);
    expect(stderr).toContain('✗ 2 rows done · 3 failed in 0 ms');
  });

  test('never more runs are at work than --concurrency, four unless it says', async () => {
    write(
      'rows.jsonl',
      Array.from({ length: 20 }, (_, id) => ({ id })),
    );
    const slow = () =>
      createRowHost(async ({ id }) => {
        for (let turn = 0; turn < 10; turn++) await Promise.resolve();
        return { output: id ?? null };
      });
    const some = await each(['--each', 'rows.jsonl', '--concurrency', '3'], { host: slow() });
    expect(some.host.atWork).toEqual({ now: 0, most: 3 });
    const usual = await each(['--each', 'rows.jsonl', '--fresh'], { host: slow() });
    expect(usual.host.atWork.most).toBe(4);
  });

  test('the same command again runs what failed and what is new, and leaves alone what succeeded', async () => {
    write('rows.jsonl', [{ id: 1 }, { id: 2 }, { id: 3 }]);
    const first = await each(['--each', 'rows.jsonl'], { host: failing(2) });
    expect(first.code).toBe(3);
    expect(first.stderr).toContain('✗ line 2  NETWORK: no way to 2');
    expect(lines('rows.results.jsonl').map(({ line, status, agent }) => [line, status, agent])).toContainEqual([2, 'failed', 'note']);
    // A row that was put before the others does not make them new.
    write('rows.jsonl', [{ id: 7 }, { id: 1 }, { id: 2 }, { id: 3 }]);
    const second = await each(['--each', 'rows.jsonl']);
    expect(second.code).toBe(0);
    expect(second.host.inputs.map(({ id }) => id)).toEqual([7, 2]);
    expect(second.stderr).toContain('✓ 2 rows done · 2 done before in');
    const kept = lines('rows.results.jsonl');
    expect(kept.map(({ status }) => status)).toEqual(['succeeded', 'succeeded', 'succeeded', 'succeeded']);
    const third = await each(['--each', 'rows.jsonl']);
    expect([third.code, third.host.inputs]).toEqual([0, []]);
  });

  test('equal rows are as many runs, in this batch and in the next', async () => {
    write('rows.jsonl', [{ id: 1 }, { id: 1 }]);
    expect((await each(['--each', 'rows.jsonl'])).host.inputs).toHaveLength(2);
    write('rows.jsonl', [{ id: 1 }, { id: 1 }, { id: 1 }]);
    expect((await each(['--each', 'rows.jsonl'])).host.inputs).toHaveLength(1);
  });

  test('the results of one ensemble say nothing about the rows of another', async () => {
    write('rows.jsonl', [{ id: 1 }]);
    await each(['--each', 'rows.jsonl']);
    writeFileSync(join(root, 'import.yaml'), IMPORT.replace('ensemble: import', 'ensemble: other'));
    expect((await each(['--each', 'rows.jsonl'])).host.inputs).toHaveLength(1);
  });

  test('--fresh runs every row and leaves no earlier result', async () => {
    write('rows.jsonl', [{ id: 1 }, { id: 2 }]);
    await each(['--each', 'rows.jsonl']);
    const { host } = await each(['--each', 'rows.jsonl', '--fresh']);
    expect(host.inputs).toHaveLength(2);
    expect(lines('rows.results.jsonl')).toHaveLength(2);
  });

  test('a line that a crash tore is taken out, and its row runs again', async () => {
    write('rows.jsonl', [{ id: 1 }, { id: 2 }]);
    await each(['--each', 'rows.jsonl']);
    const text = readFileSync(join(root, 'rows.results.jsonl'), 'utf8');
    writeFileSync(join(root, 'rows.results.jsonl'), text.slice(0, -20));
    const { host } = await each(['--each', 'rows.jsonl']);
    expect(host.inputs.map(({ id }) => id)).toEqual([2]);
    expect(lines('rows.results.jsonl').map(({ output }) => output)).toEqual([2, 4]);
  });

  test('a last line that only lacks its end is kept, and the next one does not join it', async () => {
    write('rows.jsonl', [{ id: 1 }, { id: 2 }]);
    await each(['--each', 'rows.jsonl']);
    const text = readFileSync(join(root, 'rows.results.jsonl'), 'utf8');
    writeFileSync(join(root, 'rows.results.jsonl'), text.trimEnd());
    appendFileSync(join(root, 'rows.jsonl'), '\n{"id":3}\n');
    const { host } = await each(['--each', 'rows.jsonl']);
    expect(host.inputs.map(({ id }) => id)).toEqual([3]);
    expect(lines('rows.results.jsonl').map(({ output }) => output)).toEqual([2, 4, 6]);
  });

  test.each([[], ['--fresh']])('a file with something else is never written over, %s', async (...options) => {
    write('rows.jsonl', [{ id: 1 }]);
    writeFileSync(join(root, 'mine.jsonl'), '{"mine":true}\n');
    const { code, stderr, host } = await each(['--each', 'rows.jsonl', '--results', 'mine.jsonl', ...options]);
    expect(code).toBe(2);
    expect(stderr).toContain('mine.jsonl holds something else than the results of a batch (line 1)');
    expect(readFileSync(join(root, 'mine.jsonl'), 'utf8')).toBe('{"mine":true}\n');
    expect(host.inputs).toEqual([]);
    symlinkSync(join(root, 'rows.jsonl'), join(root, 'link.jsonl'));
    expect((await each(['--each', 'rows.jsonl', '--results', 'link.jsonl'])).stderr).toContain('--results names the file of the rows');
  });

  test('rows come from stdin too, with a file named for the results', async () => {
    const rows = '{"id":1}\n{"id":2}';
    const refused = await each(['--each', '-'], { stdin: rows });
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('--each - needs --results FILE');
    const { code, host } = await each(['--each', '-', '--results', 'out.jsonl'], { stdin: rows });
    expect(code).toBe(0);
    expect(host.inputs.map(({ id }) => id)).toEqual([1, 2]);
    expect(lines('out.jsonl')).toHaveLength(2);
    const both = await each(['--each', '-', '--input', '-', '--results', 'out.jsonl'], { stdin: rows });
    expect(both.stderr).toContain('cannot both read stdin');
  });

  test('--json prints each result on stdout as it stands in the file', async () => {
    write('rows.jsonl', [{ id: 1 }, { id: 2 }]);
    const { stdout } = await each(['--each', 'rows.jsonl', '--json'], { host: failing(2) });
    expect(stdout).toBe(readFileSync(join(root, 'rows.results.jsonl'), 'utf8'));
    expect(stdout).toContain('"status":"failed"');
  });

  test('--quiet says only what failed', async () => {
    write('rows.jsonl', [{ id: 1 }, { id: 2 }]);
    const { stderr } = await each(['--each', 'rows.jsonl', '--quiet'], { host: failing(2), tty: true, env: { NO_COLOR: '1' } });
    expect(stderr).toBe('✗ line 2  NETWORK: no way to 2\n');
  });

  test('twenty failures are listed, of the others the number', async () => {
    const ids = Array.from({ length: 25 }, (_, id) => id);
    write(
      'rows.jsonl',
      ids.map((id) => ({ id })),
    );
    const { stderr } = await each(['--each', 'rows.jsonl'], { host: failing(...ids) });
    expect(stderr.split('\n').filter((line) => line.startsWith('✗ line'))).toHaveLength(20);
    expect(stderr).toContain('  and 5 more\n✗ 0 rows done · 25 failed');
  });

  test('an interrupt cancels the rows that run, keeps what is done and begins no other', async () => {
    write('rows.jsonl', [{ id: 1 }, { id: 2 }, { id: 3 }, { id: 4 }]);
    const begun = Promise.withResolvers<void>();
    const host = createRowHost(({ id }) => {
      if (id === 1) return { output: 1 };
      if (id === 3) begun.resolve();
      return new Promise(() => {});
    });
    const io = createFakeIo({ cwd: root });
    const code = main(['run', 'import.yaml', '--each', 'rows.jsonl', '--concurrency', '2'], io, host.open);
    await begun.promise;
    io.interrupt();
    expect(await code).toBe(130);
    expect(host.cancelled).toEqual(['interrupted', 'interrupted']);
    expect(host.inputs.map(({ id }) => id)).toEqual([1, 2, 3]);
    expect(lines('rows.results.jsonl').map(({ line, status }) => [line, status])).toEqual([
      [1, 'succeeded'],
      [2, 'cancelled'],
      [3, 'cancelled'],
    ]);
    expect(io.stderr.text).toContain('· cancelling the rows that run; press Ctrl-C again to stop at once\n');
    expect(io.stderr.text).toContain('■ 1 row done · 2 cancelled');
    expect(host.closed).toBe(1);
    // Cancelled is not done.
    expect((await each(['--each', 'rows.jsonl'])).host.inputs.map(({ id }) => id)).toEqual([2, 3, 4]);
  });

  test('an interrupt ends a batch whose rows come from a stdin that nobody writes to or closes', async () => {
    const begun = Promise.withResolvers<void>();
    const host = createRowHost(() => {
      begun.resolve();
      return { output: 1 };
    });
    const io = createFakeIo({ cwd: root, stdinTty: true });
    const code = main(['run', 'import.yaml', '--each', '-', '--results', 'r.jsonl'], io, host.open);
    io.type('{"id":1}\n{"id":2');
    await begun.promise;
    io.interrupt();
    expect(await code).toBe(130);
    expect([host.inputs.length, host.closed]).toEqual([1, 1]);
    // Nothing was cancelled, but there may have been more rows.
    expect(io.stderr.text).toMatch(/■ [01] rows? done/);
  });

  test('results that go to a device are not read before', async () => {
    write('rows.jsonl', [{ id: 1 }]);
    // Without an end: reading it would never be over.
    const { code, stderr } = await each(['--each', 'rows.jsonl', '--results', '/dev/zero']);
    expect([code, stderr]).toEqual([0, expect.stringContaining('1 row done')]);
  });

  test('a last line without a line end that is no beginning of a result is kept, and no batch runs over it', async () => {
    write('rows.jsonl', [{ id: 1 }]);
    writeFileSync(join(root, 'notes.txt'), 'important');
    const { code, stderr } = await each(['--each', 'rows.jsonl', '--results', 'notes.txt']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('notes.txt holds something else than the results of a batch')]);
    expect(readFileSync(join(root, 'notes.txt'), 'utf8')).toBe('important');
  });

  test('a host that breaks ends the batch when the other rows have ended; what they gave is kept', async () => {
    write('rows.jsonl', [{ id: 1 }, { id: 2 }, { id: 3 }]);
    const other = Promise.withResolvers<object>();
    const host = createRowHost(({ id }) => {
      if (id === 1) return other.promise;
      other.resolve({ output: 1 });
      throw new Error('the runtime ended');
    });
    const { code, stderr } = await each(['--each', 'rows.jsonl', '--concurrency', '2'], { host });
    expect(code).toBe(70);
    expect(stderr).toContain('the runtime ended');
    expect(host.inputs).toHaveLength(2);
    expect(lines('rows.results.jsonl').map(({ line }) => line)).toEqual([1]);
  });

  test('--dry-run checks all rows and runs and writes nothing', async () => {
    write('rows.jsonl', [{ id: 1 }, { id: 'two' }, { id: 3 }]);
    const bad = await each(['--each', 'rows.jsonl', '--dry-run']);
    expect(bad.code).toBe(2);
    expect(bad.stderr).toContain('✗ line 2  INPUT_INVALID');
    expect(bad.stdout).toBe('2 rows would run · 1 broken\nNothing was run.\n');
    expect(bad.host.inputs).toEqual([]);
    expect(existsSync(join(root, 'rows.results.jsonl'))).toBe(false);
    write('rows.jsonl', [{ id: 1 }]);
    await each(['--each', 'rows.jsonl']);
    write('rows.jsonl', [{ id: 1 }, { id: 3 }]);
    const good = await each(['--each', 'rows.jsonl', '--dry-run', '--json']);
    expect(good.code).toBe(0);
    expect(JSON.parse(good.stdout)).toEqual({ ensemble: 'import', would_run: 1, done_before: 1, waiting: 0, broken: 0, problems: [] });
  });

  test.each([
    [['--concurrency', '2'], '--concurrency needs --each'],
    [['--fresh'], '--fresh needs --each'],
    [['--each', 'rows.jsonl', '--concurrency', '0'], 'It takes a whole number from 1 to 999.'],
    [['--each', 'none.jsonl'], 'there is no file none.jsonl'],
    [['--each', '.'], '. is a folder'],
    [['--each', 'rows.jsonl', '--input', '[1]'], '--each needs an --input that is an object'],
    [['--each', 'rows.jsonl', '--results', 'no/such/folder.jsonl'], 'the results no/such/folder.jsonl cannot be written'],
  ])('%j is refused: %s', async (args, message) => {
    write('rows.jsonl', [{ id: 1 }]);
    const { code, stderr, host } = await each(args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(host.inputs).toEqual([]);
  });

  test('control characters of a row never reach the terminal', async () => {
    write('rows.jsonl', ['{"id": "\\u001b[2J"}', '{\u001b[2J']);
    const { stderr } = await each(['--each', 'rows.jsonl'], { env: { NO_COLOR: '1' } });
    expect(stderr).not.toContain('\u001b');
  });
});

describe('the progress of a batch', () => {
  test.each([
    [true, '⠙ █████░░░░░░░░░░░░░░░ 1 of 4 rows · 10 a second · 300 ms left'],
    [false, '1 of 4 rows · 0.2 a second · 15.0 s left\n'],
  ])('shows how many rows are done, how fast and how long it takes yet (terminal: %s)', async (tty, shown) => {
    write('rows.jsonl', [{ id: 1 }, { id: 2 }, { id: 3 }, { id: 4 }]);
    const second = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<object>();
    const host = createRowHost(({ id }) => {
      if (id === 1) return { output: 1 };
      if (id === 2) second.resolve();
      return gate.promise;
    });
    const io = createFakeIo({ cwd: root, tty, env: { NO_COLOR: '1' } });
    const code = main(['run', 'import.yaml', '--each', 'rows.jsonl', '--concurrency', '1'], io, host.open);
    await second.promise;
    io.advance(tty ? 100 : 5_000);
    expect(io.stderr.text).toContain(shown);
    gate.resolve({ output: 1 });
    expect(await code).toBe(0);
    if (tty) expect(io.stderr.text).toContain('\r\u001b[0J✓ 4 rows done in 100 ms\n');
  });
});
