import { expect, test } from 'vitest';
import { eventType, stepName } from '../../../src/worker/workflow/step-names.ts';
import { fc } from '../../support/fast-check.ts';

const starts = fc.string({ unit: 'binary', minLength: 1, maxLength: 400 });

test('names of steps have at most 256 characters, and no two starts have the same', async () => {
  await fc.assert(
    fc.asyncProperty(starts, starts, fc.integer({ min: 1, max: 3 }), async (one, other, again) => {
      const [first, second] = await Promise.all([stepName(one, again), stepName(other, again)]);
      expect(first.length).toBeLessThanOrEqual(256);
      expect(first === second).toBe(one === other);
    }),
  );
});

test('types of events are of the characters that the platform takes, and no two names have the same', async () => {
  await fc.assert(
    fc.asyncProperty(starts, starts, async (one, other) => {
      const [first, second] = await Promise.all([eventType(one), eventType(other)]);
      expect(first).toMatch(/^[a-zA-Z0-9_][a-zA-Z0-9_-]{0,99}$/);
      expect(first === second).toBe(one === other);
    }),
  );
});

test('what a short start is called can be read', async () => {
  expect(await stepName('outer[3]/send')).toBe('outer[3]/send');
  expect(await stepName('outer[3]/send', 2)).toBe('outer[3]/send, continued 2');
  expect(await eventType('more[1]')).toMatch(/^wait-more-1--[0-9a-f]{32}$/);
});
