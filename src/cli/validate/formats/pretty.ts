import { renderDiagnostic } from '../../diagnostics/render-diagnostic.ts';
import type { Format } from './format.ts';

/** For people: each finding with the line it stands on, carets and help, a blank line between two. */
export const pretty: Format = {
  description: 'for people: the line, carets and help',
  render({ findings }, { paint }) {
    const blocks = findings.map((finding) => {
      const block = renderDiagnostic(finding, finding, paint);
      return finding.fix === undefined ? block : `${block}\n${paint.cyan('fix:')} fixable with --fix`;
    });
    return blocks.map((block, index) => `${index === 0 ? '' : '\n'}${block}\n`).join('');
  },
};
