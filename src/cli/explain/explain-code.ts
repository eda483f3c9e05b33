import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../node/package-root.ts';
import { FAILURE_CODES, type FailureCode } from '../../program/failure.ts';
import { RULES, type Rule, type RuleName } from '../../program/rules.ts';
import { suggest } from '../../program/suggest.ts';
import type { Io } from '../io.ts';
import { FAILURE_HELP } from '../run/failure-help.ts';
import { createPaint, type Paint } from '../terminal/paint.ts';
import { renderMarkdown } from '../terminal/render-markdown.ts';
import { UsageProblem } from '../usage-problem.ts';
import { ruleSection } from './rule-section.ts';

/**
 * `ensemble explain`: the page of a rule or the meaning of a failure code on stdout; all of them, a line each, when none is named.
 * @throws UsageProblem for a code that does not exist.
 */
export function explainCode(code: string | undefined, io: Io): void {
  const paint = createPaint(io.stdout, io.env);
  if (code === undefined) {
    io.stdout.write(listCodes(paint));
    return;
  }
  io.stdout.write(renderMarkdown(pageOf(code), paint, Math.min(io.stdout.columns ?? 100, 100)));
}

function listCodes(paint: Paint): string {
  const rules = Object.entries<Rule>(RULES);
  const width = Math.max(...[...Object.keys(RULES), ...Object.keys(FAILURE_CODES)].map((name) => name.length));
  const row = (name: string, kind: string, meaning: string) => `${paint.bold(name.padEnd(width))}  ${kind.padEnd(7)}  ${meaning}`;
  return `${[
    ...rules.map(([name, { severity, finds }]) => row(name, severity, finds)),
    ...Object.entries(FAILURE_CODES).map(([name, meaning]) => row(name, 'failure', meaning)),
  ].join('\n')}\n`;
}

function pageOf(code: string): string {
  const rule = code.toLowerCase();
  if (Object.hasOwn(RULES, rule)) return rulePage(rule as RuleName);
  const failure = code.toUpperCase();
  if (Object.hasOwn(FAILURE_CODES, failure)) return failurePage(failure as FailureCode);
  const near = suggest(code, [...Object.keys(RULES), ...Object.keys(FAILURE_CODES)]);
  const help = near === undefined ? 'Run ensemble explain to see them all.' : `Did you mean ${near}?`;
  throw new UsageProblem(`there is no rule and no failure code "${code}"\n${help}`);
}

function rulePage(name: RuleName): string {
  const { severity, finds, optional }: Rule = RULES[name];
  const section = ruleSection(readFileSync(join(packageRoot(), 'docs/rules.md'), 'utf8'), name);
  const kind = optional === true ? `${severity}, optional` : severity;
  return `# ${name}\n\n${section ?? `*${kind}* — ${finds}`}`;
}

function failurePage(code: FailureCode): string {
  const help = FAILURE_HELP[code];
  return [`# ${code}`, `*failure of a run* — ${FAILURE_CODES[code]}`, ...(help === undefined ? [] : [`What to do: ${help}.`])].join('\n\n');
}
