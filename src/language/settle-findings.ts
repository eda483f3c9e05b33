import type { Diagnostic } from '../program/diagnostic.ts';
import { sortDiagnostics } from '../program/sort-diagnostics.ts';
import { applyLevels } from './settings/apply-levels.ts';
import type { RuleSettings } from './settings/settings.ts';
import { withoutEchoes } from './without-echoes.ts';

/**
 * The findings as they are shown: graded by the settings, then without echoes (so that nothing is taken for the echo of what is switched off),
 * sorted by place, each once.
 */
export function settleFindings(findings: readonly Diagnostic[], settings: RuleSettings): readonly Diagnostic[] {
  return sortDiagnostics(withoutEchoes(applyLevels(findings, settings)));
}
