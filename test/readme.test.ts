import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { listFences } from './support/markdown.ts';
import { runCli, SHARED_HOST } from './support/run-cli.ts';
import { stopHostOf } from './support/stop-host.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

const listCommands = (page: string): string[] =>
  listFences(read(page))
    .filter(({ info }) => info === 'sh')
    .flatMap(({ text }) => text.trim().split('\n'))
    .flatMap((line) => line.split(' && '));

const readme = listCommands('README.md');
const ensemble = readme.filter((command) => command.startsWith('npx ensemble '));
const npm = [...readme, ...listCommands('CONTRIBUTING.md'), ...listCommands('bench/README.md')].filter((command) =>
  command.startsWith('npm '),
);

/** Splits a command as a shell does; the README uses plain words and single quotes only. */
function splitWords(command: string): string[] {
  return (command.match(/(?:[^\s']|'[^']*')+/g) ?? []).map((word) => word.replaceAll("'", ''));
}

describe('the commands of the README', () => {
  const folder = mkdtempSync(join(tmpdir(), 'readme-'));
  for (const entry of ['ensembles', 'agents', 'migrations', 'wrangler.toml'])
    cpSync(join(root, entry), join(folder, entry), { recursive: true });
  // What `npm ci` installs, wrangler among it, and what this repository's own `[build]` calls.
  for (const entry of ['node_modules', 'bin']) symlinkSync(join(root, entry), join(folder, entry), 'dir');
  afterAll(async () => {
    await stopHostOf(folder);
    rmSync(folder, { recursive: true, force: true });
  });

  test.each(ensemble)('%s', async (command) => {
    const { code, stdout, stderr } = await runCli(splitWords(command).slice(2), { cwd: folder, env: SHARED_HOST });
    expect(code).toBe(0);
    // `validate` says on stderr that there is nothing to say.
    expect(`${stdout}${stderr}`).not.toBe('');
  });

  test('are those that CI runs, where they set the machine up', () => {
    const script = read('.ci/run').split('\n');
    expect(script.some((line) => line.startsWith('npm ci'))).toBe(true);
    expect(script).toContain('npm test');
    expect(script).toContain(ensemble[0]);
  });

  test('are all of a kind that is tested', () => {
    expect(readme.filter((command) => !ensemble.includes(command) && !npm.includes(command))).toEqual([]);
  });

  test('call npm scripts that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    for (const command of npm) {
      const { positionals } = parseArgs({ args: splitWords(command).slice(1), allowPositionals: true, strict: false });
      const [verb = '', script = ''] = positionals;
      expect(verb === 'ci' || (verb === 'run' ? script : verb) in scripts, command).toBe(true);
    }
  });

  test('go with a table of every ensemble', () => {
    const described = [...read('README.md').matchAll(/\(ensembles\/([\w-]+)\.yaml\)/g)].map(([, name]) => `${name}.yaml`);
    const present = readdirSync(join(root, 'ensembles')).filter((file) => file.endsWith('.yaml'));
    expect(described.sort()).toEqual(present.sort());
  });
});

describe('the first example of the README', () => {
  test('runs as printed', async () => {
    const yaml = listFences(read('README.md')).find(({ info }) => info === 'yaml');
    const folder = mkdtempSync(join(tmpdir(), 'readme-example-'));
    writeFileSync(join(folder, 'example.yaml'), yaml?.text ?? '');
    const { code, stdout } = await runCli(['run', 'example.yaml', 'content=the quick brown fox'], { cwd: folder });
    rmSync(folder, { recursive: true, force: true });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ words: 4, total_words: 4 });
  });
});
