import { describe, expect, test } from 'vitest';
import { createRunId } from '../../src/program/run-id.ts';
import { fc } from '../support/fast-check.ts';

describe('createRunId', () => {
  test('is 26 characters of [0-9a-z], and sorts by time', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 47), fc.integer({ min: 1, max: 2 ** 40 }), (atMs, later) => {
        const first = createRunId(atMs, new Uint8Array(16).fill(255));
        const second = createRunId(atMs + later, new Uint8Array(16));
        expect(first).toMatch(/^[0-9a-z]{26}$/);
        expect(first < second).toBe(true);
      }),
    );
  });

  test('two of one millisecond differ', () => {
    expect(createRunId(1)).not.toBe(createRunId(1));
  });
});
