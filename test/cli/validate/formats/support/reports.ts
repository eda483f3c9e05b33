import type { Finding, Report } from '../../../../../src/cli/validate/formats/format.ts';
import { LineIndex } from '../../../../../src/language/document/line-index.ts';
import { createDiagnostic, type Fix } from '../../../../../src/program/diagnostic.ts';
import { RULES, type RuleName } from '../../../../../src/program/rules.ts';
import { fc } from '../../../../support/fast-check.ts';

/** A finding of `code` at the first `marked` stretch of the text. */
export function findingAt(
  { file, text }: { readonly file: string; readonly text: string },
  marked: string,
  code: RuleName,
  message: string,
  more: { readonly help?: string; readonly fix?: Fix } = {},
): Finding {
  const start = text.indexOf(marked);
  const span = new LineIndex(file, text).span(start, start + marked.length);
  return { ...createDiagnostic(code, span, message, more), file, text };
}

const orders = {
  file: 'ensembles/orders.yaml',
  text: [
    'ensemble: orders',
    'agents:',
    '  - name: fetch',
    '    operaton: http',
    '    config: { url: "https://example.com/${inptu.id}" }',
    '  - name: say',
    '    operation: log',
    '    config:',
    '      message: Orders: ${fetch.output}',
    '',
  ].join('\n'),
};
const greet = {
  file: 'agents/grüße/agent.yaml',
  text: 'agent: greet\noperation: code\nconfig:\n  code: |\n    const 数字 = 1;\n    retrun 数字;\n',
};

const unquoted = 'Orders: ${fetch.output}';
const at = orders.text.indexOf(unquoted);

/** Errors and warnings in two files, a third one clean: with help and without, with a fix, over several lines, wide characters before the place. */
export const REPORT: Report = {
  findings: [
    findingAt(greet, '数字;\n', 'code-syntax', 'The code is not JavaScript: unexpected `数字`.'),
    findingAt(orders, 'operaton', 'unknown-key', 'Agent "fetch" has an unknown key "operaton".', { help: 'Did you mean `operation`?' }),
    findingAt(orders, 'inptu', 'unknown-name', 'Nothing is named `inptu`, 100% sure: `${inptu.id}` has no value.', {
      help: 'Did you mean `input`?',
    }),
    findingAt(orders, unquoted, 'text-repair', 'The value contains `: ` and has no quotes; it is read as text.', {
      help: 'Put it in quotes.',
      fix: { description: 'quote the value', start: at, end: at + unquoted.length, text: `"${unquoted}"` },
    }),
  ],
  files: [greet.file, orders.file, 'ensembles/quiet.yaml'],
};

/** Text made of what terminals, GitHub's runner, XML, JSON, SARIF and shells act on. */
export const hostileText = fc.string({
  unit: fc.oneof(
    fc.constantFrom(
      ...['\n', '\r', '\t', '\0', '\u001b[31m', '\u001b]0;x\u0007', '\u009b1A', '\u202e', '\u2028', '\ufffe', '\ud800', '\udc00', '\u0085'],
      ...['::error::', '\n::error file=a::', '##[error]', '%0A::', '%', ':', ',', '=', '/', '..', '\\', ' '],
      ...['<', '>', '&', '"', "'", ']]>', '<!--', '</failure>', '&#10;', '{', '}', '{0}', '[a](', 'http://x)', '`', '$'],
    ),
    fc.string({ maxLength: 3, unit: 'grapheme' }),
  ),
  maxLength: 12,
});

const hostileFinding = fc
  .record({
    file: hostileText.map((name) => `x${name}`),
    text: hostileText,
    from: fc.nat(20),
    length: fc.nat(20),
    code: fc.constantFrom(...(Object.keys(RULES) as RuleName[])),
    message: hostileText,
    help: fc.option(hostileText, { nil: undefined }),
    replacement: fc.option(hostileText, { nil: undefined }),
    readable: fc.boolean(),
  })
  .map(({ file, text, from, length, code, message, help, replacement, readable }): Finding => {
    const start = Math.min(from, text.length);
    const end = Math.min(start + length, text.length);
    const fix = replacement === undefined ? undefined : { description: message, start, end, text: replacement };
    const span = new LineIndex(file, text).span(start, end);
    return { ...createDiagnostic(code, span, message, { help, fix }), file, text: readable ? text : undefined };
  });

/** Reports whose every text is hostile; some of their files have no findings. */
export const hostileReport: fc.Arbitrary<Report> = fc
  .record({ findings: fc.array(hostileFinding, { maxLength: 4 }), clean: fc.array(hostileText, { maxLength: 2 }) })
  .map(({ findings, clean }) => ({ findings, files: [...new Set([...findings.map(({ file }) => file), ...clean])] }));
