import { describe, expect, test } from 'vitest';
import { type OutlineNode, readOutline } from '../../../src/language/document/outline.ts';
import { fc } from '../../support/fast-check.ts';

/** An outline as JSON: scalars as their text, what is not there as null. */
function plain(node: OutlineNode | undefined): unknown {
  if (node === undefined) return null;
  if (node.kind === 'scalar') return node.text;
  if (node.kind === 'list') return node.items.map(plain);
  return Object.fromEntries(node.entries.map(({ key, value }) => [key.text, plain(value)]));
}

describe('the outline of a text', () => {
  test('holds mappings, lists and scalars of block and flow style', () => {
    const text = 'a: 1\nb:\n  - x\n  - y: "z"\n    w: \'v\'\nc: { d: [e, { f: g }], h: }\n';
    expect(plain(readOutline(text))).toEqual({ a: '1', b: ['x', { y: 'z', w: 'v' }], c: { d: ['e', { f: 'g' }], h: null } });
  });

  test.each([
    ['a key without a colon', 'a: 1\nb:\n  c: 2\n  de\nf: 3\n', { a: '1', b: { c: '2', de: null }, f: '3' }],
    ['a bracket that never closes', 'a:\n  b: { c: [d, e\nf: 3\n', { a: { b: { c: ['d', 'e'] } }, f: '3' }],
    ['an expression that never closes', 'a: ${x.\nb: 2\n', { a: '${x.', b: '2' }],
    ['a dash without an item', 'a:\n  -\n  - x\n', { a: [null, 'x'] }],
    ['a quote that never closes', 'a: 1\nb: "x\n', { a: '1', b: 'x\n' }],
    ['bad indentation', 'a:\n    b: 1\n  c: 2\nd: 3\n', { a: { b: '1' }, c: '2', d: '3' }],
  ])('goes on behind %s', (_, text, expected) => {
    expect(plain(readOutline(text))).toEqual(expected);
  });

  test('keeps expressions as they are written, with their places', () => {
    const text = 'a: { url: ${b ? { c: 1 } : []}, n: 1 }\n';
    const node = readOutline(text);
    expect(plain(node)).toEqual({ a: { url: '${b ? { c: 1 } : []}', n: '1' } });
  });

  test('knows where the text of a scalar stands, without quotes and headers', () => {
    const text = 'a: "q"\nb: |-\n  one\n  two\nc: plain\n';
    const root = readOutline(text);
    const places =
      root?.kind === 'mapping' ? root.entries.map(({ value }) => (value?.kind === 'scalar' ? text.slice(value.start, value.end) : '')) : [];
    expect(places).toEqual(['q', '  one\n  two\n', 'plain']);
  });

  test('is undefined for a text without content', () => {
    for (const text of ['', '\n\n', '# a comment\n']) expect(readOutline(text)).toBeUndefined();
  });

  test('comes of any text, however deep', () => {
    expect(() => readOutline('['.repeat(100_000))).not.toThrow();
    expect(() => readOutline('- '.repeat(5_000))).not.toThrow();
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom('a', ':', ' ', '\n', '-', '[', ']', '{', '}', '"', "'", '$', '|', '#', '&', '*', '?'),
          maxLength: 60,
        }),
        (text) => {
          readOutline(text);
        },
      ),
    );
  });
});
