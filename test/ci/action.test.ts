import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';

const root = fileURLToPath(new URL('../../', import.meta.url));
const text = readFileSync(join(root, 'action.yml'), 'utf8');

interface Action {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: {
    readonly steps: readonly { readonly uses?: string; readonly run?: string; readonly env?: Readonly<Record<string, string>> }[];
  };
}
const action = parse(text) as Action;
const step = action.runs.steps.find(({ run }) => run !== undefined);

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Relative path → text, in a temporary folder; what begins with `#!` can be run. */
function writeFiles(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'ensemble-action-'));
  folders.push(folder);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
    if (content.startsWith('#!')) chmodSync(join(folder, path), 0o755);
  }
  return folder;
}

interface Checkout {
  readonly files: Readonly<Record<string, string>>;
  /** Commands that are found before those of this machine. */
  readonly commands?: Readonly<Record<string, string>>;
  readonly actionPath?: string;
}

/** Runs the step of the action as GitHub's runner does: inputs over their defaults, put into the environment that action.yml writes. */
function runAction(inputs: Readonly<Record<string, string>>, { files, commands = {}, actionPath = root }: Checkout) {
  const workspace = writeFiles({ 'package.json': '{}', ...files });
  const bin = writeFiles(commands);
  const output = join(writeFiles({ output: '' }), 'output');
  const value = (name: string) => inputs[name] ?? action.inputs[name]?.default ?? '';
  const env = Object.entries(step?.env ?? {}).map(([name, expression]) => [
    name,
    value(/^\$\{\{ inputs\.([\w-]+) \}\}$/.exec(expression)?.[1] ?? ''),
  ]);
  const { status, stdout, stderr } = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step?.run ?? 'false'], {
    cwd: workspace,
    encoding: 'utf8',
    env: {
      ...process.env,
      ...Object.fromEntries(env),
      PATH: [bin, dirname(process.execPath), process.env.PATH].join(delimiter),
      GITHUB_ACTION_PATH: actionPath.replace(/\/$/, ''),
      GITHUB_WORKSPACE: workspace,
      GITHUB_OUTPUT: output,
    },
  });
  return { status, stdout, stderr, output: readFileSync(output, 'utf8'), workspace };
}

const GOOD = 'ensemble: good\nagents:\n  - name: say\n    operation: log\n    config: { message: Hello }\n';
const BAD = `${GOOD}descripton: An unknown key.
`;

/** A CLI that says what it was called with. */
const ECHO = 'console.log(JSON.stringify(process.argv.slice(2)));';
const installed = { 'node_modules/ensemble-run/bin/ensemble.js': ECHO };

describe('action.yml', () => {
  test('pins every action that it uses to a commit, with its version beside it', () => {
    const uses = [...text.matchAll(/^\s*(?:- )?uses: (.*)$/gm)].map(([, used]) => used);
    expect(uses.length).toBeGreaterThan(0);
    for (const used of uses) expect(used).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  test('puts inputs into the environment and never into a script', () => {
    for (const { run = '' } of action.runs.steps) expect(run).not.toContain('${{');
  });

  test('uses each of its inputs, and no other', () => {
    const used = new Set([...text.matchAll(/inputs\.([\w-]+)/g)].map(([, name]) => name));
    expect([...used].sort()).toEqual(Object.keys(action.inputs).sort());
  });
});

describe('the script of the action', () => {
  test('annotates what it finds, and fails', () => {
    const { status, stdout, output } = runAction({}, { files: { 'ensembles/bad.yaml': BAD, 'ensembles/good.yaml': GOOD } });
    expect(stdout).toMatch(/^::error file=ensembles\/bad\.yaml,line=6,endLine=6,col=1,endColumn=11,title=unknown-key::/m);
    expect(stdout).not.toContain('good.yaml');
    expect([status, output]).toEqual([1, 'exit-code=1\n']);
  });

  test('passes where nothing is wrong', () => {
    const { status, stdout, output } = runAction({}, { files: { 'ensembles/good.yaml': GOOD } });
    expect([status, stdout, output]).toEqual([0, '', 'exit-code=0\n']);
  });

  test('checks the files that are asked for alone', () => {
    const files = { 'ensembles/bad.yaml': BAD, 'ensembles/good.yaml': GOOD, 'more files/good.yaml': GOOD };
    expect(runAction({ paths: '\n  ensembles/good.yaml  \n\nmore files\n' }, { files }).status).toBe(0);
    expect(runAction({ paths: 'ensembles/*.yaml\n!ensembles/bad.yaml' }, { files }).status).toBe(0);
    expect(runAction({ paths: 'ensembles' }, { files }).status).toBe(1);
  });

  test('names files from the root of the checkout when it works below it', () => {
    const files = { 'services/shop/package.json': '{}', 'services/shop/ensembles/bad.yaml': BAD };
    const { stdout } = runAction({ 'working-directory': 'services/shop' }, { files });
    expect(stdout).toContain('::error file=services/shop/ensembles/bad.yaml,');
  });

  test('writes findings into the file that is asked for', () => {
    const { status, workspace } = runAction({ format: 'sarif', output: 'ensemble.sarif' }, { files: { 'ensembles/bad.yaml': BAD } });
    expect(status).toBe(1);
    expect(JSON.parse(readFileSync(join(workspace, 'ensemble.sarif'), 'utf8'))).toMatchObject({ version: '2.1.0' });
  });

  test('lets GitHub read annotations out of compact lines, while it lasts', () => {
    const { stdout } = runAction({ format: 'compact' }, { files: { 'ensembles/bad.yaml': BAD } });
    const lines = stdout.trimEnd().split('\n');
    const token = /^::stop-commands::([0-9a-f]{32})$/.exec(lines[1] ?? '')?.[1];
    expect(lines[0]).toBe(`::add-matcher::${join(root, 'ci/problem-matcher.json')}`);
    expect(existsSync(join(root, 'ci/problem-matcher.json'))).toBe(true);
    expect(lines[2]).toMatch(/^ensembles\/bad\.yaml:6:1: error: .* \[unknown-key\]$/);
    expect(lines.slice(3)).toEqual([`::${token}::`, '::remove-matcher owner=ensemble::']);
  });

  test('takes no command from what a format for people prints', () => {
    const cli = "process.stdout.write('::error::not ours\\n');";
    const { stdout } = runAction({ format: 'pretty' }, { files: { 'node_modules/ensemble-run/bin/ensemble.js': cli } });
    expect(stdout).toMatch(/^::stop-commands::([0-9a-f]{32})\n::error::not ours\n::\1::\n$/);
  });

  test('hands every input on as an argument of its own', () => {
    const inputs = {
      paths: 'a b.yaml\n--fix\n*.yaml',
      strict: 'true',
      quiet: 'true',
      'max-warnings': '3',
      rules: 'spliced-sql=off\n text-repair=error',
    };
    const { stdout } = runAction(inputs, { files: installed });
    const options = ['--strict', '--quiet', '--max-warnings', '3', '--rule', 'spliced-sql=off', '--rule', 'text-repair=error'];
    expect(JSON.parse(stdout)).toEqual(['validate', '--format', 'github', ...options, '--', 'a b.yaml', '--fix', '*.yaml']);
  });

  test('runs nothing that an input holds', () => {
    const hostile = '$(touch pwned) `touch pwned`; touch pwned && "\'\n$(touch pwned)';
    for (const name of Object.keys(action.inputs)) {
      const { workspace } = runAction({ [name]: hostile }, { files: installed });
      expect(existsSync(join(workspace, 'pwned')), name).toBe(false);
    }
  });

  test.each([
    [{ strict: 'yes' }, 'the input `strict` takes true or false, not `yes`'],
    [{ quiet: '1' }, 'the input `quiet` takes true or false, not `1`'],
    [{ version: 'npm:other' }, 'the input `version` takes a version such as 0.1.0, not `npm:other`'],
    [{ 'working-directory': 'nowhere' }, 'there is no folder `nowhere` (input `working-directory`)'],
    [{ strict: 'a\n::warning::b 100%' }, 'the input `strict` takes true or false, not `a%0A::warning::b 100%25`'],
  ])('refuses %j', (inputs, message) => {
    const { status, stdout, output } = runAction(inputs, { files: installed });
    expect([status, stdout, output]).toEqual([2, `::error title=ensemble validate::${message}\n`, 'exit-code=2\n']);
  });

  test('ends as the CLI does for a wrong command line', () => {
    const { status, output } = runAction({ paths: 'nowhere.yaml' }, { files: { 'ensembles/good.yaml': GOOD } });
    expect([status, output]).toEqual([2, 'exit-code=2\n']);
  });
});

describe('the CLI that the action takes', () => {
  const npx = { npx: '#!/bin/sh\necho "npx $*"\n' };

  test('is the version of npm that is asked for', () => {
    const { stdout } = runAction({ version: '0.1.0' }, { files: installed, commands: npx });
    expect(stdout).toBe('npx --yes --package ensemble-run@0.1.0 -- ensemble validate --format github --\n');
  });

  test('is else the one that the project has installed, also above the working directory', () => {
    const { stdout } = runAction({ 'working-directory': 'shop' }, { files: { ...installed, 'shop/package.json': '{}' }, commands: npx });
    expect(JSON.parse(stdout)).toEqual(['validate', '--format', 'github', '--']);
  });

  test('is else the one of the action, built once', () => {
    const npm = { npm: '#!/bin/sh\necho "npm $*"\nmkdir dist\necho built > dist/cli.js\n' };
    const actionPath = writeFiles({ 'bin/ensemble.js': ECHO });
    cpSync(join(root, 'ci'), join(actionPath, 'ci'), { recursive: true });
    const first = runAction({}, { files: {}, commands: npm, actionPath });
    const second = runAction({}, { files: {}, commands: npm, actionPath });
    expect([first.stderr, second.stderr]).toEqual(['npm ci --no-audit --no-fund\n', '']);
    for (const { stdout } of [first, second]) expect(JSON.parse(stdout)).toEqual(['validate', '--format', 'github', '--']);
  });
});
