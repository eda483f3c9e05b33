import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../../src/program/json.ts';
import type { Reducer } from '../../../src/program/program.ts';
import { FailureError } from '../../../src/runtime/failure.ts';
import { createMemoryBackend } from '../../../src/runtime/state/memory-backend.ts';
import { restoreState } from '../../../src/runtime/state/open-state.ts';
import { REDUCERS } from '../../../src/runtime/state/reducers.ts';
import type { RecordedCommit, StateSession, StateWrite } from '../../../src/runtime/state/state-session.ts';
import { fc } from '../../support/fast-check.ts';
import { HandClock, keyPlan, openSession, statePlan } from './state-plan.ts';

const KEYS: Readonly<Record<string, { reducer: Reducer; type?: string; validForMs?: number }>> = {
  last: { reducer: 'replace' },
  name: { reducer: 'replace', type: 'string', validForMs: 50 },
  list: { reducer: 'append', type: 'array' },
  sum: { reducer: 'add', type: 'number' },
  low: { reducer: 'min', type: 'number', validForMs: 120 },
  fields: { reducer: 'merge', type: 'object' },
  tags: { reducer: 'union', type: 'array' },
  ['__proto__']: { reducer: 'replace', type: 'number' },
};

const PLAN = statePlan(
  Object.fromEntries(
    Object.entries(KEYS).map(([key, { reducer, type, validForMs }]) => {
      return [key, keyPlan(type === undefined ? {} : { type }, { reducer, ...(validForMs === undefined ? {} : { validForMs }) })];
    }),
  ),
  { persist: 'each' },
);

type Action = { readonly wait: number } | { readonly writes: readonly StateWrite[]; readonly tainted: boolean } | 'commit';

const value = fc.oneof(
  fc.integer({ min: -9, max: 9 }),
  fc.string({ maxLength: 3 }),
  fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 3 }),
  fc.dictionary(fc.constantFrom('a', 'b', '__proto__'), fc.integer(), { maxKeys: 2 }),
  fc.constantFrom(null, true, undefined),
) as fc.Arbitrary<JsonValue | undefined>;
const writes = fc.uniqueArray(fc.record({ key: fc.constantFrom(...Object.keys(KEYS), 'undeclared'), value }), {
  selector: ({ key }) => key,
  minLength: 1,
  maxLength: 3,
});
const actions: fc.Arbitrary<readonly Action[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ writes, tainted: fc.boolean() }) },
    { weight: 2, arbitrary: fc.record({ wait: fc.integer({ min: 1, max: 100 }) }) },
    { weight: 1, arbitrary: fc.constant('commit' as const) },
  ),
  { maxLength: 25 },
);

/** The state as a page of code would keep it: a map, rebuilt whole for each set. */
class Model {
  values = new Map<string, { value: JsonValue; at: number; tainted: boolean }>();

  read(now: number): Map<string, { value: JsonValue; at: number; tainted: boolean }> {
    return new Map([...this.values].filter(([key, { at }]) => now < at + (KEYS[key]?.validForMs ?? Infinity)));
  }

  set(writes: readonly StateWrite[], tainted: boolean, now: number): boolean {
    const next = this.read(now);
    for (const { key, value } of writes) {
      const plan = Object.hasOwn(KEYS, key) ? KEYS[key] : undefined;
      if (plan === undefined) return false;
      if (value === undefined) continue;
      const present = next.get(key);
      const joined = REDUCERS[plan.reducer].join(present?.value, value);
      if (joined === undefined || !isOfType(joined, plan.type)) return false;
      next.set(key, { value: joined, at: now, tainted: tainted || (plan.reducer !== 'replace' && present?.tainted === true) });
    }
    this.values = next;
    return true;
  }
}

function isOfType(value: JsonValue, type: string | undefined): boolean {
  if (type === undefined) return true;
  const found = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
  return found === type;
}

function entriesOf(values: object): string {
  return JSON.stringify(Object.entries(values).sort(([left], [right]) => (left < right ? -1 : 1)));
}

function assertLike(session: StateSession, model: Model, now: number): void {
  const expected = [...model.read(now)].sort(([left], [right]) => (left < right ? -1 : 1));
  expect(entriesOf(session.snapshot())).toBe(JSON.stringify(expected.map(([key, { value }]) => [key, value])));
  expect([...session.taintedKeys].sort()).toEqual(expected.filter(([, { tainted }]) => tainted).map(([key]) => key));
  for (const key of Object.keys(KEYS)) {
    expect(Object.keys(session.view([key], false))).toEqual(expected.some(([name]) => name === key) ? [key] : []);
  }
}

function tryApply(session: StateSession, writes: readonly StateWrite[], tainted: boolean, at: number) {
  try {
    return session.apply('writer', writes, tainted, at);
  } catch (error) {
    if (error instanceof FailureError && error.failure.code === 'STATE_TYPE') return undefined;
    throw error;
  }
}

describe('a state session', () => {
  test('does what a simple model does, for any writes', async () => {
    await fc.assert(
      fc.asyncProperty(actions, async (steps) => {
        const clock = new HandClock();
        const session = await openSession(PLAN, { clock });
        const model = new Model();
        for (const step of steps) {
          if (step === 'commit') await session.commit('agent');
          else if ('wait' in step) clock.at += step.wait;
          else
            expect(tryApply(session, step.writes, step.tainted, clock.at) !== undefined).toBe(
              model.set(step.writes, step.tainted, clock.at),
            );
          assertLike(session, model, clock.at);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('leaves in its backend what the next run then sees', async () => {
    await fc.assert(
      fc.asyncProperty(actions, async (steps) => {
        const clock = new HandClock();
        const backend = createMemoryBackend();
        const session = await openSession(PLAN, { clock, backend });
        for (const step of steps) {
          if (step === 'commit') await session.commit('agent');
          else if ('wait' in step) clock.at += step.wait;
          else tryApply(session, step.writes, step.tainted, clock.at);
        }
        await session.commit('succeeded');
        const next = await openSession(PLAN, { clock, backend });
        expect(entriesOf(next.snapshot())).toBe(entriesOf(session.snapshot()));
        expect([...next.taintedKeys].sort()).toEqual([...session.taintedKeys].sort());
      }),
      { numRuns: 200 },
    );
  });

  test('is rebuilt from its events, and then commits what the first one would have', async () => {
    await fc.assert(
      fc.asyncProperty(actions, async (steps) => {
        const clock = new HandClock();
        const backend = createMemoryBackend();
        const session = await openSession(PLAN, { clock, backend });
        const replays: ((restored: StateSession) => unknown)[] = [];
        for (const step of steps) {
          if (step === 'commit') {
            const committed = await session.commit('agent');
            if (committed === undefined) continue;
            const recorded: RecordedCommit = { type: 'committed', version: committed.version, merged: false };
            replays.push((restored) => restored.commit('agent', async () => recorded));
          } else if ('wait' in step) clock.at += step.wait;
          else {
            const { at } = clock;
            const done = tryApply(session, step.writes, step.tainted, at);
            if (done !== undefined) replays.push((restored) => restored.replaySet('writer', done, at));
          }
        }
        const restored = restoreState(PLAN, { scope: 'scope', run: 'run-1', backend, clock }, session.loaded);
        for (const replay of replays) await replay(restored);
        expect(entriesOf(restored.snapshot())).toBe(entriesOf(session.snapshot()));
        expect([...restored.taintedKeys].sort()).toEqual([...session.taintedKeys].sort());
        expect(restored.due('succeeded')).toBe(session.due('succeeded'));
        const committed = await restored.commit('succeeded');
        expect(committed?.merged ?? false).toBe(false);
        const next = await openSession(PLAN, { clock, backend });
        expect(entriesOf(next.snapshot())).toBe(entriesOf(session.snapshot()));
      }),
      { numRuns: 200 },
    );
  });

  test('loses no write when sessions interleave in any order', async () => {
    const schedule = fc.array(fc.record({ session: fc.nat(3), amount: fc.integer({ min: 1, max: 5 }), commits: fc.boolean() }), {
      maxLength: 30,
    });
    await fc.assert(
      fc.asyncProperty(schedule, async (turns) => {
        const backend = createMemoryBackend();
        const plan = statePlan(
          { sum: keyPlan({ type: 'number' }, { reducer: 'add' }), log: keyPlan({ type: 'array' }, { reducer: 'append' }) },
          { persist: 'each' },
        );
        const sessions = await Promise.all([0, 1, 2, 3].map(() => openSession(plan, { backend })));
        for (const [index, { session, amount, commits }] of turns.entries()) {
          const writer = sessions[session];
          writer?.apply(
            'writer',
            [
              { key: 'sum', value: amount },
              { key: 'log', value: index },
            ],
            false,
            1,
          );
          if (commits) await writer?.commit('agent');
        }
        for (const session of sessions) await session.commit('succeeded');
        const { values } = await backend.load('scope');
        expect(values.sum ?? 0).toBe(turns.reduce((sum, { amount }) => sum + amount, 0));
        expect(((values.log ?? []) as number[]).toSorted((left, right) => left - right)).toEqual(turns.map((_, index) => index));
      }),
      { numRuns: 200 },
    );
  });
});
