import { describe, expect, test } from 'vitest';
import { findExpressionEnd, findExpressions } from '../../../src/language/expression/scan.ts';
import { fc } from '../../support/fast-check.ts';
import { ownTime } from '../../support/own-time.ts';

/** The expressions of a text, as their sources; an unclosed one as its opening and `…`. */
function expressionsOf(text: string): readonly string[] {
  return findExpressions(text).map(({ start, end }) => (end === undefined ? `${text.slice(start, start + 2)}…` : text.slice(start, end)));
}

describe('where an expression ends', () => {
  test.each([
    ['${a}', '${a}'],
    ['${a} b}', '${a}'],
    ['${ {a: {b: 1}} } x', '${ {a: {b: 1}} }'],
    ["${'}'} x}", "${'}'}"],
    ['${"}"}"', '${"}"}'],
    ["${'\\'}'} x", "${'\\'}'}"],
    ['${`}`}', '${`}`}'],
    ['${`a${`b${c}`}`} x', '${`a${`b${c}`}`}'],
    ['${`${"`"}`} x', '${`${"`"}`}'],
    ['${`\\`}`} x', '${`\\`}`}'],
    ["${a.replace(/'/g, '')} x", "${a.replace(/'/g, '')}"],
    ['${a.replace(/[/}]/, "")} x', '${a.replace(/[/}]/, "")}'],
    ['${a.split(/}/)} x', '${a.split(/}/)}'],
    ['${a / b / c} x', '${a / b / c}'],
    ['${(a) / 2} }', '${(a) / 2}'],
    ['${a[0] / 2 + "/"} }', '${a[0] / 2 + "/"}'],
    ['${typeof /}/.source} }', '${typeof /}/.source}'],
    ['${\n  a\n} x', '${\n  a\n}'],
    ['$<a> b>', '$<a>'],
    ['$<a[.b > 1].c> x', '$<a[.b > 1].c>'],
    ['$<(a > b) ? c : d> x', '$<(a > b) ? c : d>'],
    ["$<a == '>'> x", "$<a == '>'>"],
    ['$<a > b>', '$<a >'],
    ['$<{a: 1}.a> x', '$<{a: 1}.a>'],
  ])('%j ends with %j', (text, expression) => {
    expect(text.slice(0, findExpressionEnd(text, 0))).toBe(expression);
  });

  test.each(['${', '${a', '${{}', "${'}", "${it's}", '${`a}', '${`${a}', '$<a', '$<(a>', "$<'>", '$', '', '${"a\nb"}'])(
    '%j has none',
    (text) => {
      expect(findExpressionEnd(text, 0)).toBe(undefined);
    },
  );
});

describe('the expressions of a text', () => {
  test.each([
    ['no expression for $5 or {x} or a < b', []],
    ['${a} and $<b>', ['${a}', '$<b>']],
    ['${a}${b}', ['${a}', '${b}']],
    ['$${a} ${b}', ['${b}']],
    ['$$<a> $<b>', ['$<b>']],
    ['$$${a}', []],
    ['$${a ${b}}', ['${b}']],
    ['${a $<b>', ['${…', '$<b>']],
    ['$', []],
    ['a $', []],
    ['$$', []],
  ])('in %j are %j', (text, expected) => {
    expect(expressionsOf(text)).toEqual(expected);
  });

  test('are found in time that grows with the text, however many never close', () => {
    const text = '${'.repeat(500_000);
    const { value, ms } = ownTime(() => findExpressions(text));
    expect(value).toHaveLength(20);
    // A scan of the rest for each opening takes hours.
    expect(ms).toBeLessThan(10_000);
  });

  test('never overlap and lie within the text, whatever it is', () => {
    const text = fc.string({
      unit: fc.constantFrom('$', '{', '}', '<', '>', "'", '"', '`', '/', '\\', '[', ']', '(', ')', 'a', ' ', '\n'),
    });
    fc.assert(
      fc.property(text, (source) => {
        let done = 0;
        for (const { start, end = start + 2 } of findExpressions(source)) {
          if (start < done || end <= start || end > source.length) return false;
          done = end;
        }
        return true;
      }),
      { numRuns: 2_000 },
    );
  });
});
