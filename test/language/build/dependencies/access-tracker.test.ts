import { describe, expect } from 'vitest';
import { AccessTracker } from '../../../../src/language/build/dependencies/access-tracker.ts';
import { atLimit } from '../../../support/at-limit.ts';

describe('a step that writes what many have read', () => {
  /** How many steps the last of so many readers waits for, and the writer after them. */
  const waits = (readers: number) => {
    const tracker = new AccessTracker();
    const found = Array.from({ length: readers + 1 }, (_, position) => {
      const own = new Set<number>();
      tracker.add({ path: ['state', 'n'], mode: position === readers ? 'write' : 'read' }, position, own);
      return own.size;
    });
    return found.slice(-2);
  };
  atLimit('src/language/build/dependencies/access-tracker.ts MAX_WAITS', {
    within: (readers) => expect(waits(readers)).toEqual([0, readers]),
    // The last of them has waited for all others.
    beyond: (readers) => expect(waits(readers)).toEqual([readers - 1, 1]),
  });
});
