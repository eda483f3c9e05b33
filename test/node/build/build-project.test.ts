import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { BUILD_FOLDER, type BuildOptions, buildProject } from '../../../src/node/build/build-project.ts';
import { findOriginal } from '../../../src/node/build/source-map.ts';
import { findProject } from '../../../src/node/find-project.ts';
import { type WrittenProject, writeProject } from '../../support/written-project.ts';

const GREET = 'ensemble: greet\nagents:\n  - name: hello\n    operation: transform\n    config: { value: hi }\n';
const codeEnsemble = (name: string, body: string) =>
  `ensemble: ${name}\nagents:\n  - name: work\n    operation: code\n    config:\n      code: |\n        ${body.replaceAll('\n', '\n        ')}\n`;

const buildIn = (project: WrittenProject, options: Omit<BuildOptions, 'project'> = {}) =>
  buildProject({ project: findProject(project.root), ...options });

async function built(project: WrittenProject, options: Omit<BuildOptions, 'project'> = {}) {
  const outcome = await buildIn(project, options);
  if (outcome.type === 'refused') throw new Error(outcome.diagnostics.map(({ message }) => message).join('\n'));
  return outcome;
}

const read = (folder: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')]),
  );

describe('a build', () => {
  test('lists what it made, by the names that ensembles are called by from outside', async () => {
    using project = writeProject({ 'ensembles/greet.yaml': GREET, 'ensembles/orders/refund@1.2.0.yml': GREET });
    const { folder, manifest, files, programs } = await built(project);
    expect(folder).toBe(join(project.root, BUILD_FOLDER));
    expect(manifest.ensembles.map(({ id, file }) => `${id} ${file}`)).toEqual([
      'greet ensembles/greet.yaml',
      'orders/refund@1.2.0 ensembles/orders/refund@1.2.0.yml',
    ]);
    expect(programs.map(({ file }) => file)).toEqual(manifest.ensembles.map(({ file }) => file));
    expect(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'))).toEqual(JSON.parse(JSON.stringify(manifest)));
    expect(files.map(({ path }) => path).toSorted()).toEqual(Object.keys(read(folder)).toSorted());
  });

  test('is the same for the same project, wherever it is written', async () => {
    using project = writeProject({
      'ensembles/b.yaml': GREET,
      'ensembles/a.yaml': codeEnsemble('a', 'return 1'),
      'ensembles/c.yaml': 'ensemble: c\nagents:\n  - { name: work, operation: code, config: { script: ../scripts/run.ts } }\n',
      'scripts/run.ts': 'export default (): number => 1;\n',
    });
    const first = await built(project);
    const before = read(first.folder);
    const second = await built(project, { folder: join(project.root, 'elsewhere', 'deep') });
    expect(read(second.folder)).toEqual(before);
    expect(read((await built(project)).folder)).toEqual(before);
  });

  test('takes the place of an earlier one as a whole, through a link too', async () => {
    using project = writeProject({ 'ensembles/greet.yaml': GREET, 'ensembles/gone.yaml': GREET });
    const { folder } = await built(project);
    writeFileSync(join(folder, 'stale.js'), '');
    const before = Object.keys(read(folder)).length;
    writeFileSync(join(project.root, 'ensembles/gone.yaml'), 'ensemble: gone\nagents: nothing\n');
    symlinkSync(folder, join(project.root, 'link'));
    await buildIn(project, { folder: join(project.root, 'link') });
    expect(existsSync(join(folder, 'stale.js'))).toBe(true);
    writeFileSync(join(project.root, 'ensembles/gone.yaml'), GREET.replace('hi', 'ho'));
    await built(project, { folder: join(project.root, 'link') });
    expect(existsSync(join(folder, 'stale.js'))).toBe(false);
    expect(Object.keys(read(folder))).toHaveLength(before - 1);
    expect(readdirSync(join(folder, '..'))).toEqual(['build']);
  });

  test('has the AI SDK only where an agent thinks', async () => {
    using plain = writeProject({ 'ensembles/greet.yaml': GREET });
    const think = 'ensemble: t\nagents:\n  - { name: t, operation: think, config: { provider: openai, model: m, prompt: p } }\n';
    using thinking = writeProject({ 'ensembles/t.yaml': think });
    const sizes = [(await built(plain)).size.bytes, (await built(thinking)).size.bytes] as const;
    expect(sizes[1] - sizes[0]).toBeGreaterThan(1_000_000);
  });

  test('counts what wrangler counts: modules, not their maps', async () => {
    using project = writeProject({ 'ensembles/a.yaml': codeEnsemble('a', 'return 1') });
    const { size, files } = await built(project);
    const modules = files.filter(({ path }) => path.endsWith('.js'));
    expect([size.modules, size.bytes]).toEqual([modules.length, modules.reduce((sum, { bytes }) => sum + bytes, 0)]);
    expect(size.gzip_bytes).toBeLessThan(size.bytes / 2);
    expect(size.is_near_limit).toBe(false);
  });

  test('knows the plain variables and the Worker Loader of the environment that it is for', async () => {
    using project = writeProject({
      'ensembles/a.yaml': codeEnsemble('a', 'return 1'),
      'wrangler.toml':
        'name = "x"\n[vars]\nPLAIN = "1"\n[[worker_loaders]]\nbinding = "ENSEMBLE_LOADER"\n[env.staging.vars]\nOTHER = "2"\n',
    });
    const top = await built(project);
    expect([top.manifest.code, top.manifest.vars]).toEqual(['loader', ['PLAIN']]);
    expect(top.files.filter(({ path }) => path.startsWith('code/')).map(({ path }) => path)).toEqual(['code/globals.js']);
    const staging = await built(project, { environment: 'staging' });
    expect([staging.manifest.code, staging.manifest.vars]).toEqual(['static', ['OTHER']]);
    await expect(buildIn(project, { environment: 'nowhere' })).rejects.toThrow('has no environment "nowhere"');
  });

  test('has each code once, with network apart from without', async () => {
    const twice = codeEnsemble('a', 'return 1').replace(
      /$/,
      '  - name: again\n    operation: code\n    config: { code: return 1 }\n  - name: open\n    operation: code\n    config: { code: return 1, network: true }\n',
    );
    using project = writeProject({ 'ensembles/a.yaml': twice, 'ensembles/b.yaml': codeEnsemble('b', 'return 1') });
    const { files } = await built(project);
    const code = files.map(({ path }) => path).filter((path) => /^code\/[\da-f]/.test(path) && path.endsWith('.js'));
    // `code: |` keeps its last line end, so that text is another.
    expect(code.filter((path) => path.includes('-network'))).toHaveLength(1);
    expect(code).toHaveLength(3);
  });
});

describe('source maps', () => {
  test('lead from the code of agents to the lines of the ensembles and agent files that hold it', async () => {
    const text = codeEnsemble('a', 'const one = 1;\n\nthrow new Error("here" + one);');
    using project = writeProject({ 'ensembles/deep/a.yaml': text });
    const { folder } = await built(project);
    const [module = '', map = ''] = codeFiles(folder);
    const line = lineOf(module, 'throw');
    expect(findOriginal(map, line.line, line.column)).toEqual({
      file: 'ensembles/deep/a.yaml',
      line: lineOf(text, 'throw').line,
      column: 9,
    });
    expect(module).toMatch(/\n\/\/# sourceMappingURL=[\da-f]{64}\.js\.map\n$/);
  });

  test('lead from scripts to what they were bundled of', async () => {
    const helper = '// a comment\n\nexport function fail(text: string): never {\n  throw new TypeError(text);\n}\n';
    using project = writeProject({
      'ensembles/c.yaml': 'ensemble: c\nagents:\n  - { name: work, operation: code, config: { script: ../scripts/run.ts } }\n',
      'scripts/run.ts': "import { fail } from './deep/help.ts';\ninterface Unused { a: 1 }\nexport default () => fail('x');\n",
      'scripts/deep/help.ts': helper,
    });
    const { folder } = await built(project);
    const [module = '', map = ''] = codeFiles(folder);
    const place = lineOf(module, 'throw new');
    expect(findOriginal(map, place.line, place.column)).toEqual({ file: 'scripts/deep/help.ts', line: 4, column: 3 });
  });
});

function codeFiles(folder: string): [string, string] {
  const files = Object.entries(read(join(folder, 'code'))).filter(([path]) => path !== 'globals.js');
  expect(files.map(([path]) => path.replace(/^[\da-f]+/, '')).toSorted()).toEqual(['.js', '.js.map']);
  return [files.find(([path]) => path.endsWith('.js'))?.[1] ?? '', files.find(([path]) => path.endsWith('.map'))?.[1] ?? ''];
}

function lineOf(text: string, part: string): { line: number; column: number } {
  const before = text.slice(0, text.indexOf(part));
  return { line: before.split('\n').length, column: before.length - before.lastIndexOf('\n') };
}

describe('nothing is built', () => {
  const BROKEN = 'ensemble: x\nagents:\n  - name: a\n    operation: transfrom\n';

  test.each([
    ['an ensemble', { 'ensembles/x.yaml': BROKEN }, 'ensembles/x.yaml'],
    ['an agent file that no ensemble runs', { 'agents/x.yaml': 'agent: x\noperation: transfrom\n' }, 'agents/x.yaml'],
    ['the settings', { 'ensemble.config.yaml': 'rulez: {}\n' }, 'ensemble.config.yaml'],
  ])('with errors in %s, which are told with their places', async (_, files, file) => {
    using project = writeProject({ 'ensembles/ok.yaml': GREET, ...files });
    const outcome = await buildIn(project);
    expect(outcome).toMatchObject({ type: 'refused', diagnostics: [{ severity: 'error', span: { file } }] });
    expect(existsSync(join(project.root, '.ensemble'))).toBe(false);
  });

  test('and what the settings exclude is left out', async () => {
    using project = writeProject({
      'ensembles/ok.yaml': GREET,
      'ensembles/drafts/x.yaml': BROKEN,
      'ensemble.config.yaml': 'exclude: ["ensembles/drafts/**"]\n',
    });
    expect((await built(project)).manifest.ensembles.map(({ id }) => id)).toEqual(['ok']);
  });

  test.each<[string, Record<string, string>, RegExp]>([
    ['of no ensembles', {}, /the project has no ensembles/],
    [
      'of two files with one name',
      { 'ensembles/a.yaml': GREET, 'ensembles/a.yml': GREET },
      /ensembles\/a\.yml and ensembles\/a\.yaml would both be called "a"/,
    ],
    [
      'of two triggers that answer the same requests',
      Object.fromEntries(
        ['a', 'b'].map((name) => [
          `ensembles/${name}.yaml`,
          `${GREET}trigger:\n  - { type: http, path: /orders, methods: [GET], public: true }\n`,
        ]),
      ),
      /ensembles\/b\.yaml: GET \/orders is answered by a trigger of ensembles\/a\.yaml already/,
    ],
    [
      'of a script that imports what it names only when it runs',
      {
        'ensembles/c.yaml': 'ensemble: c\nagents:\n  - { name: work, operation: code, config: { script: ../scripts/run.ts } }\n',
        'scripts/run.ts': 'type T = 1;\nexport default async ({ input }) => {\n  return await import(input.name);\n};\n',
      },
      /^scripts\/run\.ts:3:\d+: code that is deployed as modules of the Worker cannot import/,
    ],
  ])('%s', async (_, files, message) => {
    using project = writeProject(files);
    await expect(buildIn(project)).rejects.toThrow(message);
    expect(existsSync(join(project.root, '.ensemble'))).toBe(false);
  });

  test('but in the isolates of a Worker Loader such a script finds nothing, and is built', async () => {
    using project = writeProject({
      'ensembles/c.yaml': 'ensemble: c\nagents:\n  - { name: work, operation: code, config: { script: ../scripts/run.ts } }\n',
      'scripts/run.ts': 'export default async ({ input }) => await import(input.name);\n',
      'wrangler.toml': '[[worker_loaders]]\nbinding = "ENSEMBLE_LOADER"\n',
    });
    expect((await built(project)).manifest.code).toBe('loader');
  });

  test('over files that are no earlier build', async () => {
    using project = writeProject({ 'ensembles/greet.yaml': GREET, 'out/manifest.json': '{"name":"a web app"}', file: 'text' });
    await expect(buildIn(project, { folder: join(project.root, 'out') })).rejects.toThrow('holds other files than an earlier build');
    await expect(buildIn(project, { folder: project.root })).rejects.toThrow('holds other files');
    await expect(buildIn(project, { folder: join(project.root, 'file') })).rejects.toThrow('is a file');
    expect(readdirSync(join(project.root, 'out'))).toEqual(['manifest.json']);
    mkdirSync(join(project.root, 'empty'));
    await built(project, { folder: join(project.root, 'empty') });
  });
});
