import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { lint } from '../../../src/language/lint.ts';
import { openProjectIndex } from '../../../src/node/project/project-index.ts';
import { RULES, type RuleName } from '../../../src/program/rules.ts';
import { expandExample } from '../../support/long-example.ts';
import { type ExampleFile, readRulePage } from '../../support/rule-page.ts';
import { writeProject } from '../../support/written-project.ts';

/** The names of the rules that find something in an example. */
function findIn(example: readonly ExampleFile[], rule: RuleName): readonly RuleName[] {
  const [first] = example;
  if (first === undefined) return [];
  using project = writeProject(Object.fromEntries(example.map(({ path, text }) => [path, text])));
  const found = new Set(lint(first, openProjectIndex(project.root)).map(({ code }) => code));
  // It is always about another rule.
  if (rule === 'too-many-findings') found.delete('unused-state-key');
  return [...found];
}

describe.each(Object.keys(RULES) as RuleName[])('the page of %s', (rule) => {
  test('exists', () => {
    expect(existsSync(new URL(`../../../src/language/rules/${rule}.md`, import.meta.url))).toBe(true);
  });

  test('says why in prose', () => {
    expect(readRulePage(rule).prose).toMatch(/\w.*\.$/s);
  });

  test('has a wrong example, in which the rule and no other finds something', () => {
    expect(findIn(expandExample(rule, readRulePage(rule).wrong), rule)).toEqual([rule]);
  });

  test('has a right example, in which no rule finds anything', () => {
    const { right } = readRulePage(rule);
    expect(right.length).toBeGreaterThan(0);
    expect(findIn(right, rule)).toEqual([]);
  });
});
