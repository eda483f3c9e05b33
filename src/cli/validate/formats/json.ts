import { harmlessJson } from '../../terminal/harmless.ts';
import type { Finding, Format } from './format.ts';
import { createFixLocator, type LocatedFix } from './locate-fix.ts';

/**
 * One array of findings, indented by two spaces; `[]` when there are none. Every key is always there: `help` and `fix` are null where there is none.
 * Lines and columns count from 1, columns in UTF-16 units, ends are exclusive. A fix replaces what stands from offset `start` to `end` (UTF-16 units
 * from the beginning of the file, exclusive), the same stretch that its lines and columns give, by `text`.
 */
export const json: Format = {
  render({ findings }) {
    const locateFix = createFixLocator();
    return `${harmlessJson(
      JSON.stringify(
        findings.map((finding) => describeFinding(finding, locateFix(finding))),
        null,
        2,
      ),
    )}\n`;
  },
};

function describeFinding({ file, span, severity, code, message, help }: Finding, fix: LocatedFix | undefined) {
  const { line, column, endLine, endColumn } = span;
  return {
    file,
    line,
    column,
    endLine,
    endColumn,
    severity,
    code,
    message,
    help: help ?? null,
    fix: fix === undefined ? null : describeFix(fix),
  };
}

function describeFix({ description, start, end, text, span: { line, column, endLine, endColumn } }: LocatedFix) {
  return { description, start, end, line, column, endLine, endColumn, text };
}
