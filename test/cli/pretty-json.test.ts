import { describe, expect, test } from 'vitest';
import { valueLines } from '../../src/cli/history/cut-text.ts';
import { diffJson } from '../../src/cli/history/diff-json.ts';
import { prettyJson } from '../../src/cli/pretty-json.ts';
import type { JsonValue } from '../../src/program/json.ts';
import { fc } from '../support/fast-check.ts';

function nested(levels: number, leaf: JsonValue): JsonValue {
  let value = leaf;
  for (let level = 0; level < levels; level += 1) value = [value];
  return value;
}

/** The worst that a run may hand on (8 MiB, 1,000 levels): indented it would be a text of 4 GB. */
const WORST = nested(
  999,
  Array.from({ length: 1_000_000 }, () => 0),
);

describe('a value as JSON for people', () => {
  test('is indented, whatever it is', () => {
    fc.assert(
      fc.property(fc.jsonValue({ depthSize: 'large' }), (value) => {
        expect(prettyJson(value)).toBe(JSON.stringify(value, null, 2));
      }),
    );
    expect(prettyJson(nested(1_000, 1))).toContain('\n');
  });

  // at its limit: src/cli/pretty-json.ts MAX_LENGTH
  test('stays on one line where indentation would make too much of it', () => {
    expect(prettyJson(WORST)).toBe(JSON.stringify(WORST));
    // With its brackets a 1,001st part of the 256 MiB: it may be indented by so many levels.
    const long = 'x'.repeat(Math.floor((256 * 1024 * 1024) / 1_001) - 2_005);
    expect(prettyJson(nested(1_001, long)).split('\n').length).toBeGreaterThan(1_000);
    expect(prettyJson(nested(1_002, long)).split('\n')).toHaveLength(1);
    expect(valueLines(WORST, { lines: 3, columns: 20 })).toHaveLength(1);
  });

  test('is compared through a thousand levels at the cost of what differs', () => {
    const [a, b] = [
      nested(
        990,
        Array.from({ length: 20_000 }, () => 0),
      ),
      nested(
        990,
        Array.from({ length: 20_000 }, () => 1),
      ),
    ];
    const found = diffJson(a, b, '');
    expect(found).toHaveLength(20_000);
    expect(found[19_999]).toEqual({ path: `${'/0'.repeat(990)}/19999`, before: 0, after: 1 });
  });
});
