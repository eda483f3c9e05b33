import { Writable } from 'node:stream';
import { describe, expect, test, vi } from 'vitest';
import { explain } from '../../src/cli/main.ts';
import { OutputProblem } from '../../src/cli/output-problem.ts';
import { openOutput, openProcessIo, readWhole } from '../../src/cli/process-io.ts';
import { UsageProblem } from '../../src/cli/usage-problem.ts';
import { createFakeIo } from './support/fake-io.ts';

function full(): NodeJS.WriteStream {
  const stream = new Writable();
  // As Node's stream to a file does: it writes at once.
  stream.write = () => {
    throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  };
  return stream as NodeJS.WriteStream;
}

describe('openOutput', () => {
  test('a stdout that takes no more is a problem of the user, not a defect', async () => {
    const stdout = openOutput(full, () => false, false);
    expect(() => stdout.write('x')).toThrow(OutputProblem);
    await stdout.flushed();
    const io = createFakeIo();
    expect(explain(new OutputProblem(new Error('ENOSPC: no space left on device, write')), io)).toBe(3);
    expect(io.stderr.text).toBe('error: the output could not be written: ENOSPC: no space left on device, write\n');
  });

  test('a stderr that takes no more is passed over', async () => {
    const stderr = openOutput(full, () => false, true);
    stderr.write('x');
    expect(stderr.closed).toBe(true);
    await stderr.flushed();
  });

  test('a reader that has gone is no problem', () => {
    const stream = new Writable({ write: (_chunk, _encoding, done) => done(Object.assign(new Error('EPIPE'), { code: 'EPIPE' })) });
    const stdout = openOutput(
      () => stream as NodeJS.WriteStream,
      () => false,
      false,
    );
    stdout.write('something');
    let told = 0;
    stdout.onClosed(() => told++);
    stream.emit('error', Object.assign(new Error('EPIPE'), { code: 'EPIPE' }));
    expect([stdout.closed, told]).toEqual([true, 1]);
    stdout.write('nothing');
  });
});

test('an output that nothing is written to is never opened', async () => {
  let opened = 0;
  const stdout = openOutput(
    () => {
      opened++;
      return new Writable({ write: (_chunk, _encoding, done) => done() }) as NodeJS.WriteStream;
    },
    () => true,
    false,
  );
  stdout.onClosed(() => {});
  await stdout.flushed();
  expect([stdout.isTTY, stdout.closed, opened]).toEqual([true, false, 0]);
  stdout.write('x');
  await stdout.flushed();
  expect(opened).toBe(1);
});

test('a current folder that was deleted is a problem of the user, and of those commands alone that need it', () => {
  const cwd = vi.spyOn(process, 'cwd').mockImplementation(() => {
    throw Object.assign(new Error('ENOENT: process.cwd failed'), { code: 'ENOENT' });
  });
  const io = openProcessIo();
  expect(() => io.cwd).toThrow(UsageProblem);
  cwd.mockRestore();
  expect(io.cwd).toBe(process.cwd());
});

describe('the interrupts of the process', () => {
  test('are listened to once, however many ask for them, and not at all when nobody does', () => {
    const io = openProcessIo();
    const before = process.listenerCount('SIGINT');
    let told = 0;
    const stops = Array.from({ length: 20 }, () => io.onInterrupt(() => told++));
    expect(process.listenerCount('SIGINT')).toBe(before + 1);
    stops.pop()?.();
    process.listeners('SIGINT').at(-1)?.('SIGINT');
    expect(told).toBe(19);
    for (const stop of [...stops, ...stops]) stop();
    expect(process.listenerCount('SIGINT')).toBe(before);
  });
});

describe('readWhole', () => {
  const MIB = new Uint8Array(1024 * 1024);
  async function* pieces(count: number): AsyncGenerator<Uint8Array, void> {
    for (let sent = 0; sent < count; sent += 1) yield MIB;
  }

  test('takes 64 MiB of stdin, and leaves one that goes on', async () => {
    expect(await readWhole(pieces(64))).toHaveLength(64 * MIB.length);
    await expect(readWhole(pieces(Number.POSITIVE_INFINITY))).rejects.toThrow(new UsageProblem('stdin holds more than 64 MiB'));
  });
});

describe('what is said of a bug in us', () => {
  const unreadable = Object.create(null) as object;
  const trap = Object.defineProperty(new Error('x'), 'stack', {
    get() {
      throw new Error('y');
    },
  });

  test.each([
    ['a text', 'no\u001b[2J', /^no$/],
    ['nothing', undefined, /^undefined$/],
    ['what cannot be read', unreadable, /^what was thrown cannot be read$/],
    ['a trap', trap, /^what was thrown cannot be read$/],
    ['20,000 characters', 'a'.repeat(20_000), /^a{20000}$/],
    ['more', 'a'.repeat(20_001), /^a{20000}…$/],
    ['an error', new Error('of ours\n::error::x'), /^Error: of ours\n\| ::error::x\n {4}at /],
  ])('stands on stderr, when it throws %s, and ends with 70', (_, thrown, said) => {
    const io = createFakeIo();
    expect(explain(thrown, io)).toBe(70);
    const [first = '', ...rest] = io.stderr.text.trimEnd().split('\n');
    expect(first).toBe('This is a bug in ensemble, not in your file. Please report it with the lines below.');
    expect(rest.join('\n')).toMatch(said);
  });
});
