import { RULES, type Rule, type RuleName } from '../../program/rules.ts';
import { suggest } from '../../program/suggest.ts';

export const isRuleName = (name: string): name is RuleName => Object.hasOwn(RULES, name);

/** Whether a rule can be switched off or lowered; the others are what a program cannot be built without. */
export const isOptional = (name: RuleName): boolean => (RULES[name] as Rule).optional === true;

export const suggestRule = (name: string): string | undefined => suggest(name, Object.keys(RULES));
