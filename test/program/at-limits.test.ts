import { describe, expect } from 'vitest';
import { parseApiKeys } from '../../src/program/api-keys.ts';
import { parseDuration } from '../../src/program/duration.ts';
import { parseRunShapes } from '../../src/program/run-shapes.ts';
import { isSnapshotName } from '../../src/program/snapshot-name.ts';
import { createSuggester, suggest } from '../../src/program/suggest.ts';
import { renderShape, shapeOf } from '../../src/program/value-shape.ts';
import { atLimit } from '../support/at-limit.ts';

describe('a key of the HTTP API', () => {
  const keys = (length: number) => parseApiKeys(JSON.stringify([{ name: 'ci', key: 'k'.repeat(length), scopes: ['*'] }]));
  atLimit('src/program/api-keys.ts MIN_KEY_LENGTH', {
    within: (length) => expect(keys(length)).toMatchObject({ type: 'keys' }),
    beyond: (length) => expect(keys(length)).not.toMatchObject({ type: 'keys' }),
  });
});

describe('the name of a snapshot', () => {
  atLimit('src/program/snapshot-name.ts MAX_SNAPSHOT_NAME', {
    within: (length) => expect(isSnapshotName('é'.repeat(length))).toBe(true),
    beyond: (length) => expect(isSnapshotName('é'.repeat(length))).toBe(false),
  });
});

describe('a duration', () => {
  atLimit('src/program/duration.ts MAX_DURATION_MS', {
    within: (ms) => expect([parseDuration(ms), parseDuration(`${ms}ms`)]).toEqual([ms, ms]),
    beyond: (ms) => expect([parseDuration(ms), parseDuration(`${ms}ms`)]).toEqual([undefined, undefined]),
  });
});

describe('what was probably meant', () => {
  const suggested = (count: number) => suggest('input', [...Array.from({ length: count - 1 }, () => 'other'), 'inputs']);
  atLimit('src/program/suggest.ts MAX_CANDIDATES', {
    within: (count) => expect(suggested(count)).toBe('inputs'),
    beyond: (count) => expect(suggested(count)).toBeUndefined(),
  });
  const asked = (count: number) => {
    const find = createSuggester();
    return Array.from({ length: count }, () => find('input', ['inputs'])).at(-1);
  };
  atLimit('src/program/suggest.ts MAX_WORDS', {
    within: (count) => expect(asked(count)).toBe('inputs'),
    beyond: (count) => expect(asked(count)).toBeUndefined(),
  });
});

describe('the shape of a value', () => {
  const lists = (levels: number): number | readonly unknown[] => (levels === 0 ? 1 : [lists(levels - 1)]);
  const shape = (value: unknown) => renderShape(shapeOf(value as never, { values: 1_000 }));
  // The number in the middle is a level, too.
  atLimit('src/program/value-shape.ts MAX_DEPTH', {
    within: (levels) => expect(shape(lists(levels - 1))).toContain('number'),
    beyond: (levels) => expect(shape(lists(levels - 1))).not.toContain('number'),
  });
  const keys = (count: number) =>
    shape(Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${'a'.repeat(index % 38)}${index > 37 ? 1 : ''}`, 1])));
  atLimit('src/program/value-shape.ts MAX_PROPERTIES', {
    within: (count) => expect(keys(count)).toContain('k: number'),
    beyond: (count) => expect(keys(count)).toBe('object of number'),
  });
  const items = (count: number) => shape([...Array.from({ length: count - 1 }, () => 1), 'x']);
  atLimit('src/program/value-shape.ts MAX_ITEMS', {
    within: (count) => expect(items(count)).toBe('list of number or string'),
    beyond: (count) => expect(items(count)).toBe('list of number'),
  });
  const kept = (levels: number) => {
    let written: unknown = { kind: 'number' };
    for (let level = 0; level < levels; level++) written = { kind: 'list', items: written };
    return JSON.stringify(parseRunShapes({ format: 1, agents: { a: written }, state: {} }));
  };
  atLimit('src/program/run-shapes.ts MAX_DEPTH', {
    within: (levels) => expect(kept(levels)).toContain('number'),
    beyond: (levels) => expect(kept(levels)).not.toContain('number'),
  });
});
