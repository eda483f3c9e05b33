import { describe, expect } from 'vitest';
import { shownName, spellNode } from '../../src/language/checks/types/spell-node.ts';
import { renderCodeFrame } from '../../src/language/document/code-frame.ts';
import { renderType } from '../../src/language/types/render-type.ts';
import { NUMBER, STRING, shapeOf, type Type } from '../../src/language/types/type.ts';
import { atLimit } from '../support/at-limit.ts';

describe('a message', () => {
  atLimit('src/language/checks/types/spell-node.ts MAX_LENGTH', {
    within: (length) =>
      expect([shownName('x'.repeat(length)), spellNode({ type: 'parameter', name: 'x'.repeat(length) })]).toEqual([
        `"${'x'.repeat(length)}"`,
        `\`${'x'.repeat(length)}\``,
      ]),
    beyond: (length) =>
      expect([
        shownName('x'.repeat(length)),
        spellNode({ type: 'parameter', name: 'x'.repeat(length) }),
        // No half of a character.
        shownName(`${'x'.repeat(length - 3)}😀😀`),
      ]).toEqual([`"${'x'.repeat(length - 2)}…"`, 'the value', `"${'x'.repeat(length - 3)}\ufffd…"`]),
  });
  const frame = (width: number) => {
    const span = { file: 'a.yaml', start: 0, end: 1, line: 1, column: 1, endLine: 1, endColumn: 2 };
    return renderCodeFrame('x'.repeat(width), span).split('\n')[0];
  };
  atLimit('src/language/document/code-frame.ts MAX_WIDTH', {
    within: (width) => expect(frame(width)).toBe(`1 | ${'x'.repeat(width)}`),
    beyond: (width) => expect(frame(width)).toBe(`1 | ${'x'.repeat(width - 1)}…`),
  });
});

describe('a type', () => {
  const text = (value: string): Type => ({ kind: 'string', value });
  const rendered = (length: number) => renderType(text('x'.repeat(length)));
  atLimit('src/language/types/render-type.ts MAX_TEXT', {
    within: (length) => expect(rendered(length)).toBe(`"${'x'.repeat(length)}"`),
    beyond: (length) =>
      expect([rendered(length), renderType(text(`${'x'.repeat(length - 3)}😀😀`))]).toEqual([
        `"${'x'.repeat(length - 2)}…"`,
        `"${'x'.repeat(length - 3)}\ufffd…"`,
      ]),
  });
  const values = (count: number) =>
    renderType({ kind: 'union', members: Array.from({ length: count }, (_, index) => ({ kind: 'string', value: String(index) })) });
  atLimit('src/language/types/render-type.ts MAX_VALUES', {
    within: (count) => expect(values(count)).toMatch(new RegExp(`\\| "${count - 1}"$`)),
    beyond: (count) => expect(values(count)).toMatch(new RegExp(`\\| "${count - 2}" \\| …$`)),
  });
  const properties = (count: number) =>
    renderType(shapeOf(Object.fromEntries(Array.from({ length: count }, (_, at) => [`p${at}`, STRING]))));
  atLimit('src/language/types/render-type.ts MAX_PROPERTIES', {
    within: (count) => expect(properties(count)).toMatch(new RegExp(`, p${count - 1}: string(?:, …)? }$`)),
    beyond: (count) => expect(properties(count)).toMatch(new RegExp(`, p${count - 2}: string, … }$`)),
  });
  /** Three levels of objects of so many characters, as far as they are written. */
  const deep = (length: number) => {
    const type = (name: string) =>
      shapeOf({ a: shapeOf({ b: shapeOf({ [name]: NUMBER }) }), c: text('x'.repeat(28)), d: text('x'.repeat(28)) });
    const short = renderType(type('n')).length;
    return renderType(type('n'.repeat(1 + length - short)));
  };
  atLimit('src/language/types/render-type.ts MAX_LENGTH', {
    within: (length) => expect([deep(length).length, deep(length).includes('n: number')]).toEqual([length, true]),
    beyond: (length) => expect(deep(length)).toContain('b: object'),
  });
});
