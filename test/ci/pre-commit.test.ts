import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { runCli } from '../support/run-cli.ts';
import { writeProject } from '../support/written-project.ts';

const read = (path: string) => readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');

interface Hook {
  readonly id: string;
  readonly entry: string;
  readonly language: string;
  readonly files: string;
  readonly types: readonly string[];
}
const [hook] = parse(read('.pre-commit-hooks.yaml')) as readonly [Hook];

/** Runs the hook as pre-commit does: its `entry`, split as a shell does, `args` of the user's configuration, then the changed files that `files` finds. */
function runHook(cwd: string, changed: readonly string[], args: readonly string[] = []) {
  const [command, ...entry] = hook.entry.split(' ');
  expect(command).toBe('ensemble');
  return runCli([...entry, ...args, ...changed.filter((path) => new RegExp(hook.files).test(path))], { cwd });
}

const GOOD = 'ensemble: good\nagents:\n  - name: say\n    operation: log\n    config: { message: Hello }\n';
const BAD = `${GOOD}descripton: An unknown key.
`;

describe('the pre-commit hook', () => {
  test('installs a command that the package has', () => {
    const { bin } = JSON.parse(read('package.json')) as { readonly bin: Readonly<Record<string, string>> };
    expect(Object.keys(bin)).toContain(hook.entry.split(' ')[0]);
    expect(hook.language).toBe('node');
  });

  // pre-commit's languages/node.py takes all that `npm pack` prints for the name of the package's file.
  test('is installed by an `npm pack` that prints nothing of the build', () => {
    expect(read('.npmrc').split('\n')).toContain('foreground-scripts=false');
  });

  test.each([
    'ensembles/a.yaml',
    'ensembles/b/c.yml',
    'agents/a.yaml',
    'agents/a/agent.yaml',
    'shop/ensembles/a.yaml',
    'shop/agents/a.yml',
  ])('runs for %s', (path) => expect(path).toMatch(new RegExp(hook.files)));

  test.each([
    'wrangler.yaml',
    'ensembles/a.json',
    'ensembles/a.yaml.bak',
    'agents/a/schema.yaml',
    'agents/a/b/agent.yaml',
    'my-ensembles/a.yaml',
  ])('does not run for %s', (path) => expect(path).not.toMatch(new RegExp(hook.files)));

  test('fails for a changed file with an error, and passes else', async () => {
    using project = writeProject({ 'ensembles/good.yaml': GOOD, 'ensembles/bad.yaml': BAD });
    const bad = await runHook(project.root, ['README.md', 'ensembles/bad.yaml', 'ensembles/good.yaml']);
    expect([bad.code, bad.stdout]).toEqual([1, expect.stringMatching(/^ensembles\/bad\.yaml:6:1: error\[unknown-key\]/)]);
    const good = await runHook(project.root, ['README.md', 'ensembles/good.yaml'], ['--strict']);
    expect([good.code, good.stdout]).toEqual([0, '']);
  });
});
