import picocolors from 'picocolors';
import { describe, expect, test } from 'vitest';
import { compact } from '../../../../src/cli/validate/formats/compact.ts';
import { json } from '../../../../src/cli/validate/formats/json.ts';
import { pretty } from '../../../../src/cli/validate/formats/pretty.ts';
import { fc } from '../../../support/fast-check.ts';
import { hostileReport, hostileText, REPORT } from './support/reports.ts';

const paint = picocolors.createColors(false);
/** What any program may take for the end of a line. */
const LINE_END = /\r\n|[\n\v\f\r\u0085\u2028\u2029]/;

describe('compact', () => {
  test('is one line for each finding, with its severity, place and rule, whatever files, names and messages hold', () => {
    fc.assert(
      fc.property(hostileReport, (report) => {
        const lines = compact.render(report, { paint }).split(LINE_END).slice(0, -1);
        expect(lines).toHaveLength(report.findings.length);
        for (const [index, { span, severity, code }] of report.findings.entries()) {
          expect(lines[index]).toContain(`:${span.line}:${span.column}: ${severity}: `);
          expect(lines[index]?.endsWith(` [${code}]`)).toBe(true);
        }
      }),
    );
  });
});

describe('compact and pretty', () => {
  test('begin no line like a workflow command of GitHub', () => {
    fc.assert(
      fc.property(hostileReport, hostileText, (report, name) => {
        const findings = report.findings.map((finding) => ({ ...finding, file: name }));
        for (const format of [compact, pretty]) expect(format.render({ ...report, findings }, { paint })).not.toMatch(/^\s*::/m);
      }),
    );
  });
});

describe('json', () => {
  test('holds every finding as it is, each with every key', () => {
    fc.assert(
      fc.property(hostileReport, (report) => {
        const shown = JSON.parse(json.render(report, { paint })) as Record<string, unknown>[];
        const keys = ['file', 'line', 'column', 'endLine', 'endColumn', 'severity', 'code', 'message', 'help', 'fix'];
        for (const [index, { file, span, severity, code, message, help }] of report.findings.entries()) {
          expect(Object.keys(shown[index] ?? {})).toEqual(keys);
          expect(shown[index]).toMatchObject({
            file,
            line: span.line,
            endColumn: span.endColumn,
            severity,
            code,
            message,
            help: help ?? null,
          });
        }
      }),
    );
  });

  test('gives a fix whose offsets cut out the text that its lines and columns show', () => {
    const shown = JSON.parse(json.render(REPORT, { paint })) as { readonly fix: { readonly start: number; readonly end: number } | null }[];
    const { text = '' } = REPORT.findings[3] ?? {};
    const { start, end } = shown[3]?.fix ?? { start: 0, end: 0 };
    expect(text.slice(start, end)).toBe('Orders: ${fetch.output}');
  });
});
