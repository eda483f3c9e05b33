import { renderPlace } from '../../diagnostics/render-place.ts';
import { harmlessLine } from '../../terminal/harmless.ts';
import type { Format } from './format.ts';

/** `file:line:column: severity: message [code]`, one line each: for `grep`, editors and the problem matcher in ci/problem-matcher.json. */
export const compact: Format = {
  render({ findings }) {
    const lines = findings.map(
      ({ file, span, severity, message, code }) => `${renderPlace(file, span)}: ${severity}: ${harmlessLine(message)} [${code}]\n`,
    );
    return lines.join('');
  },
};
