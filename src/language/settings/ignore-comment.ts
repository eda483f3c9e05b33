import type { RuleName } from '../../program/rules.ts';
import type { LineIndex } from '../document/line-index.ts';
import type { Findings } from '../model/findings.ts';
import type { Stretch } from '../source/mask.ts';
import { isOptional, isRuleName, suggestRule } from './rule-names.ts';

export interface IgnoredRule extends Stretch {
  readonly rule: RuleName;
}

export interface IgnoreComment extends Stretch {
  /** With the place of each name. */
  readonly rules: readonly IgnoredRule[];
}

/** These are about the comments themselves. */
const ABOUT_COMMENTS: ReadonlySet<RuleName> = new Set(['bad-ignore', 'unused-ignore']);
const SHAPE = '`# ensemble-ignore RULE: reason`';

/** `# ensemble-ignore rule[, rule]: reason`; undefined for any other comment. What is wrong with it is reported, and what is right of it counts. */
export function readIgnoreComment(text: string, { start, end }: Stretch, lines: LineIndex, findings: Findings): IgnoreComment | undefined {
  const match = /^#+[ \t]*ensemble-ignore(?!\w)(.*)$/s.exec(text.slice(start, end));
  if (match === null) return undefined;
  const rest = match[1] ?? '';
  const from = end - rest.length;
  const [names = ''] = rest.split(':', 1);
  const report = (stretch: Stretch, message: string, help: string) =>
    findings.report('bad-ignore', lines.span(stretch.start, stretch.end), message, { help });
  const rules: IgnoredRule[] = [];
  if (rest.startsWith('-')) {
    report(
      { start, end },
      `\`${match[0].slice(0, match[0].length - rest.length)}${rest.split(/[\s:]/, 1)[0]}\` is no comment that is known`,
      `write ${SHAPE}`,
    );
    return undefined;
  }
  for (const { index, 0: name } of names.matchAll(/[^\s,](?:[^,]*[^\s,])?/g)) {
    const place = { start: from + index, end: from + index + name.length };
    const problem = checkName(name);
    if (problem !== undefined) report(place, ...problem);
    else if (isRuleName(name)) rules.push({ rule: name, ...place });
  }
  if (names.trim() === '') report({ start, end }, 'this comment names no rule', `write ${SHAPE}`);
  else if (rest.slice(names.length + 1).trim() === '') report({ start, end }, 'this comment gives no reason', `say why: ${SHAPE}`);
  return { start, end, rules };
}

/** Message and help when a comment cannot ignore what it names. */
function checkName(name: string): readonly [string, string] | undefined {
  if (!isRuleName(name)) {
    const near = suggestRule(name);
    return [`there is no rule "${name}"`, `${near === undefined ? '' : `did you mean "${near}"? `}\`ensemble explain\` lists all rules`];
  }
  if (ABOUT_COMMENTS.has(name)) return [`\`${name}\` cannot be ignored by a comment`, 'the settings of the project can switch it off'];
  if (!isOptional(name)) return [`\`${name}\` cannot be ignored`, 'without what it asks for the file has no meaning: mend what it finds'];
  return undefined;
}
