import { describe, expect, test } from 'vitest';
import { createMemoryBackend } from '../../../src/runtime/state/memory-backend.ts';
import { parseScope } from '../../../src/runtime/state/scope-key.ts';
import { backendWith, failureOf, HandClock, keyPlan, openSession, set, statePlan, storeInto } from './state-plan.ts';

const NUMBER = { type: 'number' };

describe('what a run begins with', () => {
  test('is what is stored, else initial, else the default', async () => {
    const plan = statePlan({
      stored: keyPlan(NUMBER, { default: 1 }),
      initial: keyPlan(NUMBER, { default: 1 }),
      fallback: keyPlan(NUMBER, { default: 1 }),
      nothing: keyPlan(NUMBER),
    });
    const session = await openSession(plan, { backend: await backendWith({ stored: 3 }), initial: { stored: 2, initial: 2 } });
    expect({ ...session.snapshot() }).toEqual({ stored: 3, initial: 2, fallback: 1 });
  });

  test('leaves out initial values that are undefined', async () => {
    const session = await openSession(statePlan({ a: keyPlan(NUMBER, { default: 1 }) }), { initial: { a: undefined } });
    expect(session.snapshot().a).toBe(1);
  });

  test('refuses initial values of the wrong type or an undeclared key', async () => {
    const plan = statePlan({ count: keyPlan(NUMBER) });
    await expect(openSession(plan, { initial: { count: 'x' } })).rejects.toThrow(
      'state.initial sets "count": expected number, found the text "x"',
    );
    await expect(openSession(plan, { initial: { cuont: 1 } })).rejects.toThrow(
      'state.initial sets "cuont", which state.schema does not declare. Did you mean "count"?',
    );
    await expect(openSession(plan, { initial: [1] })).rejects.toThrow(
      'state.initial: expected an object of keys and values, found a list of 1',
    );
  });

  test('fails when a stored value does not match the schema, naming scope and key', async () => {
    const backend = await backendWith({ count: 'many' });
    const opening = openSession(statePlan({ count: keyPlan(NUMBER) }), { backend });
    await expect(opening).rejects.toMatchObject({ failure: { code: 'STATE_TYPE' } });
    await expect(opening).rejects.toThrow(
      'State scope "scope" (memory) holds a value for "count" that state.schema does not allow: expected number, found the text "many"',
    );
  });

  test('hides stored keys that the schema does not declare and keeps them stored', async () => {
    const backend = await backendWith({ old: 'kept', count: 1 });
    const session = await openSession(statePlan({ count: keyPlan(NUMBER) }), { backend });
    expect({ ...session.snapshot() }).toEqual({ count: 1 });
    set(session, 'count', 2);
    await session.commit('succeeded');
    expect({ ...(await backend.load('scope')).values }).toEqual({ old: 'kept', count: 2 });
  });

  test('is tainted where it was stored tainted or initial was', async () => {
    const backend = createMemoryBackend();
    await storeInto(backend, { a: 1 }, 1_000_000, true);
    const session = await openSession(statePlan(undefined), { backend, initial: { b: 1 }, initialTainted: true });
    expect([...session.taintedKeys].sort()).toEqual(['a', 'b']);
  });
});

describe('a view', () => {
  test('has the declared keys alone, frozen and without a prototype', async () => {
    const session = await openSession(statePlan(undefined), { initial: { a: 1, b: 2 } });
    const view = session.view(['a', 'absent'], false);
    expect(Object.entries(view)).toEqual([['a', 1]]);
    expect(Object.isFrozen(view)).toBe(true);
    expect(Object.getPrototypeOf(view)).toBeNull();
    expect('b' in view).toBe(false);
  });

  test('has everything with useAll, in the order of the schema', async () => {
    const plan = statePlan({ b: keyPlan(NUMBER), a: keyPlan(NUMBER) });
    const session = await openSession(plan, { backend: await backendWith({ a: 1, b: 2 }) });
    expect(Object.keys(session.view([], true))).toEqual(['b', 'a']);
  });

  test('is the same object until something is set', async () => {
    const session = await openSession(statePlan(undefined), { initial: { a: 1 } });
    const use = ['a'];
    const before = session.view(use, false);
    expect(session.view(use, false)).toBe(before);
    set(session, 'a', 2);
    expect(session.view(use, false)).not.toBe(before);
    expect(before.a).toBe(1);
    expect(session.view(use, false).a).toBe(2);
  });

  test('shows a key named __proto__ as data', async () => {
    const session = await openSession(statePlan(undefined));
    set(session, '__proto__', { polluted: true });
    expect(JSON.stringify(session.snapshot())).toBe('{"__proto__":{"polluted":true}}');
    expect(JSON.stringify(session.view(['__proto__'], false))).toBe('{"__proto__":{"polluted":true}}');
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe('setting', () => {
  test('tells the written and the new values', async () => {
    const session = await openSession(statePlan({ errors: keyPlan({ type: 'array' }, { reducer: 'append', default: ['a'] }) }));
    const done = set(session, 'errors', 'b');
    expect({ ...done.values }).toEqual({ errors: ['a', 'b'] });
    expect({ ...done.writes }).toEqual({ errors: 'b' });
  });

  test('sets all keys or none', async () => {
    const session = await openSession(statePlan({ a: keyPlan(NUMBER), b: keyPlan(NUMBER) }), { initial: { a: 1, b: 1 } });
    const before = session.snapshot();
    const writes = [
      { key: 'a', value: 2 },
      { key: 'b', value: 'two' },
    ];
    const failure = failureOf(() => session.apply('count', writes, false, 1));
    expect(failure).toMatchObject({ code: 'STATE_TYPE', retryable: false });
    expect(failure.message).toBe('Agent "count" sets state key "b": expected number, found the text "two"');
    expect(session.snapshot()).toBe(before);
    expect(session.due('succeeded')).toBe(false);
  });

  test('refuses a key that the schema does not declare', async () => {
    const session = await openSession(statePlan({ total_words: keyPlan(NUMBER), docs: keyPlan({ type: 'array' }) }));
    expect(failureOf(() => set(session, 'total_word', 1)).message).toBe(
      'Agent "writer" sets "total_word", which state.schema does not declare. Did you mean "total_words"?',
    );
    expect(failureOf(() => set(session, 'zzz', 1)).message).toContain('It declares total_words, docs');
    expect(failureOf(() => set(session, 'constructor', 1)).code).toBe('STATE_TYPE');
  });

  test('checks the whole schema of a value and says where it fails', async () => {
    const schema = { type: 'array', items: { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] } };
    const session = await openSession(statePlan({ docs: keyPlan(schema) }));
    set(session, 'docs', [{ id: 'a' }]);
    expect(failureOf(() => set(session, 'docs', [{ id: 'a' }, { id: 5 }])).message).toBe(
      'Agent "writer" sets state key "docs", at [1].id: expected string, found the number 5',
    );
  });

  test.each([
    ['string', 'x', 1],
    ['number', 1.5, '1'],
    ['integer', 2, 1.5],
    ['boolean', false, 0],
    ['array', [], {}],
    ['object', {}, []],
    ['null', null, 0],
  ])('takes a %s and nothing else', async (type, right, wrong) => {
    const session = await openSession(statePlan({ key: keyPlan({ type }) }));
    set(session, 'key', right);
    expect(failureOf(() => set(session, 'key', wrong)).code).toBe('STATE_TYPE');
    if (type !== 'null') expect(failureOf(() => set(session, 'key', null)).code).toBe('STATE_TYPE');
  });

  test('leaves a key as it was when the value is undefined, and says so', async () => {
    const session = await openSession(statePlan({ count: keyPlan(NUMBER) }), { initial: { count: 1 } });
    expect(set(session, 'count', undefined).untouched).toEqual(['count']);
    expect(session.snapshot().count).toBe(1);
    expect(session.due('succeeded')).toBe(false);
  });

  test('says what a reducer joins when it cannot', async () => {
    const session = await openSession(statePlan({ total: keyPlan(NUMBER, { reducer: 'add' }) }), { initial: { total: 1 } });
    expect(failureOf(() => set(session, 'total', 'x')).message).toBe(
      'Agent "writer" sets state key "total": reducer "add" joins two numbers with a finite sum; it holds the number 1, written was the text "x"',
    );
  });

  test('marks a key as tainted until a clean value replaces it', async () => {
    const session = await openSession(statePlan({ last: keyPlan({}), all: keyPlan({ type: 'array' }, { reducer: 'append' }) }));
    expect(set(session, 'last', 1, { tainted: true }).tainted).toEqual(['last']);
    set(session, 'all', 1, { tainted: true });
    expect(session.isTainted(['last'], false)).toBe(true);
    expect(session.isTainted([], true)).toBe(true);
    expect(session.isTainted([], false)).toBe(false);
    set(session, 'last', 2);
    expect(set(session, 'all', 2).tainted).toEqual(['all']);
    expect(session.taintedKeys).toEqual(['all']);
  });

  test('refuses a key that no backend could keep', async () => {
    const session = await openSession(statePlan(undefined));
    expect(failureOf(() => set(session, 'half \ud83d', 1)).code).toBe('STATE_TYPE');
  });
});

describe('valid_for', () => {
  const plan = statePlan({
    price: keyPlan(NUMBER, { validForMs: 1_000 }),
    count: keyPlan(NUMBER, { validForMs: 1_000, reducer: 'add', default: 100 }),
  });

  test('makes a key undefined once the time has passed, in the run', async () => {
    const clock = new HandClock();
    const session = await openSession(plan, { clock });
    const use = ['price'];
    set(session, 'price', 5, { at: clock.now(), tainted: true });
    clock.at += 999;
    expect(session.view(use, false).price).toBe(5);
    clock.at += 1;
    expect('price' in session.view(use, false)).toBe(false);
    expect('price' in session.snapshot()).toBe(false);
    expect(session.isTainted(use, false)).toBe(false);
  });

  test('makes a key undefined in a later run', async () => {
    const clock = new HandClock();
    const backend = createMemoryBackend();
    const first = await openSession(plan, { clock, backend });
    set(first, 'price', 5, { at: clock.now() });
    await first.commit('succeeded');
    clock.at += 999;
    expect((await openSession(plan, { clock, backend })).snapshot().price).toBe(5);
    clock.at += 1;
    expect('price' in (await openSession(plan, { clock, backend })).snapshot()).toBe(false);
  });

  test('begins again with each write', async () => {
    const clock = new HandClock();
    const session = await openSession(plan, { clock });
    set(session, 'price', 5, { at: clock.now() });
    clock.at += 900;
    set(session, 'price', 6, { at: clock.now() });
    clock.at += 900;
    expect(session.snapshot().price).toBe(6);
  });

  test('leaves nothing for a reducer to join, not even the default', async () => {
    const clock = new HandClock();
    const session = await openSession(plan, { clock });
    expect(set(session, 'count', 1, { at: clock.now() }).values.count).toBe(101);
    clock.at += 1_000;
    expect(set(session, 'count', 1, { at: clock.now() }).values.count).toBe(1);
  });

  test('does not age defaults and initial values', async () => {
    const clock = new HandClock();
    const session = await openSession(plan, { clock, initial: { price: 1 } });
    clock.at += 1_000_000;
    expect({ ...session.snapshot() }).toEqual({ price: 1, count: 100 });
  });

  test('does not check an expired value that no longer matches', async () => {
    const clock = new HandClock();
    const backend = await backendWith({ price: 'five' }, clock.now());
    clock.at += 1_000;
    expect({ ...(await openSession(plan, { clock, backend })).snapshot() }).toEqual({ count: 100 });
  });
});

describe('secret keys', () => {
  test('tell all the texts that they ever held', async () => {
    const plan = statePlan({ token: keyPlan({}, { secret: true }), plain: keyPlan({ type: 'string' }) });
    const session = await openSession(plan, { backend: await backendWith({ token: 'old', plain: 'seen' }) });
    const before = session.secretValues();
    set(session, 'plain', 'x');
    expect(session.secretValues()).toBe(before);
    set(session, 'token', { access: 'new', expires: 99, scopes: ['new', ''] });
    expect(session.secretValues()).toEqual([
      { name: 'token', value: 'old' },
      { name: 'token', value: 'new' },
      { name: 'token', value: '99' },
    ]);
  });

  test('are not shown by the message that refuses their value', async () => {
    const plan = statePlan({
      token: keyPlan({ type: 'string' }, { secret: true }),
      pin: keyPlan({ type: 'string', pattern: '^.{4}$' }, { secret: true }),
    });
    const session = await openSession(plan);
    for (const [key, value] of [
      ['token', 4242],
      ['pin', 'hush hush'],
    ] as const) {
      const { code, message } = failureOf(() => set(session, key, value));
      expect(code).toBe('STATE_TYPE');
      expect(message).toContain('expected string');
      expect(message).not.toContain(String(value));
    }
  });
});

describe('a scope', () => {
  test('is a text, a number or a boolean', () => {
    expect([parseScope('a b'), parseScope(7), parseScope(true)]).toEqual(['a b', '7', 'true']);
  });

  test.each([[undefined], [null], [''], [{}], [['a']]])('is never %j', (value) => {
    expect(failureOf(() => parseScope(value)).code).toBe('CONFIG_INVALID');
  });
});
