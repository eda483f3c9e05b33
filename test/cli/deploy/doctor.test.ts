import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { main } from '../../../src/cli/main.ts';
import { type WrittenProject, writeProject } from '../../support/written-project.ts';
import { createFakeIo } from '../support/fake-io.ts';

const bin = fileURLToPath(new URL('../../../bin/ensemble.js', import.meta.url));

const ENSEMBLE = `ensemble: carts
state: { backend: kv }
agents:
  - name: x
    operation: transform
    config: { value: 1 }
`;

async function run(project: WrittenProject, ...args: string[]) {
  const io = createFakeIo({ cwd: project.root });
  const code = await main(args, io);
  return { code, stdout: io.stdout.text, stderr: io.stderr.text };
}

describe('ensemble doctor', () => {
  test('shows what is missing, where and what to do, and ends with 1', async () => {
    using project = writeProject({ 'ensembles/carts.yaml': ENSEMBLE, 'wrangler.toml': 'name = "shop"\n\n[build]\ncommand = "make"\n' });
    const { code, stdout, stderr } = await run(project, 'doctor');
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /wrangler\.toml:4: error\[build-command\]: the build command "make" does not run `ensemble build`\n {2}help: \[build\] command = "npx ensemble build"\n/,
    );
    expect(stdout).toMatch(/error\[storage-binding\]: ensembles\/carts\.yaml needs a KV namespace, and none is bound\n/);
    // Errors first, notes last.
    expect([...stdout.matchAll(/(error|warning|note)\[/g)].map(([, severity]) => severity).join()).toMatch(
      /^(?:error,)+(?:warning,)*(?:note,?)+$/,
    );
    expect(stderr).toMatch(/^\d+ errors, \d+ warnings\nensemble doctor --fix writes what is missing\.\n$/);
    expect(readFileSync(join(project.root, 'wrangler.toml'), 'utf8')).toBe('name = "shop"\n\n[build]\ncommand = "make"\n');
  });

  test('--fix makes a configuration, shows it, and changes nothing the second time', async () => {
    using project = writeProject({ 'ensembles/carts.yaml': ENSEMBLE });
    const first = await run(project, 'doctor', '--fix');
    expect(first.code).toBe(0);
    expect(first.stdout).toMatch(/^made .*wrangler\.toml\n/);
    expect(first.stdout).toContain('\n+ [[kv_namespaces]]\n+ binding = "KV"\n');
    expect(first.stdout).not.toContain('error[');
    const file = join(project.root, 'wrangler.toml');
    const text = readFileSync(file, 'utf8');
    const { ino } = statSync(file);
    const second = await run(project, 'doctor', '--fix');
    expect(second.code).toBe(0);
    expect(second.stdout).not.toContain('made');
    expect(second.stdout).not.toContain('+ ');
    expect(readFileSync(file, 'utf8')).toBe(text);
    expect(statSync(file).ino).toBe(ino);
  });

  test('--fix shows only what changed, with what stands around it, and keeps the rights of the file', async () => {
    using project = writeProject({ 'ensembles/carts.yaml': ENSEMBLE });
    await run(project, 'doctor', '--fix');
    const file = join(project.root, 'wrangler.toml');
    writeFileSync(file, readFileSync(file, 'utf8').replace('no_bundle = true\n', ''));
    chmodSync(file, 0o640);
    const { stdout } = await run(project, 'doctor', '--fix');
    expect(stdout).toMatch(/^changed .*wrangler\.toml\n(?: {2}.*\n)+\+ no_bundle = true\n(?: {2}.*\n|\n)+/);
    expect(statSync(file).mode & 0o777).toBe(0o640);
  });

  test('what cannot be written by itself is told, and the rest is written', async () => {
    using project = writeProject({
      'ensembles/carts.yaml': ENSEMBLE,
      'wrangler.toml': 'triggers = {}\n[env]\n',
      'ensembles/cron.yaml':
        'ensemble: cron\ntrigger: [{ type: cron, cron: 0 3 * * * }]\nagents:\n  - name: x\n    operation: transform\n    config: { value: 1 }\n',
    });
    const { code, stderr } = await run(project, 'doctor', '--fix');
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(/^1 warning\n$/) });
    expect(readFileSync(join(project.root, 'wrangler.toml'), 'utf8')).toContain('triggers = { crons = ["0 3 * * *"] }\n');
  });

  test('--json prints all of it as one object', async () => {
    using project = writeProject({ 'ensembles/carts.yaml': ENSEMBLE, 'wrangler.toml': 'name = "shop"\n' });
    const { code, stdout, stderr } = await run(project, 'doctor', '--json');
    expect(code).toBe(1);
    expect(stderr).toBe('');
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ environment: null, ok: false, fixed: false, refused: [] });
    expect(report.findings).toContainEqual({
      code: 'storage-binding',
      severity: 'error',
      message: 'ensembles/carts.yaml needs a KV namespace, and none is bound',
      file: expect.stringMatching(/wrangler\.toml$/),
      help: '[[kv_namespaces]] binding = "KV"',
      fixable: true,
    });
  });

  test('a configuration that cannot be read, and an environment that is not there, are told without a stack', async () => {
    using project = writeProject({ 'ensembles/carts.yaml': ENSEMBLE, 'wrangler.toml': 'name = \n' });
    const broken = await run(project, 'doctor');
    expect(broken).toMatchObject({ code: 1, stderr: expect.stringMatching(/^error: .*wrangler\.toml:1:\d+: /) });
    writeFileSync(join(project.root, 'wrangler.toml'), '[env.live]\n');
    expect(await run(project, 'doctor', '--env', 'liv')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('did you mean "live"?'),
    });
  });

  test('the errors of ensembles are shown with their lines', async () => {
    using project = writeProject({ 'ensembles/a.yaml': 'ensemble: a\nagents: nothing\n', 'wrangler.toml': '' });
    const { code, stdout, stderr } = await run(project, 'doctor');
    expect(code).toBe(1);
    expect(stderr).toContain('2 | agents: nothing');
    expect(stdout).toContain('error[broken-ensemble]: it has 1 error');
  });

  test('what a file holds cannot write to the terminal', async () => {
    using project = writeProject({ 'ensembles/carts.yaml': ENSEMBLE, 'wrangler.toml': 'main = "\\u001b[31mred"\n' });
    const { stdout } = await run(project, 'doctor');
    expect(stdout).toContain('`main` is "red"');
    expect(stdout).not.toContain('\u001b');
  });
});

describe('ensemble deploy', () => {
  /** A wrangler that writes down how it was called. */
  function withWrangler(files: Readonly<Record<string, string>>, script = ''): WrittenProject {
    const project = writeProject({ 'ensembles/carts.yaml': ENSEMBLE, ...files });
    mkdirSync(join(project.root, 'node_modules/.bin'), { recursive: true });
    const command = join(project.root, 'node_modules/.bin/wrangler');
    writeFileSync(command, `#!/bin/sh\nprintf '%s\\n' "$PWD" "env=$CLOUDFLARE_ENV" "$@" > called.txt\n${script}\n`);
    chmodSync(command, 0o755);
    return project;
  }
  const called = ({ root }: WrittenProject): readonly string[] =>
    readFileSync(join(root, 'called.txt'), 'utf8').trimEnd().split('\n').slice(1);

  test('hands over to the wrangler of the project, with what stands behind --', async () => {
    using project = withWrangler({});
    await run(project, 'doctor', '--fix');
    expect((await run(project, 'deploy', '--dry-run', '--', '--outdir', 'a b')).code).toBe(0);
    expect(called(project)).toEqual(['env=', 'deploy', '--config', 'wrangler.toml', '--dry-run', '--outdir', 'a b']);
  });

  test('names the environment to wrangler and to the build that it starts, and else says that none is meant', async () => {
    using project = withWrangler({ 'wrangler.toml': '[env.live]\n' });
    await run(project, 'doctor', '--fix');
    await run(project, 'doctor', '--fix', '--env', 'live');
    expect((await run(project, 'deploy', '--env', 'live')).code).toBe(0);
    expect(called(project)).toEqual(['env=live', 'deploy', '--config', 'wrangler.toml', '--env', 'live']);
    expect((await run(project, 'deploy')).code).toBe(0);
    expect(called(project)).toEqual(['env=', 'deploy', '--config', 'wrangler.toml', '--env=']);
  });

  test.each([
    ['exit 1', 1],
    ['exit 130', 130],
    ['kill -INT $$', 130],
    ['exit 9', 1],
    // Ours, for a run that waits.
    ['exit 4', 1],
  ])('ends with 1 when wrangler fails, and as it ends when it is interrupted: %s', async (script, code) => {
    using project = withWrangler({}, script);
    await run(project, 'doctor', '--fix');
    expect((await run(project, 'deploy')).code).toBe(code);
  });

  test('hands on the signal that it gets, and waits for wrangler to end', async () => {
    using project = withWrangler({}, "trap 'echo TERM > got.txt; exit 1' TERM; echo ready; while :; do sleep 0.02; done");
    await run(project, 'doctor', '--fix');
    const child = spawn(process.execPath, [bin, 'deploy'], { cwd: project.root, stdio: ['ignore', 'pipe', 'ignore'] });
    const ended = once(child, 'close');
    // It is wrangler's own stdout.
    await once(child.stdout, 'data');
    child.kill('SIGTERM');
    expect(await ended).toEqual([1, null]);
    expect(readFileSync(join(project.root, 'got.txt'), 'utf8')).toBe('TERM\n');
  });

  test('stops at errors, and starts nothing', async () => {
    using project = withWrangler({ 'wrangler.toml': '' });
    const { code, stderr } = await run(project, 'deploy');
    expect(code).toBe(1);
    expect(stderr).toContain('error[worker-main]');
    expect(stderr).toMatch(/Nothing is deployed\. ensemble doctor --fix writes what is missing\.\n$/);
    expect(() => called(project)).toThrow();
  });

  test('a word that is no option is refused before anything is looked at', async () => {
    using project = withWrangler({});
    expect(await run(project, 'deploy', 'staging')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('name an environment by --env'),
    });
  });

  test('without wrangler it says how to get it', async () => {
    using project = writeProject({ 'ensembles/carts.yaml': ENSEMBLE });
    await run(project, 'doctor', '--fix');
    expect(await run(project, 'deploy')).toMatchObject({ code: 1, stderr: expect.stringContaining('npm install --save-dev wrangler') });
  });
});
