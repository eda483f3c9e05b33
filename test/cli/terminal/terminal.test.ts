import { describe, expect, test } from 'vitest';
import { cellWidth, fitWidth } from '../../../src/cli/terminal/fit-width.ts';
import { formatDuration } from '../../../src/cli/terminal/format-duration.ts';
import { harmless, harmlessJson, harmlessLine } from '../../../src/cli/terminal/harmless.ts';
import { fc } from '../../support/fast-check.ts';

/** Text in which every code unit that a terminal could act on is likely. */
const hostile = fc.string({
  unit: fc.oneof(
    fc.constantFrom('\u001b[', '\u001b]0;', '\u009b', '\u202e', '\u2066', '\r', '\n', '\t', '31m', '\u0007'),
    fc.string({ maxLength: 2 }),
  ),
});
const hasControl = (text: string) =>
  [...text].some((c) => /[\p{Cc}\u202a-\u202e\u2066-\u2069\u200e\u200f]/u.test(c) && c !== '\n' && c !== '\t');

describe('harmless', () => {
  test('no text keeps anything that a terminal acts on', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(hasControl(harmless(text))).toBe(false);
      }),
    );
  });

  test('ordinary text, newlines and tabs stay as they are', () => {
    expect(harmless('a\tb\nçé数🙂')).toBe('a\tb\nçé数🙂');
    expect(harmlessLine(' a\n\tb\r\n c ')).toBe('a b c');
  });

  test.each([
    ['a\n::error::b\n \u00a0::add-mask::c\u2028::d', 'a\n| ::error::b\n|  \u00a0::add-mask::c\n| ::d'],
    ['::a::b', '| ::a::b'],
    ['\u200b ::error file=x::y', '|  ::error file=x::y'],
    ['::1', '::1'],
    ['a ::b::', 'a ::b::'],
    ["##teamcity[buildStatus text='x']", "# #teamcity[buildStatus text='x']"],
    ['x ##[error]y #\u200b#[group]z ##vso[task.complete] ## [', 'x # #[error]y # #[group]z # #vso[task.complete] ## ['],
    ['a\u00ad\u061c\u200b\ufeff\u{e0041}b', 'ab'],
    [`e${'\u0301'.repeat(9)}`, `e${'\u0301'.repeat(8)}`],
    [`e${'\u0301'.repeat(8)}`, `e${'\u0301'.repeat(8)}`],
  ])('%j commands no runner of a CI, hides nothing and piles nothing up', (text, shown) => {
    expect(harmless(text)).toBe(shown);
    expect(harmlessLine(text)).not.toContain('\n');
    const json = harmlessJson(JSON.stringify(text));
    expect(JSON.parse(json)).toBe(text);
    expect(json).not.toMatch(/##(?:vso)?\[|[\u2028\u00ad\u{e0041}]|\p{M}{9}/u);
  });

  test('JSON stays the same JSON', () => {
    fc.assert(
      fc.property(fc.dictionary(hostile, hostile), (value) => {
        const json = harmlessJson(JSON.stringify(value));
        expect(JSON.parse(json)).toEqual(value);
        expect(hasControl(json)).toBe(false);
      }),
    );
  });
});

describe('fitWidth', () => {
  test('a line never takes more cells than it may, and one that fits is left alone', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.integer({ min: 2, max: 40 }), (line, cells) => {
        const fitted = fitWidth(line, cells);
        expect(cellWidth(fitted)).toBeLessThanOrEqual(cells);
        if (cellWidth(line) <= cells) expect(fitted).toBe(line);
      }),
    );
  });

  test('wide characters and emoji take two cells, what they are composed of none', () => {
    expect([cellWidth('ab'), cellWidth('数字'), cellWidth('👩‍🚀'), cellWidth('e\u0301'), cellWidth('✓ ⠋')]).toEqual([2, 4, 2, 1, 3]);
  });
});

describe('formatDuration', () => {
  test.each([
    [0, '0 ms'],
    [999.4, '999 ms'],
    [999.6, '1.0 s'],
    [59_949, '59.9 s'],
    [59_960, '1 m 00 s'],
    [3_599_600, '1 h 00 m'],
    [7_443_000, '2 h 04 m'],
  ])('%d ms is %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});
