import { describe, expect, test } from 'vitest';
import { chainAt } from '../../../src/editor/cursor/chain-at.ts';
import { tokenize } from '../../../src/editor/cursor/expression-tokens.ts';
import { fc } from '../../support/fast-check.ts';

const isName = (name: string) => name === 'fetch-user';

function chain(marked: string, dialect: 'js' | 'jexl' | 'code' = 'js') {
  const at = marked.indexOf('¦');
  const source = marked.replace('¦', '');
  const { role, path, object } = chainAt({ source, at, dialect, start: 0, path: undefined }, isName);
  return [role, path?.join('/'), object && source.slice(object.start, object.end)].filter((part) => part !== undefined).join(' ');
}

describe('the name at a cursor of an expression', () => {
  test.each([
    ['¦', 'name '],
    ['inp¦', 'name inp'],
    ['1 + ¦', 'name '],
    ['input.¦', 'member input/ input'],
    ['fetch-user.out¦put.rows', 'member fetch-user/output fetch-user'],
    ['a?.b["c d"].¦', 'member a/b/c d/ a?.b["c d"]'],
    ['f(x).y.¦', 'member f(x).y'],
    ['f(a.b(1)[0].c¦', 'member a.b(1)[0]'],
    ['[1, 2].¦', 'member [1, 2]'],
    ['rows.map(r => r.¦', 'member r/ r'],
    ['`a ${b.¦', 'member b/ b'],
    ['a | ¦', 'filter'],
    ['a | upp¦', 'filter'],
    ['a || ¦', 'name '],
    ['"te¦xt"', 'text'],
    ["'te¦xt", 'text'],
    ['`te¦xt`', 'text'],
    ['a // com¦ment', 'text'],
    ['a-b¦', 'name b'],
  ])('of %s is %s', (marked, expected) => {
    expect(chain(marked)).toBe(expected);
  });

  test('in code a bar is no pipe', () => {
    expect(chain('a | b¦', 'code')).toBe('name b');
  });
});

describe('tokens', () => {
  test('close what is open, innermost first', () => {
    expect(tokenize('a.map(x => [`${b', isName).closers).toBe('}`])');
    expect(tokenize('f({ a: "', isName)).toMatchObject({ inText: true, closers: '"})' });
    expect(tokenize('f(a)', isName)).toMatchObject({ inText: false, closers: '' });
  });

  test('cover any text, in order, without overlapping', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ab-.\'"`${}()[]|/* \n=>?1'.split('')), maxLength: 40 }), (text) => {
        let done = 0;
        for (const { start, end, text: own } of tokenize(text, () => false).tokens) {
          expect(start).toBeGreaterThanOrEqual(done);
          expect(text.slice(start, end)).toBe(own);
          done = end;
        }
        expect(done).toBeLessThanOrEqual(text.length);
      }),
    );
  });
});
