import { describe, expect, test } from 'vitest';
import { renderLogLine } from '../../../src/worker/code-harness/log-text.ts';
import { NotPlain, TooLarge, toPlain } from '../../../src/worker/code-harness/plain-value.ts';

function nested(levels: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level += 1) value = [value];
  return value;
}

describe('what a code body hands on', () => {
  // at its limit: src/worker/code-harness/plain-value.ts MAX_DEPTH
  test('may have 1,000 levels', () => {
    expect(toPlain(nested(1_000))).toEqual(nested(1_000));
    expect(() => toPlain(nested(1_001))).toThrow(new NotPlain('', 'a value nested deeper than 1000 levels'));
    expect(() => toPlain(nested(1_000_000))).toThrow(NotPlain);
  });

  // at its limit: src/worker/code-harness/plain-value.ts MAX_OUTPUT_LENGTH
  test('may have 8 MiB, also where a small value repeats a large one, and is left where a getter makes new ones for ever', () => {
    const text = 'x'.repeat(8 * 1024 * 1024 - 2);
    expect(toPlain(text)).toBe(text);
    expect(() => toPlain(`${text}x`)).toThrow(TooLarge);
    const part = 'x'.repeat(1024);
    expect(() => toPlain(Array.from({ length: 8_192 }, () => part))).toThrow(TooLarge);
    const endless = (): object => Object.defineProperty({}, 'a', { enumerable: true, get: endless });
    expect(() => toPlain(endless())).toThrow(NotPlain);
  });
});

describe('a field of what a code body hands on', () => {
  test.each(['__proto__', 'constructor', 'toString', 'plain'])('is a field of its own whatever its name is: %s', (name) => {
    const given = JSON.parse(`{"${name}":{"a":1}}`);
    const copy = toPlain(given);
    expect(JSON.stringify(copy)).toBe(JSON.stringify(given));
    expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
  });

  test('is told by its path when it is refused, also after others and within what toJSON gives', () => {
    const refused = () => 1;
    expect(() => toPlain({ a: [1, { b: 2 }], 'c d': [[], { e: refused }] })).toThrow(new NotPlain('["c d"][1].e', 'a function'));
    expect(() => toPlain({ a: { toJSON: (key: string) => ({ [key]: refused }) } })).toThrow(new NotPlain('a.a', 'a function'));
    expect(() => toPlain([{ toJSON: (key: string) => ({ [`i${key}`]: refused }) }])).toThrow(new NotPlain('[0].i0', 'a function'));
  });
});

describe('what a code body logs', () => {
  // at its limit: src/worker/code-harness/log-text.ts MAX_DEPTH
  // at its limit: src/worker/code-harness/log-text.ts MAX_ITEMS
  test('is shown six levels deep, and of a list 1,000 items, 100,000 values in all', () => {
    expect(renderLogLine([nested(6)])).toBe('[[[[[[1]]]]]]');
    expect(renderLogLine([nested(7)])).toBe('[[[[[[[…]]]]]]]');
    expect(renderLogLine([Array.from({ length: 1_000 }, () => 1)])).toBe(`[${'1,'.repeat(999)}1]`);
    expect(renderLogLine([Array.from({ length: 1_001 }, () => 1)])).toBe(`[${'1,'.repeat(1_000)}… 1 more]`);
    const row = Array.from({ length: 1_000 }, () => 1);
    const shown = renderLogLine([Array.from({ length: 1_000 }, () => row)]).match(/1(?=[,\]])/g) ?? [];
    expect(shown.length).toBeGreaterThan(99_000);
    expect(shown.length).toBeLessThanOrEqual(100_000);
  });

  test('breaks nothing, whatever its traps do', () => {
    const trap = () => {
      throw new Error('trap');
    };
    expect(renderLogLine([new Proxy({}, { ownKeys: trap }), Object.create(null)])).toBe('[a value that cannot be read] {}');
  });
});
