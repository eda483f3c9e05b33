import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../../src/program/json.ts';
import type { StateKeyPlan } from '../../../src/program/program.ts';
import { createMemoryBackend } from '../../../src/runtime/state/memory-backend.ts';
import type { StateSession, StateSet } from '../../../src/runtime/state/state-session.ts';
import { fc } from '../../support/fast-check.ts';
import { backendWith, failureOf, keyPlan, openSession, statePlan, storeInto } from './state-plan.ts';

/** What runs: a write, several things one after another, or several side by side. */
type Work =
  | { readonly type: 'write'; readonly key: string; readonly value: number; readonly tainted: boolean }
  | { readonly type: 'sequence' | 'beside'; readonly parts: readonly Work[] };

const KEYS: Readonly<Record<string, StateKeyPlan>> = {
  list: keyPlan({ type: 'array' }, { reducer: 'append' }),
  last: keyPlan({ type: 'number' }),
  sum: keyPlan({ type: 'number' }, { reducer: 'add', default: 5 }),
};

const { work } = fc.letrec<{ work: Work }>((tie) => ({
  work: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    fc.record({
      type: fc.constant('write' as const),
      key: fc.constantFrom(...Object.keys(KEYS)),
      value: fc.integer({ min: 0, max: 99 }),
      tainted: fc.boolean(),
    }),
    fc.record({ type: fc.constantFrom('sequence' as const, 'beside' as const), parts: fc.array(tie('work'), { maxLength: 5 }) }),
  ),
}));

/** One thing after another, as it stands. */
function runInOrder(session: StateSession, todo: Work): void {
  if (todo.type === 'write') write(session, todo, []);
  else for (const part of todo.parts) runInOrder(session, part);
}

/** Yields before each write, so that whoever runs several of these decides what comes next. */
function* runBeside(session: StateSession, todo: Work, order: readonly number[], choose: (count: number) => number): Generator<void> {
  if (todo.type === 'write') {
    yield;
    write(session, todo, order);
  } else if (todo.type === 'sequence') {
    for (const part of todo.parts) yield* runBeside(session, part, order, choose);
  } else {
    const writes = session.sideBySide('step', order);
    const running = todo.parts.map((part, position) => runBeside(session, part, [...order, position], choose));
    while (running.length > 0) {
      yield;
      const [chosen] = running.splice(choose(running.length), 1);
      if (chosen?.next().done === false) running.push(chosen);
    }
    writes.end();
  }
}

function write(session: StateSession, { key, value, tainted }: Extract<Work, { type: 'write' }>, order: readonly number[]): StateSet {
  return session.apply('writer', [{ key, value }], tainted, 1_000_000, order);
}

describe('writes side by side', () => {
  test('leave, whatever came first, what they leave one after another', async () => {
    await fc.assert(
      fc.asyncProperty(work, fc.infiniteStream(fc.nat()), async (todo, choices) => {
        const inOrder = await openSession(statePlan(KEYS));
        runInOrder(inOrder, todo);
        const backend = createMemoryBackend();
        const session = await openSession(statePlan(KEYS), { backend });
        const running = runBeside(session, todo, [], (count) => (choices.next().value ?? 0) % count);
        while (running.next().done === false);
        expect(session.snapshot()).toEqual(inOrder.snapshot());
        expect(session.taintedKeys).toEqual(inOrder.taintedKeys);
        await session.commit('succeeded');
        expect({ ...(await backend.load('scope')).values }).toEqual(
          Object.fromEntries(
            Object.entries(inOrder.snapshot()).filter(([key, value]) => key !== 'sum' || value !== 5 || writesTo(todo, key)),
          ),
        );
      }),
      { numRuns: 400 },
    );
  });

  test('can be read at once, and are told again when their order changes them', async () => {
    const session = await openSession(statePlan(KEYS));
    const writes = session.sideBySide('step', []);
    set(session, 'list', 'b', [1]);
    expect(session.snapshot().list).toEqual(['b']);
    set(session, 'list', 'a', [0]);
    expect(session.snapshot().list).toEqual(['b', 'a']);
    set(session, 'last', 1, [0]);
    set(session, 'last', 2, [1]);
    set(session, 'sum', 1, [1]);
    expect(writes.end()).toEqual({ values: plain({ list: ['a', 'b'] }), writes: plain({}), tainted: [], untouched: [] });
    expect(session.snapshot()).toEqual(plain({ list: ['a', 'b'], last: 2, sum: 6 }));
  });

  test('are told with the write that counts where a key replaces', async () => {
    const session = await openSession(statePlan(KEYS));
    const writes = session.sideBySide('step', [4]);
    session.apply('second', [{ key: 'last', value: 2 }], false, 1_000_000, [4, 1]);
    session.apply('first', [{ key: 'last', value: 1 }], true, 1_000_000, [4, 0]);
    expect(session.taintedKeys).toEqual(['last']);
    expect(writes.end()).toEqual({ values: plain({ last: 2 }), writes: plain({ last: 2 }), tainted: [], untouched: [] });
    expect(session.taintedKeys).toEqual([]);
  });

  test('of a step inside are in order for what comes after that step, while those around it go on', async () => {
    const session = await openSession(statePlan(KEYS));
    const outer = session.sideBySide('outer', []);
    const inner = session.sideBySide('inner', [1]);
    set(session, 'list', 'd', [1, 1]);
    set(session, 'list', 'c', [1, 0]);
    inner.end();
    expect(session.snapshot().list).toEqual(['c', 'd']);
    set(session, 'list', 'e', [1]);
    set(session, 'list', 'a', [0]);
    outer.end();
    expect(session.snapshot().list).toEqual(['a', 'c', 'd', 'e']);
  });

  test('are left as they came into a key that something else wrote meanwhile', async () => {
    const session = await openSession(statePlan(KEYS));
    const writes = session.sideBySide('step', []);
    set(session, 'list', 'b', [1]);
    set(session, 'list', 'elsewhere', []);
    set(session, 'list', 'a', [0]);
    expect(writes.end()).toBeUndefined();
    expect(session.snapshot().list).toEqual(['b', 'elsewhere', 'a']);
  });

  test('stand as they were committed under `persist: each` with a backend that lasts', async () => {
    const session = await openSession(statePlan(KEYS, { persist: 'each', backend: 'd1' }));
    const writes = session.sideBySide('step', []);
    set(session, 'list', 'b', [1]);
    await session.commit('agent');
    set(session, 'list', 'a', [0]);
    await session.commit('agent');
    expect(writes.end()).toBeUndefined();
    expect(session.snapshot().list).toEqual(['b', 'a']);
  });

  test('are in order under `persist: each` in memory, for what reads that memory later too', async () => {
    const backend = createMemoryBackend();
    const session = await openSession(statePlan(KEYS, { persist: 'each' }), { backend });
    const writes = session.sideBySide('step', []);
    for (const [key, value, position] of [
      ['list', 'b', 1],
      ['last', 2, 1],
      ['list', 'a', 0],
      ['last', 1, 0],
    ] as const) {
      set(session, key, value, [position]);
      await session.commit('agent');
    }
    writes.end();
    set(session, 'list', 'c', []);
    await session.commit('succeeded');
    expect({ ...(await backend.load('scope')).values }).toEqual({ list: ['a', 'b', 'c'], last: 2 });
  });

  test('that do not fit in order fail the step, and what does fit is in order', async () => {
    const plan = statePlan({ ...KEYS, level: keyPlan({ type: 'number', maximum: 10 }, { reducer: 'add', default: 8 }) });
    const session = await openSession(plan);
    const writes = session.sideBySide('outer/step', []);
    set(session, 'level', -5, [1]);
    set(session, 'list', 'b', [1]);
    set(session, 'list', 'a', [0]);
    set(session, 'level', 5, [0]);
    expect(failureOf(() => writes.end())).toMatchObject({
      code: 'STATE_TYPE',
      message: expect.stringContaining('Step "outer/step", once its writes are in order, sets state key "level"'),
    });
    expect(session.snapshot()).toMatchObject({ level: 8, list: ['a', 'b'] });
  });

  test('are joined in order to what another run wrote meanwhile', async () => {
    const backend = await backendWith({ list: ['old'] });
    const session = await openSession(statePlan(KEYS), { backend });
    set(session, 'list', 'before', []);
    const writes = session.sideBySide('step', []);
    set(session, 'list', 'b', [1]);
    set(session, 'list', 'a', [0]);
    writes.end();
    await storeInto(backend, { list: ['other'] });
    await session.commit('succeeded');
    expect((await backend.load('scope')).values.list).toEqual(['other', 'before', 'a', 'b']);
  });

  test('can be replayed from what was told of them', async () => {
    const told: StateSet[] = [];
    const session = await openSession(statePlan(KEYS));
    const writes = session.sideBySide('step', []);
    told.push(set(session, 'list', 'b', [1]), set(session, 'last', 2, [1]), set(session, 'last', 1, [0]), set(session, 'list', 'a', [0]));
    const end = writes.end();
    if (end !== undefined) told.push(end);
    const backend = createMemoryBackend();
    const resumed = await openSession(statePlan(KEYS), { backend });
    for (const set of told) resumed.replaySet('step', set, 1_000_000);
    expect(resumed.snapshot()).toEqual(session.snapshot());
    await resumed.commit('succeeded');
    expect((await backend.load('scope')).values).toMatchObject({ list: ['a', 'b'], last: 2 });
  });
});

function set(session: StateSession, key: string, value: JsonValue, order: readonly number[]): StateSet {
  return session.apply('writer', [{ key, value }], false, 1_000_000, order);
}

function plain(values: Readonly<Record<string, JsonValue>>) {
  return Object.assign(Object.create(null), values);
}

function writesTo(todo: Work, key: string): boolean {
  return todo.type === 'write' ? todo.key === key : todo.parts.some((part) => writesTo(part, key));
}
