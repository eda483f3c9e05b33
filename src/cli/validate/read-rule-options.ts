import { checkLevel } from '../../language/settings/check-level.ts';
import { isRuleName } from '../../language/settings/rule-names.ts';
import { LEVELS, type Level, type RuleSettings } from '../../language/settings/settings.ts';
import type { RuleName } from '../../program/rules.ts';
import { UsageProblem } from '../usage-problem.ts';

/**
 * The levels that `--rule name=off|warn|error` gives; of several for one rule the last.
 * @throws UsageProblem
 */
export function readRuleOptions(options: readonly string[]): RuleSettings {
  const rules = new Map<RuleName, Level>();
  for (const option of options) {
    const [name = '', word] = option.split('=', 2);
    const level = LEVELS.find((known) => known === word);
    const problem = checkLevel(name, level ?? 'error');
    if (problem !== undefined) throw new UsageProblem(`--rule ${option}: ${problem.message}\n${problem.help}`);
    if (level === undefined) throw new UsageProblem(`--rule ${option}: it takes ${name}=off, ${name}=warn or ${name}=error`);
    if (isRuleName(name)) rules.set(name, level);
  }
  return { rules };
}
