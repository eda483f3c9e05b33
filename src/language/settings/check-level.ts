import { isOptional, isRuleName, suggestRule } from './rule-names.ts';
import type { Level } from './settings.ts';

export interface LevelProblem {
  readonly code: 'unknown-rule' | 'required-rule';
  readonly message: string;
  readonly help: string;
}

/** Why a rule cannot have a level; undefined when it can. */
export function checkLevel(rule: string, level: Level): LevelProblem | undefined {
  if (!isRuleName(rule)) {
    const near = suggestRule(rule);
    const help = `${near === undefined ? '' : `did you mean "${near}"? `}\`ensemble explain\` lists all rules`;
    return { code: 'unknown-rule', message: `there is no rule "${rule}"`, help };
  }
  if (level === 'error' || isOptional(rule)) return undefined;
  const message = `\`${rule}\` cannot be ${level === 'off' ? 'switched off' : 'made a warning'}`;
  return { code: 'required-rule', message, help: 'without what it asks for an ensemble has no meaning; `error` is its one level' };
}
