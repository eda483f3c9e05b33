import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openProjectIndex } from '../../src/node/project/project-index.ts';

let folder: string;
let root: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ensemble-index-'));
  root = join(folder, 'project');
  mkdirSync(root);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

describe('openProjectIndex', () => {
  test('agent files are found in their folder and beside it', () => {
    write({ 'agents/a/agent.yaml': 'agent: a', 'agents/b.yaml': 'agent: b', 'agents/c.yml': 'agent: c', 'agents/empty/readme.md': '' });
    const index = openProjectIndex(root);
    expect(index.agentNames()).toEqual(['a', 'b', 'c']);
    expect(index.agentFile('a')).toEqual({ path: 'agents/a/agent.yaml', text: 'agent: a' });
    expect(index.agentFile('c')?.path).toBe('agents/c.yml');
    expect(index.agentFile('d')).toBeUndefined();
  });

  test('the versions of an agent file may lie beside it and in its folder', () => {
    write({
      'agents/a/agent.yaml': '',
      'agents/a/1.0.0.yaml': '',
      'agents/a/schema.yaml': '',
      'agents/a@2.yaml': '',
      'agents/b@1.0.0.yml': '',
      'agents/c/v1.yaml': '',
      'agents/data/rows.yaml': '',
    });
    const index = openProjectIndex(root);
    expect(index.agentNames()).toEqual(['a', 'b', 'c']);
    expect(index.agentFiles('a').map(({ path }) => path)).toEqual([
      'agents/a/1.0.0.yaml',
      'agents/a/agent.yaml',
      'agents/a/schema.yaml',
      'agents/a@2.yaml',
    ]);
    expect(index.agentFiles('b').map(({ path }) => path)).toEqual(['agents/b@1.0.0.yml']);
    expect(index.agentFiles('d')).toEqual([]);
  });

  test('the versions of an ensemble may lie beside it and in a folder of its name', () => {
    write({ 'ensembles/deep/x@1.yaml': '', 'ensembles/x.yaml': '', 'ensembles/x/1.2.0.yaml': '', 'ensembles/y.yaml': '' });
    const index = openProjectIndex(root);
    expect(index.ensembleNames()).toEqual(['x', 'y', '1.2.0']);
    expect(index.ensembleFiles('x').map(({ path }) => path)).toEqual([
      'ensembles/x.yaml',
      'ensembles/deep/x@1.yaml',
      'ensembles/x/1.2.0.yaml',
    ]);
  });

  test('ensembles are found by name at any depth, the nearest to the top first, and by a relative path', () => {
    write({
      'ensembles/x.yaml': 'top',
      'ensembles/deep/er/x.yaml': 'deep',
      'ensembles/deep/y.yml': 'y',
      'ensembles/node_modules/z.yaml': 'no',
    });
    const index = openProjectIndex(root);
    expect(index.ensembleNames()).toEqual(['x', 'y']);
    expect(index.ensembleFile('x', '')?.text).toBe('top');
    expect(index.ensembleFile('./er/x.yaml', 'ensembles/deep/y.yml')?.text).toBe('deep');
  });

  test('nothing outside the project is found, by no path and no link', () => {
    writeFileSync(join(folder, 'secret.yaml'), 'secret: 1');
    mkdirSync(join(folder, 'outside'));
    writeFileSync(join(folder, 'outside', 'agent.yaml'), 'agent: x');
    write({ 'ensembles/a.yaml': '' });
    symlinkSync(join(folder, 'secret.yaml'), join(root, 'link.yaml'));
    mkdirSync(join(root, 'agents'));
    symlinkSync(join(folder, 'outside'), join(root, 'agents', 'x'));
    const index = openProjectIndex(root);
    expect(index.ensembleFile('../../secret.yaml', 'ensembles/a.yaml')).toBeUndefined();
    expect(index.schemaFile('link.yaml', 'ensembles/a.yaml')).toBeUndefined();
    expect(index.schemaFile(join(folder, 'secret.yaml'), 'ensembles/a.yaml')).toBeUndefined();
    expect(index.agentFile('x')).toBeUndefined();
    expect(index.agentFile('../../secret')).toBeUndefined();
    expect(index.script('../../secret.yaml', 'ensembles/a.yaml')).toHaveProperty(
      'problem',
      expect.stringContaining('lies outside the project'),
    );
    expect(index.script('../link.yaml', 'ensembles/a.yaml')).toHaveProperty('problem', expect.stringContaining('lies outside the project'));
    expect(index.script('none.js', 'ensembles/a.yaml')).toHaveProperty('problem', expect.stringContaining('there is no file'));
  });

  test('a link that stays inside the project is followed', () => {
    write({ 'shared/agent.yaml': 'agent: a' });
    mkdirSync(join(root, 'agents'));
    symlinkSync(join(root, 'shared'), join(root, 'agents', 'a'));
    expect(openProjectIndex(root).agentFile('a')?.text).toBe('agent: a');
  });

  test('schema files are JSON or YAML, relative to the file that names them or to the root', () => {
    write({
      'ensembles/s.json': '{"type":"object"}',
      'schemas/t.yaml': 'type: string\n',
      'schemas/broken.json': '{',
      'schemas/list.json': '[]',
    });
    const index = openProjectIndex(root);
    expect(index.schemaFile('./s.json', 'ensembles/a.yaml')).toEqual({ type: 'object' });
    expect(index.schemaFile('schemas/t.yaml', 'ensembles/a.yaml')).toEqual({ type: 'string' });
    expect(index.schemaFile('schemas/broken.json', 'a.yaml')).toBeUndefined();
    expect(index.schemaFile('schemas/list.json', 'a.yaml')).toBeUndefined();
  });

  test('a script becomes one module: types stripped, relative imports within', async () => {
    write({
      'scripts/main.ts': `import { twice } from './lib/twice.ts';\nexport default ({ input }: { input: { n: number } }): number => twice(input.n);\n`,
      'scripts/lib/twice.ts': 'export const twice = (n: number): number => n * 2;\n',
    });
    const bundle = openProjectIndex(root).script('../scripts/main.ts', 'ensembles/a.yaml');
    if (!('source' in bundle)) throw new Error(bundle.problem);
    expect(bundle.source).not.toMatch(/^import /m);
    const module = await import(`data:text/javascript,${encodeURIComponent(bundle.source)}`);
    expect(module.default({ input: { n: 21 } })).toBe(42);
  });

  test.each(['../outside.json', '../../outside.json', 'ABSOLUTE', './link/outside.json', './inner.ts'])(
    'a script takes along no file outside the project: import of %s',
    (name) => {
      writeFileSync(join(folder, 'outside.json'), '{"secret":1}');
      symlinkSync(folder, join(root, 'link'));
      const path = name === 'ABSOLUTE' ? join(folder, 'outside.json') : name;
      write({ 'inner.ts': `export { default } from '../outside.json'`, 'a.ts': `import s from '${path}'; export default () => s` });
      const found = openProjectIndex(root).script('./a.ts', 'ensembles/x.yaml');
      expect(found).toEqual({
        problem: expect.stringMatching(name === '../../outside.json' ? /Could not resolve/ : /outside the project$/),
      });
    },
  );

  test.each(['evil/outside.json', '#x', '#y', 'evil'])('no package and no name of one leads to a file outside: import of %s', (name) => {
    writeFileSync(join(folder, 'outside.json'), '{"secret":1}');
    write({
      'package.json': JSON.stringify({ imports: { '#x': './link/outside.json', '#y': 'evil/outside.json' } }),
      'a.ts': `import s from '${name}'; export default () => s`,
    });
    symlinkSync(folder, join(root, 'link'));
    mkdirSync(join(root, 'node_modules'));
    symlinkSync(name === 'evil' ? join(folder, 'outside.json') : folder, join(root, 'node_modules', name === 'evil' ? 'evil.js' : 'evil'));
    expect(openProjectIndex(root).script('./a.ts', 'ensembles/x.yaml')).toEqual({
      problem: expect.stringMatching(/outside the project$|Could not resolve/),
    });
  });

  test('an import that holds its own text is no file', () => {
    write({ 'a.ts': `import seven from 'data:application/json,7'; export default () => seven` });
    expect(openProjectIndex(root).script('./a.ts', 'ensembles/x.yaml')).toEqual({ source: expect.stringContaining('= 7') });
  });

  test('a package of the same repository may be linked', () => {
    mkdirSync(join(folder, '.git'));
    mkdirSync(join(folder, 'packages', 'lib'), { recursive: true });
    writeFileSync(join(folder, 'packages', 'lib', 'index.js'), 'export const seven = 7');
    write({ 'a.ts': `import { seven } from 'lib'; export default () => seven` });
    mkdirSync(join(root, 'node_modules'));
    symlinkSync(join(folder, 'packages', 'lib'), join(root, 'node_modules', 'lib'));
    expect(openProjectIndex(root).script('./a.ts', 'ensembles/x.yaml')).toEqual({ source: expect.stringContaining('seven = 7') });
  });

  test.each(['./.dev.vars', './.env', './.env.local', './vars.txt'])('a script takes along no file of secrets: import of %s', (name) => {
    write({ '.dev.vars': 'API_KEY=1', '.env': 'API_KEY=1', '.env.local': 'API_KEY=1' });
    symlinkSync(join(root, '.dev.vars'), join(root, 'vars.txt'));
    write({ 'a.ts': `import s from '${name}' with { type: 'text' }; export default () => s` });
    expect(openProjectIndex(root).script('./a.ts', 'ensembles/x.yaml')).toEqual({ problem: expect.stringContaining('holds secrets') });
  });

  test('a script may import what it uses as a type alone, which TypeScript takes out', () => {
    write({
      'types.ts': 'export interface Order { id: string }',
      'a.ts': `import { Order } from './types.ts'; export default (order: Order) => order.id`,
    });
    expect(openProjectIndex(root).script('./a.ts', 'ensembles/x.yaml')).toEqual({ source: expect.stringContaining('order.id') });
  });

  test('a script imports nothing by its address', () => {
    write({ 'a.ts': `import x from 'https://example.com/x.js'; export default () => x` });
    const { problem } = openProjectIndex(root).script('./a.ts', 'ensembles/x.yaml') as { readonly problem?: string };
    expect(problem).toBe('a.ts: "https://example.com/x.js" cannot be loaded: a script imports files of the project and packages');
  });

  test('a script may import a package that lies above the project', () => {
    const installed = join(folder, 'node_modules', 'hoisted');
    mkdirSync(installed, { recursive: true });
    writeFileSync(join(installed, 'index.js'), `export { seven } from './seven.js'`);
    writeFileSync(join(installed, 'seven.js'), 'export const seven = 7');
    write({ 'a.ts': `import { seven } from 'hoisted'; export default () => seven` });
    expect(openProjectIndex(root).script('./a.ts', 'ensembles/x.yaml')).toEqual({ source: expect.stringContaining('seven = 7') });
  });

  test('a script that cannot be bundled says where and why', () => {
    write({
      'scripts/fs.ts': `import { readFileSync } from 'node:fs';\nexport default () => readFileSync('/etc/passwd', 'utf8');\n`,
      'scripts/broken.ts': 'export default (\n',
    });
    const index = openProjectIndex(root);
    expect(index.script('scripts/fs.ts', 'a.yaml')).toEqual({
      problem: 'scripts/fs.ts:1:30: "node:fs" is a module of Node; a code agent runs in an isolate without Node, files or processes',
    });
    expect(index.script('scripts/broken.ts', 'a.yaml')).toHaveProperty('problem', expect.stringContaining('scripts/broken.ts:'));
    expect(index.script('scripts/none.ts', 'ensembles/a.yaml')).toEqual({
      problem: 'there is no file ensembles/scripts/none.ts or scripts/none.ts in the project',
    });
  });

  test('with `scripts: read` a script is its own text, and nothing is bundled', () => {
    const text = `import { gone } from './gone.ts';\nexport default (): number => gone;\n`;
    write({ 'scripts/main.ts': text, 'scripts/folder/x.ts': '' });
    const index = openProjectIndex(root, { scripts: 'read' });
    expect(index.script('../scripts/main.ts', 'ensembles/a.yaml')).toEqual({ source: text });
    expect(index.script('scripts/folder', 'ensembles/a.yaml')).toEqual({ problem: 'it is a folder' });
    expect(index.script('none.ts', 'ensembles/a.yaml')).toHaveProperty('problem', expect.stringContaining('there is no file'));
  });
});
