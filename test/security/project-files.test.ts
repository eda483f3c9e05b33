import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { selectFiles } from '../../src/cli/validate/select-files.ts';
import { Workspace } from '../../src/cli/validate/workspace.ts';
import { buildProject } from '../../src/node/build/build-project.ts';
import { listMigrations } from '../../src/node/d1-migrations.ts';
import { findEnsemble } from '../../src/node/find-ensemble.ts';
import { findProject } from '../../src/node/find-project.ts';
import { newProject } from '../../src/node/init/new-project.ts';
import { writeNewProject } from '../../src/node/init/write-project.ts';
import { openProjectIndex } from '../../src/node/project/project-index.ts';
import { readSettings } from '../../src/node/project/read-settings.ts';
import { readSource } from '../../src/node/project/read-source.ts';
import { readRegularText } from '../../src/node/read-regular.ts';
import { readRootFile } from '../../src/node/read-root-file.ts';
import { readDeclaredNames } from '../../src/node/wrangler/declared-names.ts';
import { readDevVars } from '../../src/node/wrangler/dev-vars.ts';
import { readWranglerConfig } from '../../src/node/wrangler/wrangler-config.ts';
import { runCli } from '../support/run-cli.ts';
import { type WrittenProject, writeProject } from '../support/written-project.ts';

const GOOD = 'ensemble: good\nagents:\n  - { name: greet, operation: log, config: { message: hello } }\n';
/** What a user keeps outside of a project; its lines are no YAML, so that each would be shown. */
const KEY = '-----BEGIN KEY-----\nBODY_OF_A_KEY: [abc\n';

let outside: WrittenProject;
let project: WrittenProject;
const at = (path: string) => join(project.root, path);
const link = (target: string, path: string) => {
  mkdirSync(dirname(at(path)), { recursive: true });
  rmSync(at(path), { force: true });
  symlinkSync(target, at(path));
};
beforeEach(() => {
  outside = writeProject({
    id_rsa: KEY,
    'good.yaml': GOOD,
    vars: 'AWS_KEY=1\n',
    'wrangler.toml': 'name = "taken"\n',
    'settings.yaml': KEY,
  });
  project = writeProject({ 'ensembles/good.yaml': GOOD });
});
afterEach(() => {
  outside[Symbol.dispose]();
  project[Symbol.dispose]();
});

describe('a link that leads out of the project', () => {
  test('is followed neither by validate, whose findings would show the lines behind it, nor by --fix', async () => {
    const fixable = GOOD.replace('operation: log', 'when: true, operation: log');
    writeFileSync(join(outside.root, 'good.yaml'), fixable);
    writeFileSync(at('ensembles/good.yaml'), fixable);
    link(join(outside.root, 'good.yaml'), 'ensembles/linked.yaml');
    const links = ['ensembles/key.yaml', 'agents/x/agent.yaml', 'agents/y.yaml', 'ensemble.config.yaml'];
    for (const path of links) link(join(outside.root, 'id_rsa'), path);
    for (const args of [[], ['--fix']]) {
      const { code, stdout, stderr } = await runCli(['validate', '--format', 'pretty', ...args], { cwd: project.root });
      expect(code).toBe(1);
      for (const path of [...links, 'ensembles/linked.yaml'])
        expect(stdout).toContain(
          `${path}:1:1: error[unreadable-file]: the file cannot be read: it is a link that leads out of the project`,
        );
      expect(stdout + stderr).not.toMatch(/BEGIN KEY|BODY_OF_A_KEY/);
    }
    expect(readFileSync(at('ensembles/good.yaml'), 'utf8')).not.toBe(fixable);
    expect(readFileSync(join(outside.root, 'good.yaml'), 'utf8')).toBe(fixable);
  });

  test('is neither run nor built, be it named or found', async () => {
    link(join(outside.root, 'good.yaml'), 'ensembles/linked.yaml');
    expect(() => findEnsemble('ensembles/linked.yaml', project.root)).toThrow(
      'ensembles/linked.yaml cannot be read: it is a link that leads out of the project',
    );
    expect(() => findEnsemble('linked', project.root)).toThrow('no ensemble of that name');
    expect(await buildProject({ project: findProject(project.root) })).toMatchObject({
      type: 'refused',
      diagnostics: [{ code: 'unreadable-file', span: { file: 'ensembles/linked.yaml' } }],
    });
  });

  test('is read by no part of an ensemble, from the middle of a path either', () => {
    link(outside.root, 'ensembles/elsewhere');
    link('elsewhere/good.yaml', 'ensembles/second.yaml');
    const index = openProjectIndex(project.root, { scripts: 'read' });
    const from = 'ensembles/good.yaml';
    for (const path of ['elsewhere/good.yaml', './second.yaml', './elsewhere/../second.yaml', 'ensembles/elsewhere/good.yaml']) {
      expect(index.ensembleFile(path, from), path).toBeUndefined();
      expect(index.schemaFile(path, from), path).toBeUndefined();
      expect(index.script(path, from), path).toHaveProperty('problem');
    }
  });

  test.each([
    '/etc/hostname',
    'file:///etc/hostname',
    '..\\..\\etc\\hostname',
    'C:\\x.yaml',
    '%2e%2e/x.yaml',
    'a\0.yaml',
    `${'a/'.repeat(3000)}x.yaml`,
    '',
    '.',
    '..',
    '/',
    '~/x.yaml',
  ])('nor is %j', (path) => {
    const index = openProjectIndex(project.root, { scripts: 'read' });
    expect(index.ensembleFile(path, 'ensembles/good.yaml')?.text ?? '').toBe('');
    expect(index.schemaFile(path, 'ensembles/good.yaml')).toBeUndefined();
    expect(index.agentFile(path)).toBeUndefined();
    expect(index.script(path, 'ensembles/good.yaml')).toHaveProperty('problem');
    expect(() => findEnsemble(`${path}/none.yaml`, project.root)).toThrow('there is no file');
  });

  test('gives a run no configuration and no variables', () => {
    const leads = /link that leads out of the project and its repository/;
    link(join(outside.root, 'wrangler.toml'), 'wrangler.toml');
    link(join(outside.root, 'vars'), '.dev.vars');
    expect(() => readWranglerConfig(at('wrangler.toml'))).toThrow(leads);
    expect(() => readDevVars(project.root)).toThrow(leads);
    rmSync(at('wrangler.toml'));
    expect(readDeclaredNames(project.root).variables).toBeUndefined();
    link('/proc/self/environ', '.dev.vars');
    expect(() => readDevVars(project.root)).toThrow(process.platform === 'linux' ? leads : /./);
  });

  test('gives it what the projects of one repository share', () => {
    const inner = at('apps/shop');
    mkdirSync(inner, { recursive: true });
    writeFileSync(at('.dev.vars'), 'SHARED=1\n');
    symlinkSync('../../.dev.vars', join(inner, '.dev.vars'));
    expect(() => readDevVars(inner)).toThrow('leads out');
    mkdirSync(at('.git'));
    expect(readDevVars(inner)).toEqual({ SHARED: '1' });
  });

  test.each(['package.json', '.gitignore', '.github', 'ensembles', 'agents/word-count', 'README.md'])(
    'is written through by no init: %s',
    (path) => {
      using empty = writeProject({});
      mkdirSync(join(empty.root, 'agents'));
      rmSync(join(empty.root, path), { recursive: true, force: true });
      symlinkSync(path.includes('.') && path !== '.github' ? join(outside.root, 'package.json') : outside.root, join(empty.root, path));
      expect(() => writeNewProject(empty.root, newProject({ name: 'x', triggers: false, version: '1.0.0' }))).toThrow(
        `${join(empty.root, path)} is a link that leads out of the folder, and nothing was written`,
      );
      expect(readFileSync(join(outside.root, 'package.json'), 'utf8')).toBe('{}');
      expect(existsSync(join(outside.root, 'workflows'))).toBe(false);
    },
  );

  test('is no place for a build, but where the command line names that place', async () => {
    const empty = join(outside.root, 'empty');
    mkdirSync(empty);
    link(empty, '.ensemble');
    await expect(buildProject({ project: findProject(project.root) })).rejects.toThrow('is a link that leads out of the project');
    expect(await buildProject({ project: findProject(project.root), folder: join(empty, 'build') })).toMatchObject({ type: 'built' });
  });
});

test('the settings of a project lead validate to no files of others', async () => {
  for (const path of [outside.root, `${outside.root}/*.yaml`, `../${basename(outside.root)}/good.yaml`]) {
    writeFileSync(at('ensemble.config.yaml'), JSON.stringify({ paths: [path] }));
    await expect(selectFiles([], new Workspace(), project.root)).rejects.toThrow('leads out of the project');
  }
});

describe.skipIf(process.platform === 'win32')('a pipe', () => {
  let writers: ChildProcess[] = [];
  /** Somebody waits to write to it: whoever opens it to read gets an empty text, and does not wait for ever. */
  const makePipe = (path: string) => {
    rmSync(at(path), { force: true });
    execFileSync('mkfifo', [at(path)]);
    writers.push(spawn('sh', ['-c', 'exec printf "" > "$0"', at(path)], { stdio: 'ignore' }));
  };
  afterEach(() => {
    for (const writer of writers) writer.kill('SIGKILL');
    writers = [];
  });

  test.each([
    ["import x from './lib/pipe.ts'", {}],
    ["import x from './lib/pipe'", {}],
    ["import x from './lib/pipe.js'", {}],
    ["import x from './lib/pipe.ts?a'", {}],
    ["export * from /* it's */ './lib/\\x70ipe.ts'", {}],
    ["import'\\u{2e}/lib/pipe.ts'", {}],
    ['const x = await import( // one\n `./lib/pipe.ts`)', {}],
    ["const x = require('./lib/pipe.ts')", {}],
    ["import x from './lib/inner.ts'", { 'lib/inner.ts': "export { default } from './pipe'" }],
    [`import x from "./it's.ts"`, { "it's.ts": "import './lib/pipe'" }],
    ["import x from './lib'", { 'lib/index.js': "import './pipe.ts'" }],
    ["import x from '/dev/zero' with { type: 'text' }", {}],
    ["import x from './zero.ts'", {}],
    [
      "import x from 'pack'",
      { 'node_modules/pack/package.json': '{"main":"./m.js"}', 'node_modules/pack/m.js': "import '../../lib/pipe.ts'" },
    ],
    ["import x from 'pack'", { 'node_modules/pack/package.json': '{"main":"../../lib/pipe.ts"}' }],
    ["import x from '#x'", { 'package.json': '{"imports":{"#x":"./lib/pipe.ts"}}' }],
    ["import x from '#x/pipe'", { 'package.json': '{"imports":{"#x/*":"./lib/*.ts"}}' }],
    ["const x = await import('./lib/' + 'pipe.ts')", {}],
    ['const x = await import(`./lib/${globalThis.name}.ts`)', {}],
    ["import x from './piped'", {}],
    ["import x from 'piped/inner'", {}],
  ] as const)('or a device that a script imports is not read: %s', (text, files) => {
    for (const [path, inner] of Object.entries({ 'a.ts': `${text}; export default () => typeof x`, ...files })) {
      mkdirSync(dirname(at(path)), { recursive: true });
      writeFileSync(at(path), inner);
    }
    mkdirSync(at('lib'), { recursive: true });
    makePipe('lib/pipe.ts');
    for (const folder of ['piped', 'node_modules/piped']) {
      mkdirSync(at(folder), { recursive: true });
      makePipe(`${folder}/package.json`);
    }
    symlinkSync('/dev/zero', at('zero.ts'));
    expect(openProjectIndex(project.root).script('./a.ts', 'ensembles/good.yaml')).toEqual({
      problem: expect.stringContaining('is no regular file'),
    });
  });

  test('that a script speaks of, and imports not, is none of its imports', () => {
    writeFileSync(
      at('a.ts'),
      "// like '/dev/zero', or from a file\nimport b from './b.js';\nconst from = ['/dev/zero']; export default () => [from, b]",
    );
    writeFileSync(at('b.ts'), 'export default 1');
    expect(openProjectIndex(project.root).script('./a.ts', 'ensembles/good.yaml')).toHaveProperty('source');
  });

  test('that lies where a file of the project would be is not waited for', async () => {
    const refused = 'it is no regular file';
    for (const path of ['ensembles/pipe.yaml', 'wrangler.toml', '.dev.vars', 'pipe.js', 'ensemble.config.yaml']) makePipe(path);
    expect(() => findEnsemble('ensembles/pipe.yaml', project.root)).toThrow(refused);
    expect(readSource(at('ensembles/pipe.yaml'), 'ensembles/pipe.yaml', project.root)).toHaveProperty('unreadable', refused);
    expect(() => readWranglerConfig(at('wrangler.toml'))).toThrow(refused);
    expect(() => readDevVars(project.root)).toThrow(refused);
    expect(openProjectIndex(project.root).script('pipe.js', '')).toEqual({ problem: refused });
    expect(openProjectIndex(project.root, { scripts: 'read' }).script('pipe.js', '')).toEqual({ problem: refused });
    expect(readSettings(project.root).diagnostics).toMatchObject([{ code: 'unreadable-file' }]);
    expect(readDeclaredNames(project.root)).toEqual({ bindings: undefined, variables: undefined });
  });

  test('in the place of a package file stops an init', () => {
    makePipe('package.json');
    rmSync(at('ensembles'), { recursive: true });
    expect(() => writeNewProject(project.root, newProject({ name: 'x', triggers: false, version: '1.0.0' }))).toThrow(
      'it is no regular file',
    );
    expect(existsSync(at('ensembles'))).toBe(false);
  });
});

test('devices and folders are no files', () => {
  expect(() => readRegularText('/dev/null')).toThrow('it is no regular file');
  expect(() => readRegularText(project.root)).toThrow('it is a folder');
  expect(listMigrations({ binding: 'DB', id: 'x', migrationsTable: 't', migrationsDir: at('none') })).toEqual([]);
});

describe('a file', () => {
  const ofMib = (path: string, mib: number, more = 0) => writeFileSync(at(path), Buffer.alloc(mib * 1024 * 1024 + more, ' '));

  test('of the project may have 16 MiB', () => {
    ofMib('large', 16);
    expect(readRegularText(at('large'))).toHaveLength(16 * 1024 * 1024);
    ofMib('large', 16, 1);
    expect(() => readRegularText(at('large'))).toThrow('it is larger than 16 MiB');
  });

  test('of configuration or variables may have 1 MiB', () => {
    ofMib('wrangler.toml', 1);
    expect(readWranglerConfig(at('wrangler.toml'))).toMatchObject({ kv: [] });
    ofMib('.dev.vars', 1);
    expect(readRootFile(at('.dev.vars'))).toHaveLength(1024 * 1024);
    ofMib('wrangler.toml', 1, 1);
    ofMib('.dev.vars', 1, 1);
    expect(() => readWranglerConfig(at('wrangler.toml'))).toThrow('it is larger than 1 MiB');
    expect(() => readDevVars(project.root)).toThrow('.dev.vars cannot be read: it is larger than 1 MiB');
  });
});
