import { renderDiagnostic } from '../../diagnostics/render-diagnostic.ts';
import { harmlessLine } from '../../terminal/harmless.ts';
import type { Format } from './format.ts';

/** For people: each finding with the line it stands on, carets, help and what `--fix` would do; a blank line between two. */
export const pretty: Format = {
  render({ findings }, { paint }) {
    const blocks = findings.map((finding) => {
      const block = `${renderDiagnostic(finding, finding, paint)}\n`;
      const { fix } = finding;
      return fix === undefined ? block : `${block}${paint.green('fix:')} ${harmlessLine(fix.description)} (--fix does it)\n`;
    });
    return blocks.join('\n');
  },
};
