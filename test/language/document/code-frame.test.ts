import { describe, expect, test } from 'vitest';
import { renderCodeFrame } from '../../../src/language/document/code-frame.ts';
import { LineIndex } from '../../../src/language/document/line-index.ts';
import { fc } from '../../support/fast-check.ts';

const frame = (text: string, marked: string) => {
  const start = text.indexOf(marked);
  return renderCodeFrame(text, new LineIndex('a.yaml', text).span(start, start + marked.length));
};

describe('renderCodeFrame', () => {
  test('shows the line with its number and carets under the place', () => {
    expect(frame('a: 1\nconfig:\n  promt: x\n', 'promt')).toBe('3 |   promt: x\n  |   ^^^^^');
  });

  test('marks the first line of a place of several lines', () => {
    expect(frame('a: ${x\n  + y}\nb: 1', '${x\n  + y}')).toBe('1 | a: ${x\n  |    ^^^');
  });

  test('gives an empty place one caret, at the end of the file too', () => {
    expect(renderCodeFrame('a:', new LineIndex('a.yaml', 'a:').span(2, 2))).toBe('1 | a:\n  |   ^');
    expect(renderCodeFrame('', new LineIndex('a.yaml', '').span(0, 0))).toBe('1 |\n  | ^');
  });

  test('keeps the carets under tabs, wide characters, emoji and combining marks', () => {
    expect(frame('\ta: b', 'a')).toBe('1 |   a: b\n  |   ^');
    expect(frame('名前: b', 'b')).toBe('1 | 名前: b\n  |       ^');
    expect(frame('名前: b', '前')).toBe('1 | 名前: b\n  |   ^^');
    expect(frame('e\u0301: 🎉 x', 'x')).toBe('1 | e\u0301: 🎉 x\n  |       ^');
  });

  test('cuts a long line around the place', () => {
    const text = `a: ${'x'.repeat(300)}HERE${'y'.repeat(300)}`;
    const [source, carets] = frame(text, 'HERE').split('\n');
    expect(source).toBe(`1 | …${'x'.repeat(30)}HERE${'y'.repeat(66)}…`);
    expect(carets).toBe(`  | ${' '.repeat(31)}^^^^`);
    expect(frame(text, text).split('\n')[1]?.length).toBeLessThan(110);
  });

  test('lets no control, escape or direction character through', () => {
    expect(frame('a: \u001b[31m\u202e\u2028x\r\n', 'x')).toBe('1 | a: \uFFFD[31m\uFFFD\uFFFDx\n  |           ^');
  });

  test('any text and place gives two lines that a terminal can show', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.nat(300), fc.nat(300), (text, start, length) => {
        const lines = renderCodeFrame(text, new LineIndex('a.yaml', text).span(start, start + length)).split('\n');
        expect(lines.length).toBe(2);
        expect(lines[0]).not.toMatch(/\p{Cc}|\p{Cf}/u);
        expect(lines[1]).toMatch(/\^/);
      }),
    );
  });
});
