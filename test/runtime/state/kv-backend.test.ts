import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../../src/program/json.ts';
import type { KvLike } from '../../../src/runtime/ports.ts';
import { createKvBackend } from '../../../src/runtime/state/kv-backend.ts';
import { restoreState } from '../../../src/runtime/state/open-state.ts';
import type { StateSession } from '../../../src/runtime/state/state-session.ts';
import { HandClock, keyPlan, openSession, statePlan } from './state-plan.ts';

/** One entry of KV, whose next puts fail as told. */
class FakeKv implements KvLike {
  value: string | null = null;
  metadata: unknown = null;
  readonly failures: string[] = [];
  async get() {
    return this.value;
  }
  async getWithMetadata() {
    return { value: this.value, metadata: this.metadata };
  }
  async put(_key: string, value: string, options: { metadata?: unknown } = {}) {
    const failure = this.failures.shift();
    if (failure !== undefined) throw new Error(failure);
    this.value = value;
    this.metadata = options.metadata ?? null;
  }
  async delete() {
    this.value = null;
  }
  async list() {
    return { keys: [], list_complete: true };
  }
}

const PLAN = statePlan(
  {
    price: keyPlan({ type: 'number' }, { validForMs: 1_000 }),
    list: keyPlan({ type: 'array' }, { reducer: 'append' }),
    other: keyPlan({}),
  },
  { backend: 'kv' },
);

function open(kv: FakeKv, clock = new HandClock(), plan = PLAN, scope = 'scope'): Promise<StateSession> {
  return openSession(plan, { backend: createKvBackend(kv, clock), clock, scope });
}

function set(session: StateSession, key: string, value: JsonValue, at = 1_000_000, tainted = false) {
  session.apply('writer', [{ key, value }], tainted, at);
}

describe('state in kv', () => {
  test('is the plain object; times of keys with valid_for and taint lie beside it', async () => {
    const kv = new FakeKv();
    const session = await open(kv);
    session.apply(
      'writer',
      [
        { key: 'price', value: 5 },
        { key: 'list', value: ['x'] },
      ],
      true,
      1_000_000,
    );
    await session.commit('succeeded');
    expect(kv.value).toBe('{"price":5,"list":["x"]}');
    expect(kv.metadata).toEqual({ ensemble: { at: { price: 1_000_000 }, until: { price: 1_001_000 }, tainted: ['price', 'list'] } });
  });

  test('reads what another program wrote; its keys count from then', async () => {
    const kv = new FakeKv();
    const clock = new HandClock();
    kv.value = '{"price": 7, "theirs": {"a": 1}}';
    const session = await open(kv, clock);
    clock.at += 999;
    expect(session.snapshot().price).toBe(7);
    clock.at += 1;
    expect('price' in session.snapshot()).toBe(false);
  });

  test('keeps keys that another program wrote meanwhile, and joins this run’s to theirs', async () => {
    const kv = new FakeKv();
    kv.value = '{"list":["first"]}';
    const session = await open(kv);
    set(session, 'list', 'mine');
    kv.value = '{"list":["first","theirs"],"theirs":true}';
    expect(await session.commit('succeeded')).toMatchObject({ merged: true, keys: ['list'] });
    expect(kv.value).toBe('{"list":["first","theirs","mine"],"theirs":true}');
  });

  test.each([
    ['not json', 'text that is no JSON'],
    ['[1]', 'a list of 1'],
    ['null', 'null'],
    ['"x"', 'the text "x"'],
    [`{"list":${'['.repeat(1_001)}${']'.repeat(1_001)}}`, 'JSON with values of more than 1000 levels'],
  ])('that is %.40s fails and loses nothing', async (text, found) => {
    const kv = new FakeKv();
    kv.value = text;
    await expect(open(kv)).rejects.toMatchObject({
      failure: { code: 'STATE_BACKEND', message: expect.stringContaining(`The kv key "scope" holds ${found};`) },
    });
    expect(kv.value).toBe(text);
  });

  test('may hold values of 1,000 levels, as a run may set', async () => {
    const kv = new FakeKv();
    kv.value = `{"list":${'['.repeat(1_000)}${']'.repeat(1_000)}}`;
    await expect(open(kv)).resolves.toBeDefined();
  });

  test('joins this run’s writes to the default when another program removed the key', async () => {
    const kv = new FakeKv();
    const plan = statePlan({ sum: keyPlan({ type: 'number' }, { reducer: 'add', default: 100 }) }, { backend: 'kv' });
    kv.value = '{"sum":1}';
    const session = await open(kv, new HandClock(), plan);
    set(session, 'sum', 5);
    kv.value = '{}';
    await session.commit('succeeded');
    expect(kv.value).toBe('{"sum":105}');
  });

  test('that became something else while the run went on is not overwritten', async () => {
    const kv = new FakeKv();
    const session = await open(kv);
    set(session, 'other', 1);
    kv.value = 'something else';
    await expect(session.commit('succeeded')).rejects.toMatchObject({ failure: { code: 'STATE_BACKEND' } });
    expect(kv.value).toBe('something else');
  });

  test('waits out the limit of one write a second', async () => {
    const kv = new FakeKv();
    const clock = new HandClock();
    const session = await open(kv, clock);
    set(session, 'other', 1);
    kv.failures.push('KV PUT failed: 429 Too Many Requests', 'KV PUT failed: 429 Too Many Requests');
    await session.commit('succeeded');
    expect(clock.slept).toEqual([1_100, 2_000]);
    expect(kv.value).toBe('{"other":1}');
  });

  test('gives up after four tries, and at once for a lasting fault', async () => {
    const kv = new FakeKv();
    const clock = new HandClock();
    const session = await open(kv, clock);
    set(session, 'other', 1);
    kv.failures.push(
      ...Array<string>(4).fill('KV PUT failed: 429 Too Many Requests'),
      'KV PUT failed: 413 Value length of 429 exceeds limit',
    );
    await expect(session.commit('succeeded')).rejects.toMatchObject({ failure: { code: 'STATE_BACKEND', retryable: true } });
    expect(clock.slept).toHaveLength(3);
    await expect(session.commit('succeeded')).rejects.toThrow('could not be written (kv): KV PUT failed: 413');
    expect(clock.slept).toHaveLength(3);
  });

  test('says less, on the safe side, when the metadata would grow too large', async () => {
    const keys = Array.from({ length: 100 }, (_, index) => `a key with a long name ${index}`);
    const plan = statePlan(Object.fromEntries(keys.map((key) => [key, keyPlan({}, { validForMs: 1_000 })])), { backend: 'kv' });
    const kv = new FakeKv();
    const clock = new HandClock();
    const session = await open(kv, clock, plan);
    for (const [index, key] of keys.entries()) set(session, key, index, clock.at + index, index === 0);
    await session.commit('succeeded');
    expect(kv.metadata).toEqual({ ensemble: { at: clock.at, tainted: ['a key with a long name 0'] } });
    for (const key of keys) set(session, key, 0, clock.at, true);
    await session.commit('succeeded');
    expect(kv.metadata).toEqual({ ensemble: { at: clock.at, tainted: true } });
    expect((await open(kv, clock, plan)).taintedKeys).toHaveLength(100);
  });

  test.each([
    ['.', 'any key but'],
    ['..', 'any key but'],
    ['é'.repeat(257), 'at most 512 bytes, and this one has 514'],
  ])('refuses a scope that kv cannot have as a key: %#', async (scope, reason) => {
    await expect(open(new FakeKv(), new HandClock(), PLAN, scope)).rejects.toMatchObject({
      failure: { code: 'STATE_BACKEND', message: expect.stringContaining(reason) },
    });
  });
});

test('a commit that is sent again after a crash is not applied twice', async () => {
  const kv = new FakeKv();
  const clock = new HandClock();
  const options = { scope: 'scope', run: 'run-1', backend: createKvBackend(kv, clock), clock, commitId: 'run-1/' };
  const first = await openSession(PLAN, options);
  const done = first.apply('writer', [{ key: 'list', value: 'a' }], false, clock.at);
  await first.commit('succeeded');
  const resumed = restoreState(PLAN, options, first.loaded);
  resumed.replaySet('writer', done, clock.at);
  await resumed.commit('succeeded');
  expect(JSON.parse(kv.value ?? '')).toEqual({ list: ['a'] });
  const other = await openSession(PLAN, { ...options, commitId: 'run-1/~2' });
  other.apply('writer', [{ key: 'list', value: 'b' }], false, clock.at);
  await other.commit('succeeded');
  expect(JSON.parse(kv.value ?? '')).toEqual({ list: ['a', 'b'] });
});
