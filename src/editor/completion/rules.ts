import { isOptional, isRuleName } from '../../language/settings/rule-names.ts';
import { RULES } from '../../program/rules.ts';
import type { Entry } from './entry.ts';

/** The rules that a comment `# ensemble-ignore …` can name, when the cursor stands in one; those that find something in the next lines first. */
export function ruleEntries(text: string, offset: number, found: ReadonlySet<string>): readonly Entry[] | undefined {
  const before = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  const word = /#+[ \t]*ensemble-ignore[ \t]+(?:[\w-]+[ \t]*,[ \t]*)*([\w-]*)$/.exec(before)?.[1];
  if (word === undefined) return undefined;
  const end = offset + (/^[\w-]*/.exec(text.slice(offset, offset + 100))?.[0].length ?? 0);
  const about: readonly string[] = ['bad-ignore', 'unused-ignore'];
  return Object.entries(RULES)
    .filter(([name]) => isRuleName(name) && isOptional(name) && !about.includes(name))
    .map(([label, { finds }]) => ({ label, kind: 'rule', doc: finds, rank: found.has(label) ? 1 : 5, start: offset - word.length, end }));
}
