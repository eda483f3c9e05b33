import type { Diagnostic } from '../../program/diagnostic.ts';
import type { RuleSettings } from './settings.ts';

/** The findings as the settings grade them, those of rules that are off left out. */
export function applyLevels(diagnostics: readonly Diagnostic[], { rules }: RuleSettings): readonly Diagnostic[] {
  if (rules.size === 0) return diagnostics;
  return diagnostics.flatMap((diagnostic) => {
    const level = rules.get(diagnostic.code);
    if (level === 'off') return [];
    const severity = level === undefined ? diagnostic.severity : level === 'warn' ? 'warning' : 'error';
    return [severity === diagnostic.severity ? diagnostic : { ...diagnostic, severity }];
  });
}
