import type { RuleName } from '../../program/rules.ts';

/** What a rule's findings count as; `off` leaves them out. */
export type Level = 'off' | 'warn' | 'error';

export const LEVELS: readonly Level[] = ['off', 'warn', 'error'];

/** What a project, or one call of the command line, says about the rules. Only of optional rules, or `error`. */
export interface RuleSettings {
  readonly rules: ReadonlyMap<RuleName, Level>;
}

export const NO_SETTINGS: RuleSettings = { rules: new Map() };
