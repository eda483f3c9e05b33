import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../../src/program/json.ts';
import type { Reducer } from '../../../src/program/program.ts';
import { REDUCERS } from '../../../src/runtime/state/reducers.ts';
import { fc } from '../../support/fast-check.ts';

function join(reducer: Reducer, current: JsonValue | undefined, write: JsonValue): JsonValue | undefined {
  return REDUCERS[reducer].join(current, write);
}

describe('a reducer', () => {
  test.each<[Reducer, JsonValue | undefined, JsonValue, JsonValue | undefined]>([
    ['replace', 1, 'x', 'x'],
    ['replace', 1, null, null],
    ['append', undefined, 'a', ['a']],
    ['append', null, ['a'], ['a']],
    ['append', ['a'], ['b', 'c'], ['a', 'b', 'c']],
    ['append', ['a'], { b: 1 }, ['a', { b: 1 }]],
    ['append', ['a'], null, ['a', null]],
    ['append', ['a'], [['b']], ['a', ['b']]],
    ['append', 'text', 'a', undefined],
    ['merge', undefined, { a: 1 }, { a: 1 }],
    ['merge', { a: 1, b: { c: 1 } }, { b: { d: 2 } }, { a: 1, b: { d: 2 } }],
    ['merge', { a: 1 }, [1], undefined],
    ['merge', [1], { a: 1 }, undefined],
    ['merge', { a: 1 }, null, undefined],
    ['add', undefined, 2, 2],
    ['add', 3, -5, -2],
    ['add', '3', 2, undefined],
    ['add', 3, '2', undefined],
    ['add', 1e308, 1e308, undefined],
    ['min', undefined, 4, 4],
    ['min', 3, 4, 3],
    ['max', 3, 4, 4],
    ['max', '2026-01-02', '2025-12-31', '2026-01-02'],
    ['min', 3, '4', undefined],
    ['max', 3, null, undefined],
    ['union', ['a', 1], ['1', 'a', 1, 'b'], ['a', 1, '1', 'b']],
    ['union', [{ a: 1, b: [2] }], [{ b: [2], a: 1 }, { b: [2] }], [{ a: 1, b: [2] }, { b: [2] }]],
    ['union', undefined, ['x', 'x'], ['x']],
    ['union', ['[1]'], [[1]], ['[1]', [1]]],
    ['union', { a: 1 }, 'x', undefined],
  ])('%s of %j and %j is %j', (reducer, current, write, expected) => {
    const joined = join(reducer, current, write);
    expect(joined === undefined ? undefined : JSON.parse(JSON.stringify(joined))).toEqual(expected);
  });

  test('merge keeps a field named __proto__ as a field', () => {
    const merged = join('merge', {}, JSON.parse('{"__proto__": {"polluted": true}}'));
    expect(JSON.stringify(merged)).toBe('{"__proto__":{"polluted":true}}');
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test('never changes what it was given', () => {
    const values = fc.oneof(fc.array(fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue()), fc.integer(), fc.string());
    fc.assert(
      fc.property(fc.constantFrom(...(Object.keys(REDUCERS) as Reducer[])), values, values, (reducer, current, write) => {
        const before = JSON.stringify([current, write]);
        join(reducer, current as JsonValue, write as JsonValue);
        expect(JSON.stringify([current, write])).toBe(before);
      }),
    );
  });

  test('add, min, max and union give the same whichever of two writers comes first', () => {
    const numbers = fc.integer();
    fc.assert(
      fc.property(fc.constantFrom<Reducer>('add', 'min', 'max', 'union'), numbers, numbers, numbers, (reducer, start, left, right) => {
        const first = reducer === 'union' ? [start] : start;
        const sorted = (value: JsonValue | undefined) => (Array.isArray(value) ? value.toSorted() : value);
        const leftFirst = join(reducer, join(reducer, first, left), right);
        const rightFirst = join(reducer, join(reducer, first, right), left);
        expect(sorted(leftFirst)).toEqual(sorted(rightFirst));
      }),
    );
  });
});
