import { expect, test } from 'vitest';
import { parseEntry } from '../../../../src/runtime/engine/cache/cache-entry.ts';

test('an entry may hold an output of 1,000 levels; what is nested far deeper is none of ours', () => {
  const entry = (levels: number) => `{"at":1,"tainted":false,"output":${'['.repeat(levels)}${']'.repeat(levels)}}`;
  expect(parseEntry(entry(1_000))).toMatchObject({ at: 1 });
  expect(parseEntry(entry(1_008))).toBeUndefined();
  expect(parseEntry(entry(1_000_000))).toBeUndefined();
});
