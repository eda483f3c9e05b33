import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ruleSection } from '../../../src/cli/explain/rule-section.ts';
import { FAILURE_CODES } from '../../../src/program/failure.ts';
import { RULES } from '../../../src/program/rules.ts';
import { runMain } from '../support/run-main.ts';

const page = readFileSync(new URL('../../../docs/rules.md', import.meta.url), 'utf8');

describe('ensemble explain', () => {
  test('prints the page of a rule: what it finds, why, a wrong and a right example', async () => {
    const { code, stdout, stderr } = await runMain(['explain', 'spliced-sql']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^spliced-sql\n\n\*error\* — An expression inside the text of a SQL query/);
    expect(stdout).toContain(`\nWrong\n\n    ensemble: find-user\n`);
    expect(stdout).toContain(`\n          query: SELECT id, name FROM users WHERE email = '\${input.email}'\n`);
    expect(stdout).toContain(`\nRight\n\n`);
    expect(stdout.endsWith('params: [${input.email}]\n')).toBe(true);
  });

  test('wraps the prose to the terminal, and leaves examples as they are', async () => {
    const { stdout } = await runMain(['explain', 'spliced-sql'], { stdoutTty: true, columns: 60 });
    const lines = stdout.split('\n');
    expect(lines.filter((line) => !line.startsWith('    ')).every((line) => line.length <= 60 + 40)).toBe(true);
    expect(stdout).toContain('\u001b[1mspliced-sql\u001b[22m');
    expect(stdout).toContain('\u001b[36mparams\u001b[39m');
    expect(stdout).toContain(`    config:\n`);
  });

  test('says what a failure code means and what to do', async () => {
    const { code, stdout } = await runMain(['explain', 'TIMEOUT']);
    expect(code).toBe(0);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(FAILURE_CODES.TIMEOUT);
    expect(stdout).toContain('What to do: raise the agent’s timeout');
  });

  test('takes a code in any case', async () => {
    expect((await runMain(['explain', 'timeout'])).stdout).toMatch(/^TIMEOUT\n/);
    expect((await runMain(['explain', 'Spliced-SQL'])).stdout).toMatch(/^spliced-sql\n/);
  });

  test('lists everything, a line each, when no code is given', async () => {
    const { code, stdout } = await runMain(['explain']);
    expect(code).toBe(0);
    const named = stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split(' ')[0]);
    expect(named).toEqual([...Object.keys(RULES), ...Object.keys(FAILURE_CODES)]);
    expect(stdout).toMatch(/^text-repair +warning +A value without quotes/m);
    expect(stdout).toMatch(/^TIMEOUT +failure +The attempt took longer/m);
  });

  test.each([
    ['splised-sql', 'Did you mean spliced-sql?'],
    ['TIMEOUTT', 'Did you mean TIMEOUT?'],
    ['xyzzy', 'Run ensemble explain to see them all.'],
    ['__proto__', 'there is no rule and no failure code "__proto__"'],
    ['\u001b[2Jx', 'there is no rule and no failure code "x"'],
  ])('%j is a wrong command line', async (code, message) => {
    const result = await runMain(['explain', code]);
    expect([result.code, result.stdout]).toEqual([2, '']);
    expect(result.stderr).toContain(message);
    expect(result.stderr).not.toContain('\u001b');
  });
});

describe('a section of the page of rules', () => {
  test.each(Object.keys(RULES).filter((rule) => page.includes(`\n## ${rule}\n`)))('%s is found, and ends before the next one', (rule) => {
    const section = ruleSection(page, rule);
    expect(section).toMatch(/^\*(error|warning)(, optional)?\* — /);
    expect(section?.match(/^\*(error|warning)(, optional)?\* — /gm)).toHaveLength(1);
  });

  test('goes over a heading inside of a fence', () => {
    const text = '## a\n\nWhy.\n\n```yaml\n## b\n```\n\nEnd.\n\n## b\n\nOther.\n';
    expect(ruleSection(text, 'a')).toBe('Why.\n\n```yaml\n## b\n```\n\nEnd.');
    expect(ruleSection(text, 'c')).toBeUndefined();
  });
});
