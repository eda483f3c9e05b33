import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { writeProject } from '../../support/written-project.ts';
import { runMain } from '../support/run-main.ts';

const GREET = 'ensemble: greet\nagents:\n  - name: hello\n    operation: transform\n    config: { value: hi }\n';
const CRON = 'trigger:\n  - { type: cron, cron: "0 3 * * *" }\n';

describe('ensemble build', () => {
  test('says what was built, and how large that is beside what the platform takes', async () => {
    using project = writeProject({ 'ensembles/greet.yaml': GREET, 'ensembles/nightly/sync.yaml': GREET + CRON });
    const { code, stdout, stderr } = await runMain(['build'], { cwd: project.root });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^built \.ensemble\/build\n {2}greet\n {2}nightly\/sync {2}cron\n/);
    expect(stdout).toMatch(/runtime {3}\d+ modules {2}[\d.]+ KiB\n {2}programs {2}2 modules/);
    expect(stdout).toMatch(/[\d.]+ KiB of 64 MiB \(\d\.\d %\), compressed [\d.]+ KiB\n/);
  });

  test('gives the same as data', async () => {
    using project = writeProject({ 'ensembles/greet.yaml': GREET });
    const { code, stdout } = await runMain(['build', '--json', '--out', 'out'], { cwd: project.root });
    const { size, files, ...rest } = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(rest).toEqual({
      type: 'built',
      warnings: 0,
      folder: 'out',
      manifest: JSON.parse(readFileSync(join(project.root, 'out/manifest.json'), 'utf8')),
    });
    expect(size.bytes).toBe(
      files.reduce((sum: number, file: { path: string; bytes: number }) => sum + (file.path.endsWith('.js') ? file.bytes : 0), 0),
    );
  });

  test('counts warnings, which do not stop it', async () => {
    using project = writeProject({
      'ensembles/greet.yaml': `${GREET}  - { name: never, operation: log, condition: "\${1 > 2}", config: { message: x } }\n`,
    });
    const { code, stdout, stderr } = await runMain(['build'], { cwd: project.root });
    expect([code, stderr]).toEqual([0, '1 warning (ensemble validate shows it)\n']);
    expect(stdout).toContain('built');
  });

  test('shows errors with the lines they stand on, and builds nothing', async () => {
    using project = writeProject({ 'ensembles/greet.yaml': GREET.replace('transform', 'transfrom') });
    const { code, stdout, stderr } = await runMain(['build'], { cwd: project.root });
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^ensembles\/greet\.yaml:4:16: error\[unknown-operation\]/);
    expect(stderr).toContain('4 |     operation: transfrom');
    expect(stderr).toMatch(/1 error\nnothing was built\n$/);
    expect(existsSync(join(project.root, '.ensemble'))).toBe(false);
  });

  test('gives errors as data too', async () => {
    using project = writeProject({ 'ensembles/greet.yaml': GREET.replace('transform', 'transfrom') });
    const { code, stdout } = await runMain(['build', '--json'], { cwd: project.root });
    expect([code, JSON.parse(stdout)]).toMatchObject([1, { type: 'refused', diagnostics: [{ code: 'unknown-operation' }] }]);
  });

  test('is for the environment that wrangler is told by its own variable, unless --env names one', async () => {
    using project = writeProject({
      'ensembles/greet.yaml': GREET,
      'wrangler.toml': '[env.a.vars]\nA = "1"\n[env.b.vars]\nB = "1"\n',
    });
    const varsOf = async (args: readonly string[], env: Record<string, string>) =>
      JSON.parse((await runMain(['build', '--json', ...args], { cwd: project.root, env })).stdout).manifest.vars;
    expect(await varsOf([], {})).toEqual([]);
    expect(await varsOf([], { CLOUDFLARE_ENV: 'a' })).toEqual(['A']);
    expect(await varsOf(['--env', 'b'], { CLOUDFLARE_ENV: 'a' })).toEqual(['B']);
    expect(await runMain(['build', '--env', 'c'], { cwd: project.root })).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('"c"'),
    });
  });

  test.each([
    [['build'], {}, 1, 'the project has no ensembles'],
    [['build', '--out', '.'], { 'ensembles/greet.yaml': GREET }, 1, 'holds other files than an earlier build'],
    [['build', 'ensembles/greet.yaml'], { 'ensembles/greet.yaml': GREET }, 2, 'too many arguments'],
  ])('refuses in one line: %j', async (args, files, code, text) => {
    using project = writeProject(files);
    const result = await runMain(args, { cwd: project.root });
    expect([result.code, result.stdout]).toEqual([code, '']);
    expect(result.stderr).toContain(text);
    expect(result.stderr).not.toContain('    at ');
  });
});
