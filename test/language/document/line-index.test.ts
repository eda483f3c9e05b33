import { describe, expect, test } from 'vitest';
import { LineIndex } from '../../../src/language/document/line-index.ts';
import { fc } from '../../support/fast-check.ts';

describe('LineIndex', () => {
  test('counts lines and columns from 1', () => {
    const lines = new LineIndex('a.yaml', 'ab\ncd\n');
    expect([0, 1, 2, 3, 5, 6].map((at) => lines.position(at))).toEqual([
      { line: 1, column: 1 },
      { line: 1, column: 2 },
      { line: 1, column: 3 },
      { line: 2, column: 1 },
      { line: 2, column: 3 },
      { line: 3, column: 1 },
    ]);
    expect(lines.span(1, 4)).toEqual({ file: 'a.yaml', start: 1, end: 4, line: 1, column: 2, endLine: 2, endColumn: 2 });
  });

  test('offsets outside the text count as its nearest end', () => {
    const lines = new LineIndex('a.yaml', 'ab');
    expect(lines.position(99)).toEqual({ line: 1, column: 3 });
    expect(lines.position(-1)).toEqual({ line: 1, column: 1 });
    expect(lines.offset(7, 7)).toBe(2);
  });

  test('a position leads back to its offset', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', '\n', '\r\n', '😀')), fc.nat(), (parts, seed) => {
        const text = parts.join('');
        const offset = seed % (text.length + 1);
        const lines = new LineIndex('a.yaml', text);
        const { line, column } = lines.position(offset);
        expect(lines.offset(line, column)).toBe(offset);
        expect(line).toBe(text.slice(0, offset).split('\n').length);
      }),
    );
  });
});
