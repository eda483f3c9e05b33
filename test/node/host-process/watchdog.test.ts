import { describe, expect, test } from 'vitest';
import type { GuardedRuntime } from '../../../src/node/host-process/runtime-guard.ts';
import { LOOK_EVERY_MS, Watchdog } from '../../../src/node/host-process/watchdog.ts';
import { MEMORY_LIMIT_BYTES } from '../../../src/node/host-process/watchdog-limits.ts';
import { type CodeMarks, renderMarks } from '../../../src/program/code-marks.ts';
import { WORKER_BINDINGS } from '../../../src/program/host-protocol.ts';

const MIB = 1024 ** 2;
const PID = 41;

/** A workerd whose thread, memory and time are moved by hand. */
class FakeRuntime implements GuardedRuntime {
  pid: number | undefined = PID;
  readonly killed: string[] = [];
  pings = 0;
  rss: number | undefined = 80 * MIB;
  runs: readonly string[] = ['a run'];
  now = 1_000;
  readonly watchdog: Watchdog;
  #stuck = false;
  #waiting: ((answered: boolean) => void)[] = [];

  constructor() {
    this.watchdog = new Watchdog(this, { now: () => this.now, readRss: () => this.rss });
    this.watchdog.onStart(PID);
  }

  async ping(): Promise<boolean> {
    this.pings += 1;
    if (!this.#stuck) return true;
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  working(): readonly string[] {
    return this.runs;
  }

  kill(reason: string): void {
    this.killed.push(reason);
  }

  stop(): void {
    this.#stuck = true;
  }

  free(): void {
    this.#stuck = false;
    for (const resolve of this.#waiting.splice(0)) resolve(true);
  }

  tell(marks: Omit<CodeMarks, 'calls'> & { readonly calls?: number }): void {
    const secret = this.watchdog.variables()[WORKER_BINDINGS.watchSecret] ?? '';
    this.watchdog.onRuntimeLine(renderMarks(secret, { calls: 1, ...marks }));
  }

  async pass(ms: number, step = LOOK_EVERY_MS): Promise<void> {
    for (let passed = 0; passed < ms; passed += step) {
      this.now += step;
      this.watchdog.look();
      await Promise.resolve();
      await Promise.resolve();
    }
  }

  /** The process ends, and its findings are asked for. */
  end(): { readonly verdicts: unknown; readonly careful: boolean } {
    this.watchdog.onExit(PID);
    const found = this.watchdog.variables();
    return { verdicts: JSON.parse(found[WORKER_BINDINGS.verdicts] ?? '[]'), careful: found[WORKER_BINDINGS.careful] !== undefined };
  }
}

const only = { run: 'r1', agent: 'spin' };

async function running(): Promise<FakeRuntime> {
  const runtime = new FakeRuntime();
  await runtime.pass(1_000);
  return runtime;
}

describe('a worker that answers', () => {
  test('is left alone, whatever is in flight', async () => {
    const runtime = await running();
    runtime.tell({ only: { ...only, limitMs: 300 }, dueInMs: 300 });
    await runtime.pass(60_000);
    expect(runtime.killed).toEqual([]);
  });

  test('is asked less often when no code was called for long', async () => {
    const runtime = await running();
    runtime.runs = [];
    const busy = runtime.pings;
    await runtime.pass(10_000);
    const idle = runtime.pings;
    await runtime.pass(10_000);
    expect(idle - busy).toBeGreaterThan(25);
    expect(runtime.pings - idle).toBeLessThan(12);
  });

  test('that stands still for a moment and goes on is left alone', async () => {
    const runtime = await running();
    for (let round = 0; round < 5; round++) {
      runtime.tell({ only: { ...only, limitMs: 100 }, dueInMs: 100 });
      runtime.stop();
      await runtime.pass(600);
      runtime.free();
      await runtime.pass(400);
    }
    expect(runtime.killed).toEqual([]);
  });
});

describe('a worker that stands still', () => {
  test('is killed soon after the timeout of the one call in flight, whose attempt fails with CPU_LIMIT', async () => {
    const runtime = await running();
    runtime.tell({ only: { ...only, limitMs: 300 }, dueInMs: 300 });
    runtime.stop();
    await runtime.pass(600);
    expect(runtime.killed).toEqual([]);
    await runtime.pass(700);
    expect(runtime.killed).toHaveLength(1);
    expect(runtime.end()).toEqual({
      verdicts: [
        {
          ...only,
          failure: {
            code: 'CPU_LIMIT',
            message:
              'The code computed without a pause for longer than the 300 ms of its timeout, while nothing else could run, and was ended.',
            retryable: false,
            details: { limit_ms: 300 },
          },
        },
      ],
      careful: false,
    });
  });

  test('is given 30 s where the call has no timeout, and five minutes at most where it has', async () => {
    const runtime = await running();
    runtime.tell({ only, untimed: true });
    runtime.stop();
    await runtime.pass(29_000);
    expect(runtime.killed).toEqual([]);
    await runtime.pass(2_000);
    expect(runtime.end()).toMatchObject({ verdicts: [{ failure: { message: expect.stringContaining('for longer than 30 s, while') } }] });

    const patient = await running();
    patient.tell({ only: { ...only, limitMs: 3_600_000 }, dueInMs: 3_600_000 });
    patient.stop();
    await patient.pass(299_000);
    expect(patient.killed).toEqual([]);
    await patient.pass(3_000);
    expect(patient.end()).toMatchObject({ verdicts: [{ failure: { details: { limit_ms: 300_000 } } }] });
  });

  test('with several calls in flight is nobody’s fault yet: the next one is careful', async () => {
    const runtime = await running();
    runtime.tell({ calls: 2, dueInMs: 300 });
    runtime.stop();
    await runtime.pass(1_300);
    expect(runtime.killed).toHaveLength(1);
    expect(runtime.end()).toEqual({ verdicts: [], careful: true });
  });

  test.each([
    ['no call was told yet', undefined],
    ['none that was told is in flight', { calls: 0 }],
  ])('is given 30 s when %s, and the next one is careful', async (_, marks) => {
    const runtime = await running();
    if (marks !== undefined) runtime.tell(marks);
    runtime.stop();
    await runtime.pass(29_000);
    expect(runtime.killed).toEqual([]);
    await runtime.pass(2_000);
    expect(runtime.end()).toEqual({ verdicts: [], careful: true });
  });

  test('is killed once', async () => {
    const runtime = await running();
    runtime.tell({ only: { ...only, limitMs: 300 }, dueInMs: 300 });
    runtime.stop();
    await runtime.pass(10_000);
    expect(runtime.killed).toHaveLength(1);
  });

  test('while this process stood still itself has its time anew', async () => {
    const runtime = await running();
    runtime.tell({ only: { ...only, limitMs: 300 }, dueInMs: 300 });
    runtime.stop();
    await runtime.pass(300);
    await runtime.pass(60_000, 60_000);
    expect(runtime.killed).toEqual([]);
    await runtime.pass(400);
    expect(runtime.killed).toEqual([]);
    await runtime.pass(800);
    expect(runtime.killed).toHaveLength(1);
  });
});

describe('memory', () => {
  // at its limit: src/node/host-process/watchdog-limits.ts MEMORY_LIMIT_BYTES
  test('beyond the limit ends the worker although it answers, and the call that took it fails with MEMORY_LIMIT', async () => {
    const runtime = await running();
    runtime.tell({ only, untimed: true });
    runtime.rss = 80 * MIB + MEMORY_LIMIT_BYTES;
    await runtime.pass(100);
    expect(runtime.killed).toEqual([]);
    runtime.rss += 1;
    await runtime.pass(100);
    expect(runtime.killed).toHaveLength(1);
    expect(runtime.end()).toMatchObject({ verdicts: [{ ...only, failure: { code: 'MEMORY_LIMIT', retryable: false } }] });
  });

  test('that was taken before the call began is not its fault', async () => {
    const runtime = await running();
    runtime.rss = 1_000 * MIB;
    await runtime.pass(100);
    runtime.tell({ only, untimed: true });
    runtime.rss = 80 * MIB + MEMORY_LIMIT_BYTES + MIB;
    await runtime.pass(100);
    expect(runtime.end()).toEqual({ verdicts: [], careful: true });
  });

  test('that V8 ran out of is known by its last words, where memory cannot be read', async () => {
    const runtime = new FakeRuntime();
    runtime.rss = undefined;
    await runtime.pass(500);
    runtime.tell({ only, untimed: true });
    expect(runtime.watchdog.onRuntimeLine('<--- Last few GCs --->')).toBe(false);
    expect(runtime.end()).toMatchObject({ verdicts: [{ ...only, failure: { code: 'MEMORY_LIMIT' } }] });
  });
});

describe('what is heard', () => {
  test('counts only with the secret that this worker was given', async () => {
    const runtime = await running();
    expect(runtime.watchdog.onRuntimeLine(renderMarks('another', { calls: 1, only, dueInMs: 1 }))).toBe(false);
    expect(runtime.watchdog.onRuntimeLine(`${runtime.watchdog.variables()[WORKER_BINDINGS.watchSecret]} {broken`)).toBe(false);
    expect(runtime.watchdog.onRuntimeLine('uncaught exception; source = Uncaught')).toBe(false);
    runtime.stop();
    await runtime.pass(5_000);
    expect(runtime.killed).toEqual([]);
  });

  test('of one worker says nothing about the next, and one that dies by itself is nobody’s fault', async () => {
    const runtime = await running();
    runtime.tell({ only, untimed: true });
    expect(runtime.end()).toEqual({ verdicts: [], careful: false });
    runtime.watchdog.onStart(PID + 1);
    runtime.stop();
    await runtime.pass(31_500);
    runtime.watchdog.onExit(PID + 1);
    expect(runtime.watchdog.variables()).toMatchObject({ [WORKER_BINDINGS.careful]: '1' });
  });

  test('a worker that begins in careful mode stays so until it is known who it was', async () => {
    const runtime = await running();
    runtime.tell({ calls: 3, dueInMs: 300 });
    runtime.stop();
    await runtime.pass(1_300);
    expect(runtime.end()).toEqual({ verdicts: [], careful: true });
    runtime.free();
    runtime.watchdog.onStart(PID);
    await runtime.pass(500);
    runtime.tell({ only: { ...only, limitMs: 300 }, dueInMs: 300 });
    runtime.stop();
    await runtime.pass(1_300);
    expect(runtime.end()).toMatchObject({ verdicts: [only], careful: true });
  });
});
