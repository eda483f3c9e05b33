import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { main } from '../../../src/cli/main.ts';
import { INSTALLED_ENV, linkPackages } from '../../support/installed-project.ts';
import { runCli } from '../../support/run-cli.ts';
import { type WrittenProject, writeProject } from '../../support/written-project.ts';
import { createFakeIo, type FakeIoOptions } from '../support/fake-io.ts';

async function init({ root }: WrittenProject, args: readonly string[], options: FakeIoOptions = {}, typed = '') {
  const io = createFakeIo({ cwd: root, ...options });
  const ended = main(['init', ...args], io);
  if (typed !== '') io.type(typed);
  return { io, code: await ended };
}

const TERMINAL: FakeIoOptions = { tty: true, stdinTty: true, env: { NO_COLOR: '1' } };
const nameIn = (folder: string): unknown => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).name;

describe('ensemble init', () => {
  test('asks nothing where there is no terminal, and says what comes next', async () => {
    using project = writeProject({});
    const { io, code } = await init(project, ['My Shop']);
    expect(code).toBe(0);
    expect(io.stdout.text).toContain('+ ensembles/word-report.yaml\n');
    expect(io.stdout.text).toContain("Next:\n  cd 'My Shop'\n  npm install\n");
    expect(io.stderr.text).toBe('');
    expect(nameIn(join(project.root, 'My Shop'))).toBe('my-shop');
    expect(readFileSync(join(project.root, 'My Shop/ensembles/word-report.yaml'), 'utf8')).toContain('trigger:');
  });

  test('asks at a terminal for what no option says, again until it makes sense', async () => {
    using project = writeProject({});
    const { io, code } = await init(project, ['shop'], TERMINAL, 'Not A Name\nbazaar\nperhaps\nn\n');
    expect(code).toBe(0);
    expect(io.stderr.text).toContain('? Name of the project and its Worker (shop) ');
    expect(io.stderr.text).toContain('"Not A Name" cannot be the name of a Worker');
    expect(io.stderr.text).toContain('y or n\n');
    expect(nameIn(join(project.root, 'shop'))).toBe('bazaar');
    expect(readFileSync(join(project.root, 'shop/ensembles/word-report.yaml'), 'utf8')).not.toContain('trigger:');
  });

  test('an empty line takes what is offered; --yes and options are not asked about', async () => {
    using project = writeProject({});
    expect((await init(project, ['a'], TERMINAL, '\n\n')).code).toBe(0);
    expect(nameIn(join(project.root, 'a'))).toBe('a');
    const asked = await init(project, ['b', '--yes'], TERMINAL);
    expect(asked.io.stderr.text).toBe('');
    const given = await init(project, ['c', '--name', 'see', '--no-triggers'], TERMINAL);
    expect(given.io.stderr.text).toBe('');
    expect(nameIn(join(project.root, 'c'))).toBe('see');
  });

  test.each(['interrupt', 'endInput'] as const)('nothing is written when nobody answers: %s', async (way) => {
    using project = writeProject({});
    const io = createFakeIo({ cwd: project.root, ...TERMINAL });
    const ended = main(['init', 'shop'], io);
    await expect.poll(() => io.stderr.text).toContain('Name of the project');
    io[way]();
    expect(await ended).toBe(130);
    expect(existsSync(join(project.root, 'shop'))).toBe(false);
  });

  test.each(['', 'Shop', '-a', 'a b', '../x', 'a'.repeat(64)])('the name %j is refused', async (name) => {
    using project = writeProject({});
    const { io, code } = await init(project, ['shop', '--name', name]);
    expect(code).toBe(2);
    expect(io.stderr.text).toContain('cannot be the name of a Worker');
    expect(existsSync(join(project.root, 'shop'))).toBe(false);
  });

  test('what is in the way is listed, with exit code 1', async () => {
    using project = writeProject({ 'wrangler.toml': '' });
    const { io, code } = await init(project, []);
    expect(code).toBe(1);
    expect(io.stderr.text).toBe(
      'error: a file is in the way, and nothing was written:\n  wrangler.toml\nchoose another folder, or write what ensembles need into the configuration: ensemble doctor --fix\n',
    );
    expect(readdirSync(project.root).toSorted()).toEqual(['package.json', 'wrangler.toml']);
  });
});

describe('a fresh project', () => {
  /** As after `npm install`. */
  async function fresh(...args: string[]): Promise<WrittenProject> {
    const project = writeProject({});
    expect((await init(project, ['.', '--name', 'shop', ...args])).code).toBe(0);
    linkPackages(project.root);
    return project;
  }
  const env = INSTALLED_ENV;

  test('validates, runs, has nothing for doctor, and wrangler builds and takes it', { timeout: 120_000 }, async () => {
    using project = await fresh();
    const ensemble = (...args: string[]) => runCli(args, { cwd: project.root, env });
    expect(await ensemble('validate', '--strict')).toMatchObject({ code: 0 });
    const ran = await ensemble('run', 'word-report', '--input', '@ensembles/inputs/word-report.json', '--quiet');
    expect({ code: ran.code, output: JSON.parse(ran.stdout) }).toEqual({
      code: 0,
      output: { words: 9, longest: 'quick', length: 'short', total_words: 9 },
    });
    const doctor = await ensemble('doctor');
    expect({ code: doctor.code, stderr: doctor.stderr }).toEqual({
      code: 0,
      stderr: 'The configuration has all that the ensembles need.\n',
    });
    const deployed = await ensemble('deploy', '--dry-run', '--', '--outdir', 'out');
    expect(`${deployed.code} ${deployed.stdout}${deployed.stderr}`).toMatch(/^0 /);
    expect(deployed.stdout).toContain('env.ENSEMBLE_CLAIMS (ClaimObject)');
    expect(deployed.stdout).toContain('--dry-run: exiting now.');
    expect(existsSync(join(project.root, 'out/index.js'))).toBe(true);
  });

  test('wrangler alone does the same', { timeout: 120_000 }, async () => {
    using project = await fresh('--no-triggers');
    const { status, stdout, stderr } = spawnSync(join(project.root, 'node_modules/.bin/wrangler'), ['deploy', '--dry-run'], {
      cwd: project.root,
      encoding: 'utf8',
      env: { ...process.env, ...env },
    });
    expect(`${status} ${stdout}${stderr}`).toMatch(/^0 /);
    expect(existsSync(join(project.root, '.ensemble/build/manifest.json'))).toBe(true);
  });
});
