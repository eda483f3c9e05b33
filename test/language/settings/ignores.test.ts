import { describe, expect, test } from 'vitest';
import { applyFixes } from '../../../src/language/apply-fixes.ts';
import { compile } from '../../../src/language/compile.ts';
import { lint } from '../../../src/language/lint.ts';
import { EMPTY_PROJECT } from '../../../src/language/project-index.ts';
import { fc } from '../../support/fast-check.ts';

const lintText = (text: string) => lint({ path: 'ensembles/a.yaml', text }, EMPTY_PROJECT);
/** `line rule` of each finding. */
const found = (text: string): readonly string[] => lintText(text).map(({ span, code }) => `${span.line} ${code}`);

const AGENT = `ensemble: a
input: { x: number }
agents:
  - name: say
    operation: log
    config: { message: "hello \${input.x}" }
`;
/** An agent with a condition that is constant, in the lines from 7 on; `above` stands before its condition, `beside` behind it. */
const withConstant = (above: string, beside = ''): string =>
  `${AGENT}  - name: again\n    operation: log\n${above}    condition: always${beside}\n    config: { message: "bye \${input.x}" }\n`;

describe('`# ensemble-ignore`', () => {
  test('without it the rule finds something', () => {
    expect(found(withConstant(''))).toEqual(['9 constant-condition']);
  });

  test.each([
    ['on the line above', withConstant('    # ensemble-ignore constant-condition: to be replaced\n')],
    ['at the end of the line', withConstant('', ' # ensemble-ignore constant-condition: to be replaced')],
    ['above blank lines and other comments', withConstant('# ensemble-ignore constant-condition: later\n\n  # a remark\n   \n')],
    ['with other rules', withConstant('    # ensemble-ignore unused-input, constant-condition: later\n')],
    ['with two marks and tabs', withConstant('    ##\tensemble-ignore constant-condition : later\n')],
    ['in a file with CRLF', withConstant('    # ensemble-ignore constant-condition: later\n').replaceAll('\n', '\r\n')],
  ])('%s switches the finding off', (_, text) => {
    expect(found(text).filter((line) => line.endsWith('constant-condition'))).toEqual([]);
    expect(found(text).filter((line) => line.endsWith('bad-ignore'))).toEqual([]);
  });

  test('reaches no further than the next line of code', () => {
    const text = withConstant('').replace(
      '    operation: log\n    condition',
      '    # ensemble-ignore constant-condition: x\n    operation: log\n    condition',
    );
    expect(found(text)).toEqual(['8 unused-ignore', '10 constant-condition']);
  });

  test.each([
    ['in quotes', `config: { message: "# ensemble-ignore constant-condition: x \${input.x}" }`],
    ['in a block', 'config:\n      message: |\n        # ensemble-ignore constant-condition: x\n        ${input.x}'],
    ['in an expression', "config: { message: ${input.x + ' # ensemble-ignore constant-condition: x'} }"],
    ['in plain text', 'config:\n      message: a#ensemble-ignore constant-condition: x'],
  ])('%s is text and no comment', (_, config) => {
    const text = `ensemble: a\ninput: { x: number }\nagents:\n  - name: say\n    operation: log\n    ${config}\n    condition: always\n`;
    expect(found(text).some((line) => line.endsWith('constant-condition'))).toBe(true);
    expect(found(text).some((line) => line.endsWith('-ignore'))).toBe(false);
  });

  test('above a block of text it is about the whole block', () => {
    const text = (above: string) => `ensemble: a
state:
  backend: kv
  schema: { total: number }
agents:
  - name: count
    operation: code
    config:
${above}      code: |
        const before = 1;
        return before + state.total;
    state: { set: { total: \${count.output} } }
`;
    expect(found(text(''))).toEqual(['11 state-read-without-use']);
    expect(found(text('      # ensemble-ignore state-read-without-use: it is set elsewhere\n'))).toEqual([]);
  });

  test('a rule that is not optional stays, and the comment is wrong', () => {
    const text = AGENT.replace('operation: log', 'operation: lug # ensemble-ignore unknown-operation: soon');
    expect(found(text)).toEqual(['5 unknown-operation', '5 bad-ignore']);
  });

  test.each([
    ['constant-conditio: x', 'there is no rule "constant-conditio"', 'did you mean "constant-condition"?'],
    ['constant-condition', 'this comment gives no reason', 'say why'],
    ['constant-condition:   ', 'this comment gives no reason', 'say why'],
    ['', 'this comment names no rule', 'write `# ensemble-ignore RULE: reason`'],
    [': because', 'this comment names no rule', 'write'],
    ['-next-line constant-condition: x', '`# ensemble-ignore-next-line` is no comment that is known', 'write'],
    ['unused-ignore: x', '`unused-ignore` cannot be ignored by a comment', 'settings'],
    ['__proto__: x', 'there is no rule "__proto__"', 'lists all rules'],
  ])('`# ensemble-ignore %s` is reported', (rest, message, help) => {
    const bad = lintText(withConstant(`    # ensemble-ignore${rest.startsWith('-') ? '' : ' '}${rest}\n`)).filter(
      ({ code }) => code === 'bad-ignore',
    );
    expect(bad).toEqual([expect.objectContaining({ severity: 'warning', message, help: expect.stringContaining(help) })]);
  });

  test('without a reason it works all the same', () => {
    expect(found(withConstant('    # ensemble-ignore constant-condition\n'))).toEqual(['9 bad-ignore']);
  });

  test('one that nothing needs is reported, and removing it is the fix', () => {
    const plain = withConstant('').replace('condition: always', 'condition: ${input.x > 1}');
    for (const text of [
      plain.replace('    condition', '    # ensemble-ignore constant-condition: x\n    condition'),
      plain.replace('x > 1}', 'x > 1}  # ensemble-ignore constant-condition: x'),
      `${plain}# ensemble-ignore constant-condition: x`,
      `${plain}  # ensemble-ignore constant-condition: x\n`,
    ]) {
      const findings = lintText(text);
      expect(findings.map(({ code }) => code)).toEqual(['unused-ignore']);
      expect(applyFixes(text, findings).text).toBe(plain);
    }
  });

  test('in a file that cannot be read to its end nothing is called unused', () => {
    const text = withConstant('    # ensemble-ignore unused-input: x\n').replace('operation: log', 'operation: lug');
    expect(found(text)).not.toContain('9 unused-ignore');
  });

  test('a rule that the settings switch off still uses its comment', () => {
    const text = withConstant('    # ensemble-ignore constant-condition: x\n');
    const rules = new Map([['constant-condition', 'off'] as const]);
    expect(lint({ path: 'a.yaml', text }, EMPTY_PROJECT, { rules })).toEqual([]);
  });

  test('it holds for a run as well: what is ignored never stops it', () => {
    const text = withConstant('    # ensemble-ignore constant-condition: x\n');
    const strict = { rules: new Map([['constant-condition', 'error'] as const]) };
    expect(compile({ path: 'a.yaml', text }, EMPTY_PROJECT, strict).program).toBeDefined();
    expect(compile({ path: 'a.yaml', text: withConstant('') }, EMPTY_PROJECT, strict).program).toBeUndefined();
  });

  test('whatever such a comment holds, linting ends in findings inside the file', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (rest) => {
        const text = withConstant(`    # ensemble-ignore ${rest}\n`);
        for (const { span } of lintText(text)) {
          expect(span.start).toBeGreaterThanOrEqual(0);
          expect(span.end).toBeLessThanOrEqual(text.length);
        }
      }),
      { numRuns: 200 },
    );
  });

  test.each([
    ['half a million comments', `${AGENT}${'#\n'.repeat(500_000)}# ensemble-ignore constant-condition: x\ndescription: x\n`, 1],
    ['as many ignore comments as fit', `${'# ensemble-ignore unused-input: x\n'.repeat(30_000)}${AGENT}`, 500],
    ['as many texts of several lines', `${AGENT}# ensemble-ignore unused-input: x\nx-notes:\n${'- "a\n  b"\n'.repeat(60_000)}`, 0],
  ])('%s are read in one go', (_, text, unused) => {
    expect(found(text).filter((line) => line.endsWith('unused-ignore')).length).toBe(unused);
  });
});
