import { describe, expect, test } from 'vitest';
import type { StateKeyPlan } from '../../../src/program/program.ts';
import { createMemoryBackend } from '../../../src/runtime/state/memory-backend.ts';
import { programOf } from '../engine/support/program-of.ts';
import { runToEnd } from '../engine/support/test-run.ts';
import { failureOf, keyPlan, openSession, set, statePlan, storeInto } from './state-plan.ts';

/** The plan of a key with a reducer as it stands in a file. */
function written(reducer: string, more: Partial<StateKeyPlan> = {}): StateKeyPlan {
  const text = `ensemble: e\nstate:\n  schema:\n    key: { reducer: "${reducer}" }\nagents:\n  - { name: a, operation: log, config: { message: x } }\n`;
  const plan = programOf(text).body.state.schema?.key;
  if (plan === undefined) throw new Error('no plan');
  return keyPlan({}, { reducer: plan.reducer, ...more });
}

const KEEP_LONGEST = '${[...(current ?? []), incoming].sort((a, b) => b - a).slice(0, 2)}';

describe('a reducer that the author wrote', () => {
  test('makes the value of what the key holds and what is written', async () => {
    const session = await openSession(statePlan({ top: written(KEEP_LONGEST) }));
    for (const value of [3, 9, 1, 5]) set(session, 'top', value);
    expect(session.snapshot().top).toEqual([9, 5]);
  });

  test('finds nothing where the key has no value', async () => {
    const session = await openSession(statePlan({ key: written("${current === undefined ? ['first', incoming] : current}") }));
    set(session, 'key', 1);
    set(session, 'key', 2);
    expect(session.snapshot().key).toEqual(['first', 1]);
  });

  test('works in Jexl too', async () => {
    const session = await openSession(statePlan({ key: written('$<current ? (current + incoming) : incoming>') }));
    set(session, 'key', 2);
    set(session, 'key', 3);
    expect(session.snapshot().key).toBe(5);
  });

  test('fails the agent when it gives nothing, and the state stays as it was', async () => {
    const session = await openSession(statePlan({ key: written('${incoming.value}') }));
    set(session, 'key', { value: 1 });
    expect(failureOf(() => set(session, 'key', { other: 1 }))).toEqual({
      code: 'STATE_TYPE',
      message:
        'Agent "writer" sets state key "key": reducer "${incoming.value}" gives no value; it holds the number 1, written was an object with other',
      retryable: false,
    });
    expect(session.snapshot().key).toBe(1);
  });

  test('fails the agent when it cannot be evaluated', async () => {
    const session = await openSession(statePlan({ key: written('${current.concat(incoming)}') }));
    const failure = failureOf(() => set(session, 'key', 1));
    expect(failure.code).toBe('STATE_TYPE');
    expect(failure.message).toContain('Agent "writer" sets state key "key": reducer "${current.concat(incoming)}" fails: ');
  });

  test('tells nothing of a secret', async () => {
    const session = await openSession(statePlan({ key: written('${incoming.hush}', { secret: true }) }));
    expect(failureOf(() => set(session, 'key', { token: 'abc' })).message).not.toContain('token');
  });

  test('makes a value that its schema is asked about', async () => {
    const session = await openSession(
      statePlan({ key: { ...written('${(current ?? 0) + incoming}'), schema: { type: 'number', maximum: 5 } } }),
    );
    set(session, 'key', 4);
    expect(failureOf(() => set(session, 'key', 2))).toMatchObject({ code: 'STATE_TYPE' });
  });

  test('keeps the taint of what it joins', async () => {
    const session = await openSession(statePlan({ key: written('${[...(current ?? []), incoming]}') }));
    set(session, 'key', 1, { tainted: true });
    set(session, 'key', 2);
    expect(session.taintedKeys).toEqual(['key']);
  });

  test('joins this run to what another one wrote meanwhile', async () => {
    const backend = createMemoryBackend();
    const session = await openSession(statePlan({ key: written('${[...(current ?? []), incoming]}') }), { backend });
    set(session, 'key', 'mine');
    set(session, 'key', 'mine too');
    await storeInto(backend, { key: ['other'] });
    await session.commit('succeeded');
    expect((await backend.load('scope')).values).toEqual({ key: ['other', 'mine', 'mine too'] });
  });

  test('puts what ran side by side in order', async () => {
    const { finished } = await runToEnd(
      `
ensemble: e
state: { schema: { log: { type: string, reducer: "\${current === undefined ? incoming : \`\${current},\${incoming}\`}" } } }
agents:
  - parallel:
      - { name: slow, operation: http, config: { url: "http://x/slow" }, state: { set: { log: slow } } }
      - { name: fast, operation: transform, config: { value: 1 }, state: { set: { log: fast } } }
output: "\${state.log}"
`,
      { http: async () => ({ output: 1 }) },
    );
    expect(finished.output).toBe('slow,fast');
  });
});
