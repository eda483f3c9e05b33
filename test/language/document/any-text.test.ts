import { describe, expect, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import type { Located } from '../../../src/language/document/located.ts';
import { parseDocument } from '../../../src/language/document/parse-document.ts';
import { toJson } from '../../../src/language/document/to-json.ts';
import { maskSource } from '../../../src/language/source/mask.ts';
import { fc } from '../../support/fast-check.ts';
import { ownTime } from '../../support/own-time.ts';

const parse = (text: string) => parseDocument({ path: 'a.yaml', text });

/** Pieces that files are made of, so that random texts reach the odd corners of YAML and of the expressions. */
const pieces = fc.constantFrom(
  ...[
    'a',
    'b:',
    'key: ',
    '- ',
    '? ',
    ': ',
    '\n',
    '\n  ',
    '\n    ',
    '\r\n',
    '\t',
    ' ',
    '#',
    ' # c',
    '|',
    '>-',
    '|2\n',
    "'",
    '"',
    "''",
    '\\',
    '\\n',
    '`',
  ],
  ...[
    '[',
    ']',
    '{',
    '}',
    ',',
    '&x ',
    '*x',
    '!!str ',
    '!t ',
    '<<: ',
    '---\n',
    '...\n',
    '%',
    '@',
    '${',
    '$<',
    '$${',
    '>',
    '${x}',
    '$<y>',
    '(',
    ')',
    '/',
  ],
  ...['1', '.inf', 'null', '~', '\u0000', '\uFEFF', '\uE000', '😀', '\u2028', 'é'],
);
const texts = fc.oneof(
  fc.array(pieces, { maxLength: 40 }).map((list) => list.join('')),
  fc.string({ unit: 'binary', maxLength: 60 }),
);

const SAMPLE = [
  'ensemble: sample',
  'agents:',
  '  - name: one',
  '    operation: code',
  '    config:',
  '      code: |',
  '        const a = ${state.list || []};',
  "        return { b: '${input.c}', d: `${a}` };",
  '  - { name: two, operation: http, config: { url: ${input.url}, params: [${one.output}, "x ${y["z"]}"] } }',
  '  - name: three',
  '    config: { code: return { n: 1 }; }',
  '    message: Note: ${two.output.map(m => `${m.role}: ${m.content}`)}',
  'output: &out',
  "  a: 'it''s ${b}'",
  '  c: *out',
  '',
].join('\n');

/** The sample with some stretches cut out, doubled or replaced. */
const mutations = fc
  .array(fc.record({ at: fc.nat(SAMPLE.length), length: fc.nat(12), text: fc.oneof(pieces, fc.constant('')) }), {
    minLength: 1,
    maxLength: 6,
  })
  .map((edits) => edits.reduce((text, edit) => text.slice(0, edit.at) + edit.text + text.slice(edit.at + edit.length), SAMPLE));

function scalarsOf(located: Located): Extract<Located, { kind: 'scalar' }>[] {
  if (located.kind === 'scalar') return [located];
  return located.kind === 'list' ? located.items.flatMap(scalarsOf) : located.entries.flatMap(({ value }) => scalarsOf(value));
}

function expectSound(text: string): void {
  const { root, diagnostics } = parse(text);
  if (!root) expect(diagnostics.filter(({ severity }) => severity === 'error')).not.toEqual([]);
  for (const { span, message } of diagnostics) {
    expect(message).not.toBe('');
    expect(span.start).toBeGreaterThanOrEqual(0);
    expect(span.end).toBeGreaterThanOrEqual(span.start);
    expect(span.end).toBeLessThanOrEqual(Math.max(text.length, span.start));
  }
  if (!root) return;
  JSON.stringify(toJson(root));
  for (const { value, at } of scalarsOf(root)) {
    if (typeof value !== 'string') continue;
    for (let index = 0; index < Math.min(value.length, 60); index++) {
      const { start, end } = at(index, index + 1);
      expect(start).toBeLessThanOrEqual(end);
      expect(end).toBeLessThanOrEqual(text.length);
      // What is no white space stands in the file as it is, or as an escape (`\\u0041`, `''`).
      const char = value.charAt(index);
      const written = text.slice(start, end);
      if (!/\s/.test(char) && written !== char) expect(written).toMatch(/^(?:\\.|'')/su);
    }
  }
}

describe('any text', () => {
  test('ends in values or in errors with places inside the file', () => {
    fc.assert(fc.property(texts, expectSound), { numRuns: 800 });
  });

  test('a broken file ends in values or in errors with places inside the file', () => {
    fc.assert(fc.property(mutations, expectSound), { numRuns: 800 });
  });

  test('the fix of a text repair leaves the value as it is', () => {
    const line = fc.array(
      fc.constantFrom('a', ': ', ' ', '"', "'", '\\', '${x}', "${x['y']}", '${x["y"]}', "${x || ''}", '$${', '{', '}', ',', '#', ':', '`'),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(line, (parts) => {
        const text = `k: a${parts.join('')}`;
        const { root, diagnostics } = parse(text);
        const fix = diagnostics.find(({ code }) => code === 'text-repair')?.fix;
        if (!root || !fix) return;
        const fixed = parse(text.slice(0, fix.start) + fix.text + text.slice(fix.end));
        expect(fixed.diagnostics).toEqual(diagnostics.filter(({ code }) => code !== 'text-repair'));
        expect(fixed.root && toJson(fixed.root)).toEqual(toJson(root));
      }),
      { numRuns: 1000 },
    );
  });

  test('the masked text has the length and the line breaks outside expressions of the file', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const { masked } = maskSource(text);
        expect(masked.length).toBe(text.length);
        for (let i = 0; i < text.length; i++) if (masked[i] !== text[i]) expect(masked[i]).toBe('\uE000');
      }),
      { numRuns: 1000 },
    );
  });

  test('without expressions a file that YAML accepts means what YAML says', () => {
    const plain = fc
      .array(
        pieces.filter((piece) => !/[$%\0\uFEFF]|!t|<<|\.inf/.test(piece)),
        { maxLength: 25 },
      )
      .map((list) => list.join(''));
    fc.assert(
      fc.property(plain, (text) => {
        let expected: unknown;
        try {
          expected = parseYaml(text, { uniqueKeys: true, logLevel: 'error', stringKeys: true, maxAliasCount: 100 });
        } catch {
          return;
        }
        const { root, diagnostics } = parse(text);
        if (diagnostics.some(({ severity }) => severity === 'error')) return;
        expect(root && toJson(root)).toEqual(expected);
      }),
      { numRuns: 800 },
    );
  });

  test.each([
    ['unclosed expressions', '${'],
    ['unclosed expressions in lines', 'a: ${x\n'],
    ['escaped expressions', '- "${\\"\\"a"\n'],
    ['escaped dollars in lists', '[$${'],
    ['Jexl openings', '$<('],
    ['template literals', '${`'],
    ['blank lines', '\n'],
    ['continued lines', 'a\n\n\n'],
    ['quotes', "a: '\n"],
    ['list items', '- a\n'],
    ['unclosed brackets', 'a: [\n'],
    ['carriage returns', '\r'],
    ['repairs', 'a: b: c\n'],
  ])('64 KiB of %s is read in good time', (_, piece) => {
    const text = piece.repeat(Math.ceil((64 * 1024) / piece.length));
    expect(ownTime(() => parse(text)).ms).toBeLessThan(3_000);
  });
});
