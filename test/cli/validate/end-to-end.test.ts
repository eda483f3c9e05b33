import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { runCli } from '../../support/run-cli.ts';
import { writeProject } from '../../support/written-project.ts';
import { CLEAN, FAILS, FIXABLE, WARNS } from './support.ts';

const bin = fileURLToPath(new URL('../../../bin/ensemble.js', import.meta.url));

function start(cwd: string, ...args: string[]): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [bin, 'validate', ...args], { cwd, env: { ...process.env, NO_COLOR: '1' } });
}

const ended = (child: ChildProcessWithoutNullStreams) =>
  new Promise<{ readonly code: number | null; readonly signal: string | null }>((resolve) =>
    child.once('close', (code, signal) => resolve({ code, signal })),
  );

describe('the built command line', () => {
  test('validates the examples of this repository without a finding', async () => {
    const cwd = fileURLToPath(new URL('../../../', import.meta.url));
    const { code, stdout, stderr } = await runCli(['validate'], { cwd });
    expect([code, stdout]).toEqual([0, '']);
    expect(stderr).toMatch(/^\d+ files: no problems\n$/);
  });

  test('gives findings, a count and an exit code', async () => {
    using project = writeProject({ 'ensembles/fails.yaml': FAILS, 'ensembles/clean.yaml': CLEAN });
    const { code, stdout, stderr } = await runCli(['validate', '--format', 'compact'], { cwd: project.root });
    expect([code, stderr]).toEqual([1, '1 error in 1 file\n']);
    expect(stdout).toMatch(/^ensembles\/fails\.yaml:6:25: error: .* \[unknown-name\]\n$/);
    expect((await runCli(['validate', 'ensembles/clean.yaml'], { cwd: project.root })).code).toBe(0);
    expect((await runCli(['validate', 'nowhere'], { cwd: project.root })).code).toBe(2);
  });

  // The build has the parser make its patterns for these when it first meets one (scripts/adapt-packages.ts).
  test('knows the properties of characters that a regular expression may name', async () => {
    using project = writeProject({
      'ensembles/greek.yaml':
        'ensemble: greek\nagents:\n  - name: look\n    operation: transform\n    config:\n      value: ${/\\p{Script=Greek}/u.test(input.a) && /\\p{Scrip=Greek}/u.test(input.a)}\n',
    });
    const { code, stdout } = await runCli(['validate', '--format', 'compact'], { cwd: project.root });
    expect([code, stdout.match(/Invalid regular expression: .*?: .*?(?= \[)/g)]).toEqual([
      1,
      ['Invalid regular expression: /\\p{Scrip=Greek}/: Invalid property name'],
    ]);
  });

  test('reads a file from stdin and writes it mended', async () => {
    using project = writeProject({});
    const { code, stdout } = await runCli(['validate', '-', '--fix'], { cwd: project.root, stdin: FIXABLE });
    expect([code, stdout]).toEqual([0, FIXABLE.replace(/hello: .*/, (value) => `"${value}"`)]);
  });

  test('ends without a word when nobody reads on', async () => {
    const files = Array.from({ length: 400 }, (_, i) => [`ensembles/${i}.yaml`, FAILS] as const);
    using project = writeProject(Object.fromEntries(files));
    const child = start(project.root, '--format', 'json');
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      stderr += chunk;
    });
    child.stdout.once('data', () => child.stdout.destroy());
    expect(await ended(child)).toEqual({ code: 1, signal: null });
    expect(stderr).toBe('400 errors in 400 files\n');
  });
});

/** A watching process, and what it has written; `until` resolves once that holds a text beyond what was asked for before. */
function watch(cwd: string, ...args: string[]) {
  const child = start(cwd, '--watch', '--format', 'compact', ...args);
  let text = '';
  let done = 0;
  let look = () => {};
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      look();
    });
  }
  const until = (wanted: string) =>
    new Promise<void>((resolve) => {
      look = () => {
        const at = text.indexOf(wanted, done);
        if (at === -1) return;
        done = at + wanted.length;
        look = () => {};
        resolve();
      };
      look();
    });
  /** The count that ends a round. */
  const round = async (summary: string) => {
    await until(`${summary}\n`);
    await until('watching for changes; Ctrl-C ends\n');
  };
  return { child, round, [Symbol.dispose]: () => void child.kill('SIGKILL') };
}

describe('--watch', () => {
  test('looks again when a file, a new file, an agent file, the settings or the bindings change, until Ctrl-C', async () => {
    using project = writeProject({
      'ensembles/a.yaml': CLEAN,
      'agents/other.yaml': 'agent: other\noperation: log\nconfig: { message: hi }\n',
    });
    const write = (path: string, text: string) => writeFileSync(join(project.root, path), text);
    using process = watch(project.root);
    await process.round('2 files: no problems');
    write('ensembles/a.yaml', WARNS);
    await process.round('1 warning in 1 file');
    write('ensemble.config.yaml', 'rules: { constant-condition: error }\n');
    await process.round('1 error in 1 file');
    rmSync(join(project.root, 'ensemble.config.yaml'));
    await process.round('1 warning in 1 file');
    write('ensembles/b.yaml', FAILS);
    await process.round('1 error, 1 warning in 2 files');
    // As editors save: another file takes the name.
    write('ensembles/.b.yaml.tmp', CLEAN);
    renameSync(join(project.root, 'ensembles/.b.yaml.tmp'), join(project.root, 'ensembles/b.yaml'));
    await process.round('1 warning in 1 file');
    write('agents/other.yaml', 'agent: other\noperation: lug\n');
    await process.round('1 error, 1 warning in 2 files');
    write('agents/other.yaml', 'agent: other\noperation: log\nconfig: { message: hi }\n');
    await process.round('1 warning in 1 file');
    process.child.kill('SIGINT');
    expect(await ended(process.child)).toEqual({ code: 130, signal: null });
  });

  test('waits for files that come back, and starts only where there are some', async () => {
    using project = writeProject({ 'ensembles/a.yaml': CLEAN });
    using process = watch(project.root);
    await process.round('1 file: no problems');
    rmSync(join(project.root, 'ensembles/a.yaml'));
    await process.round('Name files, folders or globs.');
    writeFileSync(join(project.root, 'ensembles/a.yaml'), FAILS);
    await process.round('1 error in 1 file');
    process.child.kill('SIGTERM');
    expect((await ended(process.child)).code).toBe(130);
    using none = writeProject({});
    expect((await runCli(['validate', '--watch'], { cwd: none.root })).code).toBe(2);
  });
});
