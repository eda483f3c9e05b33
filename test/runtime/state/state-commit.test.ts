import { describe, expect, test } from 'vitest';
import { createMemoryBackend } from '../../../src/runtime/state/memory-backend.ts';
import { restoreState } from '../../../src/runtime/state/open-state.ts';
import { backendWith, HandClock, keyPlan, openSession, set, statePlan, storeInto } from './state-plan.ts';

const NUMBER = { type: 'number' };

describe('committing', () => {
  test.each([
    ['on_success', { agent: false, succeeded: true, failed: false }],
    ['always', { agent: false, succeeded: true, failed: true }],
    ['each', { agent: true, succeeded: true, failed: false }],
  ] as const)('with persist %s is due at %j', async (persist, moments) => {
    const session = await openSession(statePlan(undefined, { persist }));
    expect([session.due('agent'), session.due('succeeded'), session.due('failed')]).toEqual([false, false, false]);
    set(session, 'a', 1);
    expect({ agent: session.due('agent'), succeeded: session.due('succeeded'), failed: session.due('failed') }).toEqual(moments);
  });

  test('writes only what agents set', async () => {
    const backend = createMemoryBackend();
    const session = await openSession(statePlan({ a: keyPlan(NUMBER, { default: 1 }), b: keyPlan(NUMBER) }), {
      backend,
      initial: { b: 2 },
    });
    expect(await session.commit('succeeded')).toBeUndefined();
    set(session, 'b', 3);
    expect(await session.commit('succeeded')).toMatchObject({ version: 1, keys: ['b'], merged: false });
    expect({ ...(await backend.load('scope')).values }).toEqual({ b: 3 });
    expect(session.due('succeeded')).toBe(false);
  });

  test('joins defaults and initial values once when another run came first', async () => {
    const backend = createMemoryBackend();
    const plan = statePlan({ sum: keyPlan(NUMBER, { reducer: 'add', default: 100 }) });
    const sessions = await Promise.all([openSession(plan, { backend }), openSession(plan, { backend })]);
    for (const session of sessions) set(session, 'sum', 1);
    for (const session of sessions) await session.commit('succeeded');
    expect((await backend.load('scope')).values.sum).toBe(102);
  });

  test('puts what a person replaced over what others wrote meanwhile, and what was joined to it with it', async () => {
    const backend = await backendWith({ sum: 100 });
    const plan = statePlan({ sum: keyPlan(NUMBER, { reducer: 'add' }) });
    const session = await openSession(plan, { backend });
    session.replace({ sum: 500 }, 1_000_000);
    set(session, 'sum', 1);
    await storeInto(backend, { sum: 122 });
    expect(await session.commit('succeeded')).toMatchObject({ merged: true });
    expect((await backend.load('scope')).values.sum).toBe(501);
  });

  test('lets go of a key that someone has deleted meanwhile, but for what this run has set since', async () => {
    const backend = await backendWith({ plain: 1, initial: 2, sum: 100, mine: 5 });
    const plan = statePlan(
      { plain: keyPlan(NUMBER), initial: keyPlan(NUMBER), sum: keyPlan(NUMBER, { reducer: 'add' }), mine: keyPlan(NUMBER) },
      { persist: 'each' },
    );
    const session = await openSession(plan, { backend, initial: { initial: 7 } });
    const gone = (key: string) => ({ key, value: null, writes: [], tainted: false, agent: 'person', at: 1, deleted: true }) as const;
    await backend.commit('scope', {
      run: 'cli',
      base: await backend.load('scope'),
      changes: ['plain', 'initial', 'sum'].map(gone),
      onConflict: 'overwrite',
      reduce: (_key, _current, write) => write,
    });
    set(session, 'mine', 6);
    const committed = session.commit('agent');
    set(session, 'sum', 1);
    expect(await committed).toMatchObject({ merged: true });
    expect({ ...session.snapshot() }).toEqual({ initial: 7, sum: 1, mine: 6 });
    await session.commit('agent');
    expect({ ...(await backend.load('scope')).values }).toEqual({ sum: 1, mine: 6 });
  });

  test('keeps the value that this run saw for a key that nobody else wrote, though it has expired since', async () => {
    const clock = new HandClock();
    const backend = await backendWith({ sum: 10 }, clock.now());
    const plan = statePlan({ sum: keyPlan(NUMBER, { reducer: 'add', validForMs: 1_000 }), other: keyPlan(NUMBER) });
    const session = await openSession(plan, { backend, clock });
    set(session, 'sum', 1, { at: clock.now() });
    await storeInto(backend, { other: 1 });
    clock.at += 1_000;
    await session.commit('succeeded');
    expect((await backend.load('scope')).values.sum).toBe(11);
  });

  test('joins this run’s writes to nothing when what another run wrote has expired', async () => {
    const clock = new HandClock();
    const backend = createMemoryBackend();
    const plan = statePlan({ sum: keyPlan(NUMBER, { reducer: 'add', validForMs: 1_000, default: 100 }) });
    const session = await openSession(plan, { backend, clock });
    await storeInto(backend, { sum: 10 }, clock.now());
    clock.at += 1_000;
    set(session, 'sum', 1, { at: clock.now() });
    await session.commit('succeeded');
    expect((await backend.load('scope')).values.sum).toBe(1);
  });

  test('fails with on_conflict fail when another run came first, and stays due', async () => {
    const backend = await backendWith({ a: 1 });
    const session = await openSession(statePlan(undefined, { onConflict: 'fail' }), { backend });
    set(session, 'b', 1);
    await storeInto(backend, { a: 2 });
    await expect(session.commit('succeeded')).rejects.toMatchObject({
      failure: { code: 'STATE_CONFLICT', message: expect.stringContaining(': a. Nothing') },
    });
    expect(session.due('succeeded')).toBe(true);
    expect({ ...(await backend.load('scope')).values }).toEqual({ a: 2 });
  });

  test('fails when a merge gives a value of the wrong type', async () => {
    const backend = createMemoryBackend();
    const session = await openSession(statePlan({ list: keyPlan({ type: 'array', maxItems: 1 }, { reducer: 'append' }) }), { backend });
    set(session, 'list', 'mine');
    await storeInto(backend, { list: ['theirs'] });
    await expect(session.commit('succeeded')).rejects.toMatchObject({ failure: { code: 'STATE_TYPE' } });
    expect((await backend.load('scope')).values.list).toEqual(['theirs']);
  });

  test('after each agent brings in what other runs wrote', async () => {
    const backend = createMemoryBackend();
    const plan = statePlan({ sum: keyPlan(NUMBER, { reducer: 'add' }), other: keyPlan({}) }, { persist: 'each' });
    const session = await openSession(plan, { backend });
    set(session, 'sum', 1);
    await storeInto(backend, { sum: 10, other: 'theirs' });
    expect(await session.commit('agent')).toMatchObject({ merged: true, keys: ['sum'] });
    expect({ ...session.snapshot() }).toEqual({ sum: 11, other: 'theirs' });
    set(session, 'sum', 1);
    await session.commit('agent');
    expect((await backend.load('scope')).values.sum).toBe(12);
  });

  test('keeps what is set while it writes for the next commit', async () => {
    const backend = createMemoryBackend();
    const plan = statePlan({ sum: keyPlan(NUMBER, { reducer: 'add' }) }, { persist: 'each' });
    const session = await openSession(plan, { backend });
    set(session, 'sum', 1);
    await storeInto(backend, { sum: 10 });
    const first = session.commit('agent');
    await Promise.resolve();
    set(session, 'sum', 100);
    await first;
    expect(session.snapshot().sum).toBe(111);
    await session.commit('agent');
    expect((await backend.load('scope')).values.sum).toBe(111);
  });

  test('under the same name is repeated for a resumed run and done again for another attempt', async () => {
    const backend = createMemoryBackend();
    const plan = statePlan({ sum: keyPlan(NUMBER, { reducer: 'add' }) });
    const options = { scope: 'scope', run: 'run-1', backend, clock: new HandClock(), commitId: 'run-1/agent' };
    const first = await openSession(plan, options);
    const done = set(first, 'sum', 1);
    await first.commit('succeeded');
    const resumed = restoreState(plan, options, first.loaded);
    resumed.replaySet('writer', done, 1_000_000);
    await resumed.commit('succeeded');
    expect((await backend.load('scope')).values.sum).toBe(1);
    const again = await openSession(plan, options);
    set(again, 'sum', 1);
    await again.commit('succeeded');
    expect((await backend.load('scope')).values.sum).toBe(2);
  });

  test('that could not be written can be tried again', async () => {
    const memory = createMemoryBackend();
    let broken = true;
    const backend: typeof memory = {
      load: memory.load,
      commit: (scope, commit) => (broken ? Promise.reject(new Error('connection lost')) : memory.commit(scope, commit)),
    };
    const session = await openSession(statePlan({ sum: keyPlan(NUMBER, { reducer: 'add' }) }), { backend });
    set(session, 'sum', 1);
    await expect(session.commit('succeeded')).rejects.toThrow('connection lost');
    broken = false;
    set(session, 'sum', 2);
    await session.commit('succeeded');
    expect((await memory.load('scope')).values.sum).toBe(3);
  });
});
