import type { Diagnostic } from '../program/diagnostic.ts';
import { sortDiagnostics } from '../program/sort-diagnostics.ts';
import { applyLevels } from './settings/apply-levels.ts';
import type { RuleSettings } from './settings/settings.ts';
import { withoutEchoes } from './without-echoes.ts';
import { withoutSurplus } from './without-surplus.ts';

/**
 * The findings as they are shown: graded by the settings, then without echoes (so that nothing is taken for the echo of what is switched off),
 * sorted by place, each once, and of one rule no more than anyone reads.
 */
export function settleFindings(findings: readonly Diagnostic[], settings: RuleSettings): readonly Diagnostic[] {
  return withoutSurplus(sortDiagnostics(withoutEchoes(applyLevels(findings, settings))));
}
