import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fc } from '../../support/fast-check.ts';
import { type WrittenProject, writeProject } from '../../support/written-project.ts';
import { CLEAN, FAILS, validate, validateLines, WARNS } from './support.ts';

let project: WrittenProject;
beforeEach(() => {
  project = writeProject({ 'ensembles/clean.yaml': CLEAN });
});
afterEach(() => project[Symbol.dispose]());

function write(files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(project.root, path, '..'), { recursive: true });
    writeFileSync(join(project.root, path), text);
  }
}

const UNKNOWN_NAME = 'ensembles/fails.yaml:6:25: error: `inptu` is no known name; did you mean `input`? [unknown-name]';
const CONSTANT = 'ensembles/warns.yaml:7:16: warning: ';

describe('what is shown, and the exit code', () => {
  test('without problems: nothing on stdout, a count on stderr, 0', async () => {
    expect(await validate(project.root, [])).toEqual({ code: 0, stdout: '', stderr: '1 file: no problems\n' });
    write({ 'agents/greet.yaml': 'agent: greet\noperation: log\nconfig: { message: hi }\n' });
    expect((await validate(project.root, [])).stderr).toBe('2 files: no problems\n');
  });

  test('an error: its line with carets and help, 1', async () => {
    write({ 'ensembles/fails.yaml': FAILS });
    const { code, stdout, stderr } = await validate(project.root, []);
    expect(code).toBe(1);
    expect(stdout).toContain(
      'ensembles/fails.yaml:6:25: error[unknown-name]: `inptu` is no known name; did you mean `input`?\n6 |       message: "hello ${inptu.name}"\n',
    );
    expect(stdout).toContain('  |                         ^^^^^\nhelp: ');
    expect(stderr).toBe('1 error in 1 file\n');
  });

  test('a warning: 0, unless there are too many or they count as errors', async () => {
    write({ 'ensembles/warns.yaml': WARNS });
    const { code, lines, stderr } = await validateLines(project.root, []);
    expect([code, lines, stderr]).toEqual([0, [expect.stringContaining(CONSTANT)], '1 warning in 1 file\n']);
    expect(await validateLines(project.root, ['--max-warnings', '1'])).toMatchObject({ code: 0 });
    expect(await validateLines(project.root, ['--max-warnings', '0'])).toMatchObject({
      code: 1,
      stderr: '1 warning in 1 file\ntoo many warnings: 1, --max-warnings allows 0\n',
    });
    const strict = await validateLines(project.root, ['--strict']);
    expect([strict.code, strict.lines[0]?.includes(': error: '), strict.stderr]).toEqual([1, true, '1 error in 1 file\n']);
  });

  test('--quiet shows errors only; warnings still count', async () => {
    write({ 'ensembles/warns.yaml': WARNS });
    expect(await validate(project.root, ['--quiet'])).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(await validate(project.root, ['--quiet', '--max-warnings=0'])).toMatchObject({ code: 1, stdout: '' });
    write({ 'ensembles/fails.yaml': FAILS });
    const { lines, stderr } = await validateLines(project.root, ['--quiet']);
    expect([lines, stderr]).toEqual([[UNKNOWN_NAME], '1 error in 1 file\n']);
  });

  test('findings come by file and by place, whatever the order of the command line', async () => {
    write({ 'ensembles/fails.yaml': FAILS, 'ensembles/warns.yaml': WARNS, 'agents/bad.yaml': FAILS.replace('ensemble:', 'agent:') });
    const all = await validateLines(project.root, []);
    expect(all.lines.map((line) => line.split(':')[0])).toEqual([...all.lines.map((line) => line.split(':')[0])].sort());
    expect(await validateLines(project.root, ['ensembles/warns.yaml', 'agents', 'ensembles/fails.yaml', 'ensembles'])).toEqual(all);
  });

  test('files are shown as they are reached from the working folder', async () => {
    write({ 'ensembles/fails.yaml': FAILS });
    expect((await validateLines(join(project.root, 'ensembles'), ['fails.yaml'])).lines).toEqual([UNKNOWN_NAME.replace('ensembles/', '')]);
    mkdirSync(join(project.root, 'x'));
    expect((await validateLines(join(project.root, 'x'), [])).lines).toEqual([`../${UNKNOWN_NAME}`]);
  });

  test.each([
    [['--format', 'xml'], "argument 'xml' is invalid. Allowed choices are pretty, json, sarif, github, junit, compact."],
    [['--max-warnings', 'many'], "argument 'many' is invalid. It takes a whole number"],
    [['--max-warnigs', '1'], '(Did you mean --max-warnings?)'],
    [['nowhere.yaml'], 'there is no file nowhere.yaml'],
    [['--rule', 'constant-conditio=off'], 'there is no rule "constant-conditio"\ndid you mean "constant-condition"?'],
    [['--rule', 'constant-condition'], 'it takes constant-condition=off, constant-condition=warn or constant-condition=error'],
    [['--rule', 'constant-condition=on'], 'it takes constant-condition=off'],
    [['--rule', 'unknown-name=warn'], '`unknown-name` cannot be made a warning'],
    [['--stdin-filename', 'a.yaml', 'ensembles'], '--stdin-filename names what is read from stdin: add the path -'],
    [['-', '--watch'], '--watch cannot watch stdin'],
  ])('%j is a wrong command line: 2, and nothing on stdout', async (args, message) => {
    const { code, stdout, stderr } = await validate(project.root, args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});

describe('levels of rules', () => {
  const levelOf = async (...args: string[]) => {
    const { lines } = await validateLines(project.root, args);
    return lines.map((line) => line.split(': ')[1]);
  };
  beforeEach(() => write({ 'ensembles/warns.yaml': WARNS }));

  test('--rule counts above the settings, of several the last', async () => {
    expect(await levelOf('--rule', 'constant-condition=error')).toEqual(['error']);
    expect(await levelOf('--rule', 'constant-condition=off')).toEqual([]);
    expect(await levelOf('--rule', 'constant-condition=off', '--rule', 'constant-condition=error')).toEqual(['error']);
    write({ 'ensemble.config.yaml': 'rules:\n  constant-condition: off\n' });
    expect(await levelOf()).toEqual([]);
    expect(await levelOf('--rule', 'constant-condition=warn')).toEqual(['warning']);
    write({ 'ensembles/fails.yaml': FAILS });
    expect(await levelOf('--rule', 'unknown-name=error')).toEqual(['error']);
  });

  test('a comment in the file switches a rule off for its place', async () => {
    write({ 'ensembles/warns.yaml': WARNS.replace('condition: always', 'condition: always # ensemble-ignore constant-condition: soon') });
    expect(await levelOf()).toEqual([]);
    expect(await levelOf('--rule', 'constant-condition=error')).toEqual([]);
  });

  test('each project of one call has its own settings', async () => {
    write({
      'one/package.json': '{}',
      'one/ensembles/a.yaml': WARNS,
      'one/ensemble.config.yml': 'rules: { constant-condition: error }',
      'two/package.json': '{}',
      'two/ensembles/a.yaml': WARNS,
      'two/ensemble.config.yaml': 'rules: { constant-condition: off }',
    });
    const { lines } = await validateLines(project.root, ['one', 'two', 'ensembles']);
    expect(lines.map((line) => line.replace(/:\d+:\d+: (\w+).*/, ' $1'))).toEqual([
      'ensembles/warns.yaml warning',
      'one/ensembles/a.yaml error',
    ]);
  });
});

describe('the settings of a project', () => {
  test('mistakes in them are findings, and the rest of them counts', async () => {
    write({
      'ensembles/warns.yaml': WARNS,
      'ensemble.config.yaml':
        'rules:\n  constant-condition: off\n  unused-inputs: off\n  unknown-name: warn\n  text-repair: no\nexcludes: [a]\npaths: ensembles\nenv: [1]\n',
    });
    const { code, lines } = await validateLines(project.root, []);
    expect(code).toBe(1);
    expect(lines).toEqual([
      'ensemble.config.yaml:3:3: error: there is no rule "unused-inputs" [unknown-rule]',
      'ensemble.config.yaml:4:17: error: `unknown-name` cannot be made a warning [required-rule]',
      'ensemble.config.yaml:5:16: error: `text-repair` must be off, warn or error, found "no" [bad-value]',
      'ensemble.config.yaml:6:1: error: unknown key "excludes" in the settings [unknown-key]',
      'ensemble.config.yaml:7:8: error: `paths` must be a list, found "ensembles" [wrong-type]',
      'ensemble.config.yaml:8:7: error: an item of `env` must be a text, found 1 [wrong-type]',
    ]);
  });

  test.each([
    ['broken YAML', 'rules: [', 1],
    ['a list', '- a\n', 1],
    ['nothing but comments', '# rules:\n', 0],
    ['nothing', '', 0],
    ['empty sections', 'rules:\npaths:\nexclude:\nenv:\n', 0],
  ])('%s in them', async (_, text, code) => {
    write({ 'ensemble.config.yaml': text });
    expect(await validateLines(project.root, [])).toMatchObject({ code });
  });

  test('their file can be validated by name', async () => {
    write({ 'ensemble.config.yaml': 'rules: { text-repair: on }' });
    expect((await validateLines(project.root, ['ensemble.config.yaml'])).lines).toEqual([
      'ensemble.config.yaml:1:23: error: `text-repair` must be off, warn or error, found "on" [bad-value]',
    ]);
  });

  test('variables that they name are declared', async () => {
    const uses = CLEAN.replace('input.name', 'env.REGION');
    write({ 'ensembles/clean.yaml': uses.replace('input:\n  name: string\n', ''), 'wrangler.toml': 'name = "x"\n' });
    expect((await validateLines(project.root, [])).lines).toEqual([expect.stringContaining('[undeclared-variable]')]);
    write({ 'ensemble.config.yaml': 'env: [REGION]\n' });
    expect((await validateLines(project.root, [])).lines).toEqual([]);
  });
});

describe('agent files that an ensemble runs', () => {
  const USES = 'ensemble: uses\nagents:\n  - name: part\n  - name: again\n    agent: part\n';
  const PART = 'agent: part\noperation: log\nconfig:\n  message: on: air\n';

  test('are checked with it, each once, wherever they are run', async () => {
    write({ 'ensembles/a.yaml': USES, 'ensembles/b.yaml': USES, 'agents/part.yaml': PART });
    const one = await validateLines(project.root, ['ensembles/a.yaml']);
    expect(one.lines).toEqual([expect.stringContaining('agents/part.yaml:4:12: warning')]);
    expect(one.stderr).toBe('1 warning in 1 file\n');
    expect((await validateLines(project.root, [])).lines).toEqual(one.lines);
    expect((await validateLines(project.root, ['agents/part.yaml'])).lines).toEqual(one.lines);
  });

  test('one that cannot be read is a finding in its place, and the others are looked at', async () => {
    write({ 'ensembles/a.yaml': USES, 'ensembles/fails.yaml': FAILS, 'agents/part.yaml': Buffer.from('agent: caf\xe9', 'latin1') });
    const { code, lines } = await validateLines(project.root, ['ensembles']);
    expect(code).toBe(1);
    expect(lines).toEqual([
      'agents/part.yaml:1:1: error: the file cannot be read: it is not UTF-8 text (byte 0xE9 in line 1); save it as UTF-8 [unreadable-file]',
      UNKNOWN_NAME,
    ]);
  });
});

describe('files that cannot be checked', () => {
  test('are findings, each in the file it is about, and stop no other', async () => {
    write({
      'ensembles/bytes.yaml': Buffer.from([0x65, 0xff, 0xfe]),
      'ensembles/utf16.yaml': Buffer.from('\ufeffensemble: a\n', 'utf16le'),
      'ensembles/large.yaml': `# ${'x'.repeat(1024 * 1024)}\n`,
      'ensembles/huge.yaml': Buffer.alloc(16 * 1024 * 1024 + 1, 0x20),
      'ensembles/nul.yaml': CLEAN.replace('hello', '\0'),
      'ensembles/empty.yaml': '',
      'ensembles/fails.yaml': FAILS,
    });
    symlinkSync('nowhere.yaml', join(project.root, 'ensembles/link.yaml'));
    const { code, lines } = await validateLines(project.root, []);
    expect(code).toBe(1);
    expect(lines.map((line) => line.replace(/:.*\[(.*)\]/, ' $1'))).toEqual([
      'ensembles/bytes.yaml unreadable-file',
      'ensembles/empty.yaml empty-file',
      'ensembles/fails.yaml unknown-name',
      'ensembles/huge.yaml unreadable-file',
      'ensembles/large.yaml file-too-large',
      'ensembles/nul.yaml control-character',
      'ensembles/utf16.yaml unreadable-file',
    ]);
  });

  test('names with control characters in them stay on their line', async () => {
    write({ 'ensembles/a\u001b[2J\n::error::.yaml': FAILS });
    for (const format of ['pretty', 'compact', 'github', 'junit', 'json', 'sarif']) {
      const { stdout } = await validate(project.root, ['--format', format]);
      expect(stdout).not.toContain('\u001b');
      expect(stdout).not.toMatch(/^::error::/m);
    }
  });

  test('whatever bytes a file has, it ends in findings and an exit code of 0 or 1', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        write({ 'ensembles/any.yaml': bytes });
        const { code, stderr } = await validate(project.root, []);
        expect([0, 1]).toContain(code);
        expect(stderr).toMatch(/^(?:\d+ (?:errors?|warnings?)(?:, \d+ warnings?)? in \d+ files?|\d+ files: no problems)\n$/);
      }),
      { numRuns: 50 },
    );
  });
});

describe('stdin', () => {
  test('is a file without a name, of the project of the working folder', async () => {
    write({ 'agents/part.yaml': 'agent: part\noperation: log\nconfig: { message: hi }\n' });
    const { code, lines, stderr } = await validateLines(project.root, ['-'], { stdin: FAILS });
    expect([code, lines, stderr]).toEqual([1, [UNKNOWN_NAME.replace('ensembles/fails.yaml', '<stdin>')], '1 error in 1 file\n']);
    expect(await validate(project.root, ['-'], { stdin: 'ensemble: a\nagents:\n  - name: part\n' })).toMatchObject({ code: 0 });
  });

  test('--stdin-filename names it, for its kind, its project and the messages', async () => {
    write({ 'sub/package.json': '{}', 'sub/ensemble.config.yaml': 'rules: { constant-condition: error }' });
    const named = ['--stdin-filename', 'sub/ensembles/draft.yaml'];
    const { lines } = await validateLines(project.root, ['-', ...named], { stdin: WARNS });
    expect(lines).toEqual([expect.stringMatching(/^sub\/ensembles\/draft\.yaml:7:16: error: /)]);
    expect(await validateLines(project.root, named, { stdin: WARNS })).toMatchObject({ lines });
    const agent = { stdin: 'operation: log\nconfig: { message: hi }\nnam: x\n' };
    expect((await validateLines(project.root, ['--stdin-filename', 'agents/x.yaml'], agent)).lines[0]).toContain('an agent');
  });

  test('stands for the file on disk when that is validated as well', async () => {
    const { lines, stderr } = await validateLines(project.root, ['-', 'ensembles', '--stdin-filename', 'ensembles/clean.yaml'], {
      stdin: WARNS,
    });
    expect([lines.length, stderr]).toEqual([1, '1 warning in 1 file\n']);
  });

  test('bytes that are no text are a finding', async () => {
    expect((await validateLines(project.root, ['-'], { stdin: Buffer.from([0xff]) })).lines).toEqual([
      expect.stringContaining('<stdin>:1:1: error: the file cannot be read: it is not UTF-8 text'),
    ]);
  });
});

test('the tests leave nothing but what they wrote', async () => {
  await validate(project.root, []);
  expect(readdirSync(project.root).sort()).toEqual(['ensembles', 'package.json']);
});
