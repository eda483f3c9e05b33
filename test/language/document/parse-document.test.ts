import { describe, expect, test } from 'vitest';
import type { Located, LocatedScalar } from '../../../src/language/document/located.ts';
import { parseDocument } from '../../../src/language/document/parse-document.ts';
import { toJson } from '../../../src/language/document/to-json.ts';

const parse = (text: string) => parseDocument({ path: 'a.yaml', text });
const jsonOf = (text: string) => {
  const { root, diagnostics } = parse(text);
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  return root && toJson(root);
};
/** Each finding as `code line:column text-at-its-span`. */
const findings = (text: string) =>
  parse(text).diagnostics.map(({ code, span }) => `${code} ${span.line}:${span.column} ${text.slice(span.start, span.end)}`);

function get(root: Located | undefined, ...path: (string | number)[]): Located {
  let found = root;
  for (const step of path) {
    if (typeof step === 'number') found = found?.kind === 'list' ? found.items[step] : undefined;
    else found = found?.kind === 'mapping' ? found.entries.find(({ key }) => key.text === step)?.value : undefined;
  }
  if (!found) throw new Error(`nothing at ${path.join('.')}`);
  return found;
}
function scalar(text: string, ...path: (string | number)[]): LocatedScalar {
  const found = get(parse(text).root, ...path);
  if (found.kind !== 'scalar') throw new Error(`no scalar at ${path.join('.')}`);
  return found;
}

describe('values', () => {
  test('expressions come back as written, whatever stands around them', () => {
    expect(
      jsonOf(
        [
          'params: [${input.id}, $<a[.b > 1]>]',
          'prompt: "He said \\"${x["k"]}\\"\\n"',
          "error: 'it''s ${y['k']}'",
          'data: { ...: 1, text: ${x.map(m => `${m.role}: ${m.content}`)} }',
          'literal: $${x} and [ $$<y> ]',
          'flow: [ $${x}, b ]',
          '${key}: 1',
          'lines: ${a &&',
          '  b} # comment',
          'code: |',
          '  const t = `a ${b} { "${"`;',
          '    return { ...${state.data}, x: 1 };',
          'folded: >-',
          '  one ${a}',
          '  two',
          'next: ${z} ${w}',
        ].join('\n'),
      ),
    ).toEqual({
      params: ['${input.id}', '$<a[.b > 1]>'],
      prompt: 'He said "${x["k"]}"\n',
      error: "it's ${y['k']}",
      data: { '...': 1, text: '${x.map(m => `${m.role}: ${m.content}`)}' },
      literal: '$${x} and [ $$<y> ]',
      flow: ['$${x}', 'b'],
      '${key}': 1,
      lines: '${a &&\n  b}',
      code: 'const t = `a ${b} { "${"`;\n  return { ...${state.data}, x: 1 };\n',
      folded: 'one ${a} two',
      next: '${z} ${w}',
    });
  });

  test('quotes that were escaped for YAML are YAML’s', () => {
    expect(jsonOf("a: \"${x[\\\"k\\\"]} \\u0041\"\nb: '${x[''k'']} ${y}'")).toEqual({ a: '${x["k"]} A', b: "${x['k']} ${y}" });
  });

  test('the core schema of YAML 1.2 decides about plain scalars', () => {
    expect(jsonOf('[1, -2.5, 1e3, 0x10, true, null, ~, yes, on, 2024-01-01, 1_000, "1", ]')).toEqual([
      1,
      -2.5,
      1000,
      16,
      true,
      null,
      null,
      'yes',
      'on',
      '2024-01-01',
      '1_000',
      '1',
    ]);
  });

  test('keys are text as written, and __proto__ is one of them', () => {
    const value = jsonOf('404: a\ntrue: b\n"x y": c\n__proto__: d');
    expect(Object.entries(value as object)).toEqual([
      ['404', 'a'],
      ['true', 'b'],
      ['x y', 'c'],
      ['__proto__', 'd'],
    ]);
  });

  test('an author’s own private-use characters stay what they are', () => {
    expect(jsonOf('a: \uE000\uE000 ${x} \uE000')).toEqual({ a: '\uE000\uE000 ${x} \uE000' });
  });

  test('aliases repeat their anchor and merge keys add to a mapping', () => {
    expect(jsonOf('a: &a { x: 1, y: 2 }\nb: *a\nc: { <<: *a, y: 3 }\nd: { <<: [*a, { z: 4 }] }\ne: { "<<": 1 }')).toEqual({
      a: { x: 1, y: 2 },
      b: { x: 1, y: 2 },
      c: { y: 3, x: 1 },
      d: { x: 1, y: 2, z: 4 },
      e: { '<<': 1 },
    });
  });

  test('a byte order mark and Windows line ends change nothing', () => {
    expect(jsonOf('\uFEFFa: ${x}\r\nb: |\r\n  one ${y}\r\n  two\r\nc: Note: this\r\n')).toEqual({
      a: '${x}',
      b: 'one ${y}\ntwo\n',
      c: 'Note: this',
    });
  });
});

describe('the text repair', () => {
  test('reads the value and says how to quote it', () => {
    const text = 'a:\n  code: return { processed: ${fetch.output["x"]} };  # why\n  b: 1';
    expect(jsonOf(text)).toEqual({ a: { code: 'return { processed: ${fetch.output["x"]} };', b: 1 } });
    expect(findings(text)).toEqual(['text-repair 2:9 return { processed: ${fetch.output["x"]} };']);
  });

  test.each([
    'a: Say "b: c" ${x["y"]}',
    "a: It's b: \\n ${x ? 'y' : 'z'}",
    'a: b: c\\d',
    "a: it's: $${x} \"q\" $<y['z']>",
    'a: b:',
    "a: x: '' ${y || ''}",
  ])('its fix for %j leaves the value as it is', (text) => {
    const { root, diagnostics } = parse(text);
    const fix = diagnostics[0]?.fix;
    if (!root || !fix) throw new Error('no repair');
    const fixed = text.slice(0, fix.start) + fix.text + text.slice(fix.end);
    expect(parse(fixed).diagnostics).toEqual([]);
    expect(jsonOf(fixed)).toEqual(toJson(root));
  });
});

describe('places', () => {
  test.each([
    ['plain', 'k:\n  a: x ${id} y', ['k', 'a']],
    ['plain over lines', 'a: x\n   y  ${id}\n\n  z', ['a']],
    ['double-quoted', 'a: "\\t\\u0041 \\"q\\" ${id} \\\n   z"', ['a']],
    ['single-quoted', "a: 'it''s\n  ${id} x'", ['a']],
    ['literal', 'a: |\n\n    x\n      ${id}\n    y\n', ['a']],
    ['literal with indicator', '- |2-\n    ${id}\n  y\n\n', [0]],
    ['folded', 'a: >+ # c\n  x\n  y\n\n    ${id}\n  z\n\n', ['a']],
    ['folded with Windows line ends', 'a: >\r\n  x\r\n  ${id}\r\n', ['a']],
    ['after an astral escape', 'a: "\\U0001F600 \\x41 ${id}"', ['a']],
    ['repaired', 'a: b: c ${id}', ['a']],
    ['tagged and anchored', 'a: !!str &x ${id}', ['a']],
    ['tagged block', 'a: !!str |\n  ${id}', ['a']],
  ])('%s: a part of the value knows where it stands', (_, text, path) => {
    const found = scalar(text, ...path);
    const value = String(found.value);
    const start = value.indexOf('${id}');
    const span = found.at(start, start + 5);
    expect(text.slice(span.start, span.end)).toBe('${id}');
    expect([span.start, span.end]).toEqual([text.indexOf('${id}'), text.indexOf('${id}') + 5]);
    const before = text.slice(0, span.start);
    expect(span.line).toBe(before.split('\n').length);
    expect(span.column).toBe(before.length - before.lastIndexOf('\n'));
  });

  test('expressions of several lines keep the places behind them', () => {
    const text = 'a: ${x\n  && y} b\nc:\n  - ${z}';
    expect(scalar(text, 'a').at(2, 3)).toMatchObject({ line: 1, column: 6 });
    expect(scalar(text, 'a').at(6, 8)).toMatchObject({ line: 2, column: 3 });
    expect(scalar(text, 'c', 0).span).toMatchObject({ line: 4, column: 5, endLine: 4, endColumn: 9 });
  });

  test('collections and keys have spans of their own text', () => {
    const text = 'a:\n  - b: 1\n    c: [x]\nd: 2';
    const { root } = parse(text);
    const item = get(root, 'a', 0);
    expect(text.slice(item.span.start, item.span.end)).toBe('b: 1\n    c: [x]');
    if (item.kind !== 'mapping') throw new Error('no mapping');
    expect(item.entries[1]?.key).toMatchObject({ text: 'c', span: { line: 3, column: 5 } });
  });

  test('a missing value stands behind its key', () => {
    expect(scalar('a:\nb: 1', 'a')).toMatchObject({ value: null, span: { line: 1 } });
  });
});

describe('findings', () => {
  test.each([
    ['duplicate keys', 'a: 1\nb: {c: 1, c: 2}\na: 3', ['duplicate-key 2:11 c', 'duplicate-key 3:1 a']],
    ['several documents', 'a: 1\n---\nb: 2', ['several-documents 2:1 ---']],
    ['an empty file', '', ['empty-file 1:1 ']],
    ['a file of comments', '# a\n\n', ['empty-file 1:1 ']],
    ['keys that are no text', '? [a]\n: 1\n? {b: c}\n: 2\n', ['non-string-key 1:3 [a]', 'non-string-key 3:3 {b: c}']],
    [
      'an unclosed expression',
      'a: ${x\nb: { c: ${y.join(", )} }',
      ['unclosed-expression 1:4 ${x', 'unclosed-expression 2:9 ${y.join(", )} }'],
    ],
    ['an unclosed expression in a flow list', 'a: [${x]\nb: 1', ['unclosed-expression 1:5 ${x]']],
    ['an unclosed quote, and not what follows it', "a: 'x\nb: 1\nc: it's\n", ["unclosed-bracket 1:4 '"]],
    ['a quote that only an escaped one follows', 'a: "x\\"', ['unclosed-bracket 1:4 "']],
    ['an unclosed bracket', 'a: [1,\nb: 2\nc: {', ['unclosed-bracket 1:4 [']],
    ['a colon that is missing', 'a: 1\nbcd\ne: 2', ['missing-colon 2:1 bcd']],
    ['a tab', 'a:\n\tb: 1', ['tab-indent 2:1 \t']],
    ['an indentation that fits nothing', 'a:\n    b: 1\n  c: 2', ['bad-indent 3:3 c']],
    ['a line between the items of a list', 'a:\n  - b: 1\n   c: 2', ['bad-indent 3:4 c']],
    ['text that begins with a reserved sign', 'a: @x', ['yaml-syntax 1:4 @']],
    ['a mapping on the line of a key', 'a: b: c\n  d: e', ['nested-mapping 1:4 b']],
    ['unknown tags', 'a: !x 1', ['unknown-tag 1:4 !x']],
    ['unknown aliases', 'a: &one 1\nb: *on', ['bad-alias 2:4 *on']],
    ['an anchor inside itself', 'a: &a [*a]', ['bad-alias 1:8 *a']],
    ['numbers that JSON cannot hold', 'a: .inf\nb: 12345678901234567890', ['bad-number 1:4 .inf', 'bad-number 2:4 12345678901234567890']],
    ['control characters, once', 'a: x\u0000y\nb: \u0007', ['control-character 1:5 \u0000']],
    ['escapes that are none', 'a: "\\d"', ['bad-escape 1:5 \\d']],
  ])('%s', (_, text, expected) => {
    expect(findings(text)).toEqual(expected);
  });

  test('all errors come at once, in the order of the file', () => {
    expect(findings('a: @x\nb: "\\q"\nc: !y 1\n').map((line) => line.split(' ')[0])).toEqual(['yaml-syntax', 'bad-escape', 'unknown-tag']);
  });

  test('a structure in no doubt comes with its findings', () => {
    expect(parse('a: 1\na: 2').root).toBeDefined();
    expect(parse('a: ${x').root).toBeDefined();
    expect(parse('a: @x').root).toBeUndefined();
  });

  test('a near anchor is suggested', () => {
    expect(parse('a: &defaults 1\nb: *default').diagnostics[0]?.help).toBe('did you mean "*defaults"?');
  });
});

describe('limits', () => {
  test('ten lines of aliases cannot become a billion values', () => {
    const bomb = [
      'a: &a [1,1,1,1,1,1,1,1,1,1]',
      ...[...'bcdefghi'].map((name, i) => `${name}: &${name} [${`*${'abcdefgh'[i]},`.repeat(10)}]`),
    ];
    const { diagnostics } = parse(bomb.join('\n'));
    expect(diagnostics.map(({ code }) => code)).toEqual(['alias-expansion']);
  });

  test.each([
    ['flow lists', '['.repeat(200_000)],
    ['flow mappings', '{a: '.repeat(50_000)],
    ['compact lists', '- '.repeat(5_000)],
    ['nested mappings', Array.from({ length: 150 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
  ])('%s nested too deep are refused', (_, text) => {
    expect(parse(text).diagnostics.map(({ code }) => code)).toContain('too-deep');
  });

  test('nesting through aliases counts as nesting', () => {
    const lines = Array.from({ length: 8 }, (_, i) => `a${i}: &a${i} ${'['.repeat(20)}${i === 0 ? '1' : `*a${i - 1}`}${']'.repeat(20)}`);
    expect(parse(lines.join('\n')).diagnostics.map(({ code }) => code)).toContain('too-deep');
  });

  test('a hundred levels are fine, and no more', () => {
    expect(parse(`${'['.repeat(100)}${']'.repeat(100)}`).diagnostics).toEqual([]);
    expect(parse(`${'['.repeat(101)}${']'.repeat(101)}`).diagnostics.map(({ code }) => code)).toEqual(['too-deep']);
  });

  test('aliases may expand to 10,000 values', () => {
    const text = (aliases: number) => `a: &a 1\nb: [${'*a,'.repeat(aliases)}]\n`;
    expect(parse(text(10_000)).diagnostics).toEqual([]);
    expect(parse(text(10_001)).diagnostics.map(({ code }) => code)).toEqual(['alias-expansion']);
  });

  test('a file over 1 MiB is refused, counted in bytes', () => {
    expect(parse(`a: ${'x'.repeat(1024 * 1024 - 3)}`).diagnostics).toEqual([]);
    expect(findings(`a: ${'ä'.repeat(600_000)}`)).toEqual(['file-too-large 1:1 ']);
  });
});
