import { describe, expect, test } from 'vitest';
import { BranchCancelled } from '../../../../src/runtime/engine/branch-cancelled.ts';
import { SideBySide, type SideBySidePlan } from '../../../../src/runtime/engine/flow/side-by-side.ts';
import { RunStop } from '../../../../src/runtime/engine/run-stop.ts';
import { type FailureError, failure } from '../../../../src/runtime/failure.ts';
import { settle } from '../support/fake-clock.ts';

interface Open {
  readonly signal: AbortSignal;
  end(): void;
  fail(error: Error): void;
}

/** Tasks that the test ends by hand; a cancelled one ends with the reason of its signal once it is told to. */
function start(plan: Partial<SideBySidePlan>) {
  const began: number[] = [];
  const open = new Map<number, Open>();
  const groups: SideBySide[] = [];
  const outer = new AbortController();
  const done = SideBySide.run({ count: 5, concurrency: 2, signal: outer.signal, ...plan }, async (position, signal, group) => {
    began.push(position);
    groups.push(group);
    await new Promise<void>((resolve, reject) => open.set(position, { signal, end: resolve, fail: reject }));
  });
  let ended = false;
  const outcome = done.then(
    () => undefined,
    (error: unknown) => error,
  );
  outcome.then(() => {
    ended = true;
  });
  const at = (position: number): Open => {
    const task = open.get(position);
    if (task === undefined) throw new Error(`${position} is not at work`);
    return task;
  };
  const act = async (position: number, what: (task: Open) => void): Promise<void> => {
    what(at(position));
    open.delete(position);
    await settle();
  };
  return {
    began,
    outer,
    outcome,
    isOver: () => ended,
    cancelled: () => [...open].filter(([, { signal }]) => signal.aborted).map(([position]) => position),
    end: (position: number) => act(position, (task) => task.end()),
    fail: (position: number, error: Error) => act(position, (task) => task.fail(error)),
    giveUp: (position: number) => act(position, (task) => task.fail(task.signal.reason)),
    stopAfter: (position: number) => groups[0]?.stopAfter(position, new BranchCancelled('enough')),
    signalOf: (position: number) => at(position).signal,
  };
}

const broken = (message: string): FailureError => failure('NETWORK', message);

describe('tasks side by side', () => {
  test('begin in the order of their positions, as many at once as may be', async () => {
    const tasks = start({ concurrency: 2 });
    expect(tasks.began).toEqual([0, 1]);
    await tasks.end(1);
    expect(tasks.began).toEqual([0, 1, 2]);
    await tasks.end(2);
    await tasks.end(0);
    expect(tasks.began).toEqual([0, 1, 2, 3, 4]);
    await tasks.end(4);
    expect(tasks.isOver()).toBe(false);
    await tasks.end(3);
    expect(await tasks.outcome).toBeUndefined();
  });

  test('are over at once when there are none', async () => {
    const tasks = start({ count: 0 });
    expect(await tasks.outcome).toBeUndefined();
    expect(tasks.began).toEqual([]);
  });

  test('are cancelled when one fails, and waited for', async () => {
    const tasks = start({ concurrency: 3 });
    await tasks.fail(1, broken('one'));
    expect(tasks.cancelled()).toEqual([0, 2]);
    expect(tasks.signalOf(0).reason).toBeInstanceOf(BranchCancelled);
    await tasks.giveUp(0);
    expect(tasks.isOver()).toBe(false);
    await tasks.giveUp(2);
    expect(await tasks.outcome).toMatchObject({ failure: { message: 'one' } });
    expect(tasks.began).toEqual([0, 1, 2]);
  });

  test('of several that fail by themselves the one with the smallest position tells why', async () => {
    const tasks = start({ concurrency: 3 });
    await tasks.fail(2, broken('two'));
    await tasks.fail(1, broken('one'));
    await tasks.giveUp(0);
    expect(await tasks.outcome).toMatchObject({ failure: { message: 'one' } });
  });

  test('behind a position are cancelled and not begun, those before it go on and begin', async () => {
    const tasks = start({ count: 8, concurrency: 3 });
    await tasks.end(0);
    expect(tasks.began).toEqual([0, 1, 2, 3]);
    tasks.stopAfter(2);
    expect(tasks.cancelled()).toEqual([3]);
    await tasks.giveUp(3);
    await tasks.end(2);
    await tasks.end(1);
    expect(await tasks.outcome).toBeUndefined();
    expect(tasks.began).toEqual([0, 1, 2, 3]);
  });

  test('that are not wanted any longer fail for nobody, those that are still do', async () => {
    const unwanted = start({ concurrency: 3 });
    unwanted.stopAfter(1);
    await unwanted.fail(2, broken('two'));
    await unwanted.end(0);
    await unwanted.end(1);
    expect(await unwanted.outcome).toBeUndefined();

    const wanted = start({ concurrency: 3 });
    wanted.stopAfter(1);
    await wanted.giveUp(2);
    await wanted.fail(0, broken('zero'));
    await wanted.giveUp(1);
    expect(await wanted.outcome).toMatchObject({ failure: { message: 'zero' } });
  });

  test('end with the reason of the signal around them', async () => {
    const tasks = start({ concurrency: 2 });
    const stop = new RunStop('cancelled', broken('cancelled').failure);
    tasks.outer.abort(stop);
    expect(tasks.cancelled()).toEqual([0, 1]);
    expect(tasks.signalOf(0).reason).toBe(stop);
    await tasks.giveUp(1);
    expect(tasks.isOver()).toBe(false);
    await tasks.end(0);
    expect(await tasks.outcome).toBe(stop);
    expect(tasks.began).toEqual([0, 1]);
  });

  test('do not begin under a signal that has fired already', async () => {
    const stop = new RunStop('cancelled', broken('cancelled').failure);
    const tasks = start({ signal: AbortSignal.abort(stop) });
    expect(await tasks.outcome).toBe(stop);
    expect(tasks.began).toEqual([]);
  });

  test('hear nothing of the signal around them once all is over', async () => {
    const tasks = start({ count: 2 });
    const signal = tasks.signalOf(0);
    await tasks.end(0);
    await tasks.end(1);
    await tasks.outcome;
    tasks.outer.abort(new Error('later'));
    expect(signal.aborted).toBe(false);
  });

  test('have the signal around them as their own when only one can be at work', async () => {
    const tasks = start({ count: 2, concurrency: 1 });
    expect(tasks.signalOf(0)).toBe(tasks.outer.signal);
    await tasks.fail(0, broken('zero'));
    expect(await tasks.outcome).toMatchObject({ failure: { message: 'zero' } });
    expect(tasks.began).toEqual([0]);
  });

  test.each([
    ['a stop of the run', new RunStop('failed', broken('limit').failure)],
    ['a fault of ours', new TypeError('undefined is not a function')],
  ])('%s is told before any failure', async (_, error) => {
    const tasks = start({ concurrency: 3 });
    await tasks.fail(1, broken('one'));
    await tasks.fail(2, error);
    await tasks.giveUp(0);
    expect(await tasks.outcome).toBe(error);
  });

  test('are cancelled with a stop of the run as the reason when one of them meets it', async () => {
    const tasks = start({ concurrency: 2 });
    const stop = new RunStop('failed', broken('limit').failure);
    await tasks.fail(1, stop);
    expect(tasks.signalOf(0).reason).toBe(stop);
    await tasks.giveUp(0);
    expect(await tasks.outcome).toBe(stop);
  });
});
