import { mkdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fixFiles } from '../../../src/cli/validate/fix-files.ts';
import { fixSource } from '../../../src/cli/validate/fix-source.ts';
import { Workspace } from '../../../src/cli/validate/workspace.ts';
import { Linter } from '../../../src/language/lint.ts';
import { EMPTY_PROJECT } from '../../../src/language/project-index.ts';
import { UnwritableText } from '../../../src/node/replace-text.ts';
import { fc } from '../../support/fast-check.ts';
import { type WrittenProject, writeProject } from '../../support/written-project.ts';
import { createFakeIo } from '../support/fake-io.ts';
import { CLEAN, FAILS, FIXABLE, validate, WARNS } from './support.ts';

const FIXED = FIXABLE.replace(/hello: .*/, (value) => `"${value}"`);

let project: WrittenProject;
beforeEach(() => {
  project = writeProject({ 'ensembles/a.yaml': FIXABLE, 'ensembles/clean.yaml': CLEAN });
});
afterEach(() => project[Symbol.dispose]());

const read = (path: string) => readFileSync(join(project.root, path), 'utf8');
function write(path: string, text: string): void {
  mkdirSync(join(project.root, path, '..'), { recursive: true });
  writeFileSync(join(project.root, path), text);
}

describe('--fix', () => {
  test('mends what is safe, says how much that was, and shows what is left', async () => {
    write('ensembles/fails.yaml', FAILS.replace('"hello ${inptu.name}"', 'hello: ${inptu.name}'));
    const { code, stdout, stderr } = await validate(project.root, ['--fix', '--format', 'compact']);
    expect(read('ensembles/a.yaml')).toBe(FIXED);
    expect(read('ensembles/fails.yaml')).toContain('message: "hello: ${inptu.name}"');
    expect(stdout).toMatch(/^ensembles\/fails\.yaml:6:26: error: .* \[unknown-name\]\n$/);
    expect([code, stderr]).toEqual([1, 'fixed 2 problems in 2 files\n1 error in 1 file\n']);
  });

  test('without it nothing is written, and the finding says that it can be mended', async () => {
    const { stdout } = await validate(project.root, []);
    expect(read('ensembles/a.yaml')).toBe(FIXABLE);
    expect(stdout).toContain('--fix');
  });

  test.each([
    ['a byte order mark', (text: string) => `\ufeff${text}`],
    ['lines that end in CRLF', (text: string) => text.replaceAll('\n', '\r\n')],
    ['comments, blank lines and blanks at the ends of lines', (text: string) => text.replaceAll('\n', '  # é 😀\n\n \n')],
    ['no newline at the end', (text: string) => text.trimEnd()],
  ])('%s stay as they are', async (_, change) => {
    write('ensembles/a.yaml', change(FIXABLE));
    expect(await validate(project.root, ['--fix'])).toMatchObject({ code: 0, stdout: '' });
    expect(read('ensembles/a.yaml')).toBe(change(FIXED));
  });

  test('a file in which nothing can be mended is not written', async () => {
    const file = join(project.root, 'ensembles/clean.yaml');
    utimesSync(file, 1_000, 1_000);
    write('ensembles/a.yaml', WARNS);
    const { stderr } = await validate(project.root, ['--fix']);
    expect(stderr).toBe('1 warning in 1 file\n');
    expect(statSync(file).mtimeMs).toBe(1_000_000);
  });

  test('a rule that is off, or ignored, is not mended', async () => {
    await validate(project.root, ['--fix', '--rule', 'text-repair=off']);
    expect(read('ensembles/a.yaml')).toBe(FIXABLE);
    const ignored = FIXABLE.replace('      message', '      # ensemble-ignore text-repair: fine\n      message');
    write('ensembles/a.yaml', ignored);
    await validate(project.root, ['--fix']);
    expect(read('ensembles/a.yaml')).toBe(ignored);
  });

  test('agent files that were not named are looked at and left alone', async () => {
    const agent = 'agent: part\noperation: log\nconfig:\n  message: on: air\n';
    write('agents/part.yaml', agent);
    write('ensembles/uses.yaml', 'ensemble: uses\nagents:\n  - name: part\n');
    const { stdout } = await validate(project.root, ['--fix', 'ensembles/uses.yaml']);
    expect(stdout).toContain('agents/part.yaml:4:12');
    expect(read('agents/part.yaml')).toBe(agent);
    expect(await validate(project.root, ['--fix'])).toMatchObject({
      stdout: '',
      stderr: expect.stringContaining('fixed 2 problems in 2 files'),
    });
  });

  test('with stdin the mended text goes to stdout and what is left to stderr', async () => {
    const stdin = FIXABLE.replace('    config:', '    condition: always\n    config:');
    const result = await validate(project.root, ['--fix', '-', '--format', 'compact'], { stdin });
    expect(result.stdout).toBe(FIXED.replace('    config:', '    condition: always\n    config:'));
    expect(result.stderr).toMatch(/^fixed 1 problem in 1 file\n<stdin>:7:16: warning: .*\n1 warning in 1 file\n$/);
    expect((await validate(project.root, ['--fix', '-'], { stdin: CLEAN })).stdout).toBe(CLEAN);
  });
});

describe('writing', () => {
  const filesOf = (...names: string[]) => names.map((name) => join(project.root, 'ensembles', name));
  const readFile = (file: string, path: string) => ({ path, text: readFileSync(file, 'utf8') });

  test('an interrupt is heeded between two files', async () => {
    const io = createFakeIo({ cwd: project.root });
    const written: string[] = [];
    const write = (file: string) => {
      written.push(file);
      io.interrupt();
    };
    writeFileSync(join(project.root, 'ensembles/b.yaml'), FIXABLE);
    expect(await fixFiles(filesOf('a.yaml', 'b.yaml'), readFile, write, new Workspace(), io)).toBe('interrupted');
    expect(written).toEqual(filesOf('a.yaml'));
    expect(io.interruptListeners).toBe(0);
  });

  test('a file that cannot be written is told, and the others are mended', async () => {
    const io = createFakeIo({ cwd: project.root });
    writeFileSync(join(project.root, 'ensembles/b.yaml'), FIXABLE);
    const written: string[] = [];
    const write = (file: string) => {
      if (file.endsWith('a.yaml')) throw new UnwritableText('it has changed meanwhile');
      written.push(file);
    };
    expect(await fixFiles(filesOf('a.yaml', 'b.yaml'), readFile, write, new Workspace(), io)).toBe('unwritable');
    expect(written).toEqual(filesOf('b.yaml'));
    expect(io.stderr.text).toBe('ensembles/a.yaml could not be fixed: it has changed meanwhile\nfixed 1 problem in 1 file\n');
  });
});

describe('mending a text', () => {
  const linter = new Linter(EMPTY_PROJECT);
  const fix = (text: string) => fixSource({ path: 'a.yaml', text }, linter);

  test('a second time changes nothing', () => {
    const once = fix(FIXABLE);
    expect(once.fixed).toBeGreaterThan(0);
    expect(fix(once.text)).toEqual({ text: once.text, fixed: 0 });
  });

  test('never brings errors, nor changes anything but the stretches that a finding names', () => {
    const pieces = [
      'operation: log',
      '- name: say',
      '    ',
      '\n',
      'hello: ${input.name}',
      ': ',
      '"',
      '# ensemble-ignore text-repair: x\n',
      '\r\n',
      '- ',
      '\t',
    ];
    const errorsOf = (text: string) => linter.lint({ path: 'a.yaml', text }).filter(({ severity }) => severity === 'error').length;
    fc.assert(
      fc.property(fc.nat(FIXABLE.length), fc.nat(10), fc.constantFrom(...pieces), (at, cut, piece) => {
        const text = FIXABLE.slice(0, at) + piece + FIXABLE.slice(at + cut);
        const result = fix(text);
        expect(errorsOf(result.text)).toBeLessThanOrEqual(errorsOf(text));
        if (result.fixed === 0) expect(result.text).toBe(text);
      }),
      { numRuns: 300 },
    );
  });
});
