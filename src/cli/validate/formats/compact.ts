import { harmlessLine } from '../../terminal/harmless.ts';
import type { Format } from './format.ts';

/** `file:line:column: severity: message [code]`, one line each: for `grep`, editors and the problem matcher in ci/problem-matcher.json. */
export const compact: Format = {
  description: 'one line a finding',
  render({ findings }) {
    return findings
      .map(
        ({ file, span, severity, message, code }) =>
          `${harmlessLine(file)}:${span.line}:${span.column}: ${severity}: ${harmlessLine(message)} [${code}]\n`,
      )
      .join('');
  },
};
