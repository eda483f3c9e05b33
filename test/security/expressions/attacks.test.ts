import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { evaluate, failureOf, problemsOf } from '../../runtime/expression/evaluate.ts';
import { ATTACKS } from './support/attacks.ts';
import { describeWorld, findStray } from './support/harm.ts';
import { HOSTILE_INPUT } from './support/hostile-input.ts';

const world = describeWorld();
const data = JSON.stringify(HOSTILE_INPUT);
beforeAll(() => Object.assign(globalThis, { canary: 'asleep' }));
afterAll(() => {
  expect(Reflect.get(globalThis, 'canary')).toBe('asleep');
  Reflect.deleteProperty(globalThis, 'canary');
});

/** Undefined, false and 0, and lists of them. */
const NOTHING = /^(?:undefined|[[\],]|null|false|0)*$/;

describe.each(ATTACKS)('$name ($dialect; $after)', ({ dialect, attacks, findsNothing }) => {
  test.each(attacks)('%j is refused, fails with a code, or gives data', (attack) => {
    if (problemsOf(attack, [], dialect).length > 0) return;
    try {
      const value = evaluate(attack, { input: HOSTILE_INPUT }, dialect);
      expect(findStray(value)).toBe(undefined);
      if (findsNothing) expect(`${JSON.stringify(value)}`).toMatch(NOTHING);
    } catch (error) {
      const { code } = failureOf(() => {
        throw error;
      });
      expect(code).toMatch(/^EXPRESSION/);
    }
  });

  test('leaves nothing behind', () => {
    const { global, ...watched } = describeWorld();
    expect(watched).toMatchObject(Object.fromEntries(Object.entries(world).filter(([name]) => name !== 'global')));
    expect(global?.split(',').filter((name) => !world.global?.split(',').includes(name))).toEqual(['canary']);
    expect(JSON.stringify(HOSTILE_INPUT)).toBe(data);
    expect('polluted' in {}).toBe(false);
  });
});

test('what a list of attacks shows are the attacks', () => {
  // The harm that these tests look for is found where it is done.
  expect(findStray({ a: [() => 1] })).toContain('a.0 is a function');
  expect(findStray(new Map())).toContain('prototype');
  expect(findStray(Object.defineProperty({}, 'a', { get: () => 1 }))).toContain('accessor');
  expect(String(JSON.stringify([[undefined, false], 0]))).toMatch(NOTHING);
  expect(JSON.stringify(['Function'])).not.toMatch(NOTHING);
});
