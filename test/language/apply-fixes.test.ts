import { describe, expect, test } from 'vitest';
import { applyFixes } from '../../src/language/apply-fixes.ts';
import { LineIndex } from '../../src/language/document/line-index.ts';
import { createDiagnostic, type Diagnostic } from '../../src/program/diagnostic.ts';
import { fc } from '../support/fast-check.ts';

function finding(text: string, start: number, end: number, replacement: string): Diagnostic {
  const span = new LineIndex('a.yaml', text).span(start, end);
  return createDiagnostic('text-repair', span, 'm', { fix: { description: 'd', start, end, text: replacement } });
}

describe('applying fixes', () => {
  test('all that lie apart are applied, in whatever order they come', () => {
    const text = 'one two three';
    const fixes = [finding(text, 8, 13, '3'), finding(text, 0, 3, '1'), finding(text, 4, 4, '+')];
    expect(applyFixes(text, fixes)).toEqual({ text: '1 +two 3', fixed: 3 });
  });

  test('of those that overlap, or insert at one place, the first counts', () => {
    const text = 'abcdef';
    expect(applyFixes(text, [finding(text, 2, 5, 'X'), finding(text, 0, 3, 'Y')])).toEqual({ text: 'Ydef', fixed: 1 });
    expect(applyFixes(text, [finding(text, 3, 3, 'X'), finding(text, 3, 3, 'Y')])).toEqual({ text: 'abcXdef', fixed: 1 });
    expect(applyFixes(text, [finding(text, 0, 3, 'X'), finding(text, 3, 6, 'Y')])).toEqual({ text: 'XY', fixed: 2 });
  });

  test('a fix that changes nothing is none, and findings without a fix change nothing', () => {
    const text = 'abc';
    expect(applyFixes(text, [finding(text, 0, 1, 'a'), createDiagnostic('text-repair', new LineIndex('a', text).span(0, 1), 'm')])).toEqual(
      {
        text,
        fixed: 0,
      },
    );
  });

  test('new lines end as the lines of the file do', () => {
    const unix = 'a: 1\nb: 2\n';
    expect(applyFixes(unix, [finding(unix, 5, 5, 'x: 0\r\n')]).text).toBe('a: 1\nx: 0\nb: 2\n');
    const windows = 'a: 1\r\nb: 2\r\n';
    expect(applyFixes(windows, [finding(windows, 6, 6, 'x: 0\n')]).text).toBe('a: 1\r\nx: 0\r\nb: 2\r\n');
  });

  test('every character outside the stretches of fixes stays as and where it was', () => {
    // Each character of the text is another one, so that it can be told what became of it; `#` is what fixes bring.
    const LENGTH = 40;
    const text = Array.from({ length: LENGTH }, (_, i) => String.fromCharCode(0x100 + i)).join('');
    const stretch = fc.tuple(fc.nat(LENGTH), fc.nat(LENGTH), fc.stringMatching(/^#{0,3}$/));
    fc.assert(
      fc.property(fc.array(stretch, { maxLength: 8 }), (stretches) => {
        const fixes = stretches.map(([a, b, replacement]) => finding(text, Math.min(a, b), Math.max(a, b), replacement));
        const left = applyFixes(text, fixes).text.replaceAll('#', '');
        const untouched = [...text].filter((_, at) => !fixes.some(({ fix }) => fix !== undefined && fix.start <= at && at < fix.end));
        expect([...left].filter((char) => untouched.includes(char))).toEqual(untouched);
        expect([...left]).toEqual([...left].sort());
      }),
    );
  });
});
