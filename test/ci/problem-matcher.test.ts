import { readFileSync } from 'node:fs';
import picocolors from 'picocolors';
import { describe, expect, test } from 'vitest';
import { compact } from '../../src/cli/validate/formats/compact.ts';
import type { Report } from '../../src/cli/validate/formats/format.ts';
import { hostileReport, REPORT } from '../cli/validate/formats/support/reports.ts';
import { fc } from '../support/fast-check.ts';

interface Pattern {
  readonly regexp: string;
  readonly file: number;
  readonly line: number;
  readonly column: number;
  readonly severity: number;
  readonly message: number;
  readonly code: number;
}
const { problemMatcher } = JSON.parse(readFileSync(new URL('../../ci/problem-matcher.json', import.meta.url), 'utf8')) as {
  readonly problemMatcher: readonly [{ readonly owner: string; readonly pattern: readonly [Pattern] }];
};
const [pattern] = problemMatcher[0].pattern;

/** What GitHub reads out of the lines of compact output. */
const match = (report: Report) =>
  compact
    .render(report, { paint: picocolors.createColors(false) })
    .split('\n')
    .flatMap((line) => {
      const found = new RegExp(pattern.regexp).exec(line);
      if (found === null) return [];
      const at = (name: keyof Pattern) => found[pattern[name] as number] ?? '';
      return [
        {
          file: at('file'),
          line: Number(at('line')),
          column: Number(at('column')),
          severity: at('severity'),
          message: at('message'),
          code: at('code'),
        },
      ];
    });

describe('the problem matcher', () => {
  test('reads every part of a finding out of compact output', () => {
    expect(match(REPORT)).toEqual(
      REPORT.findings.map(({ file, span: { line, column }, severity, message, code }) => ({ file, line, column, severity, message, code })),
    );
  });

  test('reads one problem for each finding, with its place and rule, whatever files and messages hold', () => {
    fc.assert(
      fc.property(hostileReport, (report) => {
        expect(match(report).map(({ line, column, severity, code }) => [line, column, severity, code])).toEqual(
          report.findings.map(({ span, severity, code }) => [span.line, span.column, severity, code]),
        );
      }),
    );
  });
});
