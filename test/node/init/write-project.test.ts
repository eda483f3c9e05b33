import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { examineProject } from '../../../src/node/deploy/examine-project.ts';
import { findProject } from '../../../src/node/find-project.ts';
import { joinIgnored } from '../../../src/node/init/join-ignored.ts';
import { joinPackage } from '../../../src/node/init/join-package.ts';
import { newProject } from '../../../src/node/init/new-project.ts';
import { writeNewProject } from '../../../src/node/init/write-project.ts';
import { ProjectProblem } from '../../../src/node/project-problem.ts';
import { writeProject } from '../../support/written-project.ts';

const FILES = newProject({ name: 'shop', triggers: true, version: '0.1.0' });

function write(files: Readonly<Record<string, string>>) {
  const written = writeProject(files);
  const folder = join(written.root, 'new');
  mkdirSync(folder, { recursive: true });
  const read = (path: string) => readFileSync(join(folder, path), 'utf8');
  return { folder, read, [Symbol.dispose]: written[Symbol.dispose] };
}

describe('a new project', () => {
  test.each([true, false])('has all that its ensembles need deployed (triggers: %s)', (triggers) => {
    using written = write({});
    writeNewProject(written.folder, newProject({ name: 'shop', triggers, version: '0.1.0' }));
    const { findings, errors } = examineProject({ project: findProject(written.folder), env: {} });
    expect(errors).toEqual([]);
    expect(findings.filter(({ severity, code }) => severity !== 'note' && code !== 'wrangler-missing')).toEqual([]);
    expect(findings.flatMap(({ changes }) => changes)).toEqual([]);
  });

  test('lies in a folder that is made', () => {
    using written = write({});
    const { made, joined, kept } = writeNewProject(join(written.folder, 'a/b'), FILES);
    expect(made).toEqual(FILES.map(({ path }) => path));
    expect([...joined, ...kept]).toEqual([]);
  });

  test('overwrites nothing: all files that are in the way are listed, and nothing is written', () => {
    using written = write({ 'new/wrangler.jsonc': '{}', 'new/.dev.vars.example': 'A=1' });
    expect(() => writeNewProject(written.folder, FILES)).toThrow(ProjectProblem);
    expect(() => writeNewProject(written.folder, FILES)).toThrow(
      /^these files are in the way, and nothing was written:\n {2}\.dev\.vars\.example\n {2}wrangler\.jsonc\n/,
    );
    expect(readdirSync(written.folder).toSorted()).toEqual(['.dev.vars.example', 'wrangler.jsonc']);
  });

  test('joins a package that is there, whose own files stay', () => {
    using written = write({
      'new/package.json': '{\n\t"name": "mine",\n\t"scripts": { "build": "make" },\n\t"dependencies": { "wrangler": "4.1.0" }\n}\n',
      'new/.gitignore': '/node_modules\ndist',
      'new/README.md': 'Mine.\n',
    });
    expect(writeNewProject(written.folder, FILES)).toMatchObject({ joined: ['package.json', '.gitignore'], kept: ['README.md'] });
    expect(JSON.parse(written.read('package.json'))).toEqual({
      name: 'mine',
      scripts: { build: 'make', validate: 'ensemble validate --strict', dev: 'ensemble dev', deploy: 'ensemble deploy' },
      dependencies: { wrangler: '4.1.0' },
      devDependencies: { 'ensemble-run': '^0.1.0' },
    });
    expect(written.read('.gitignore')).toBe('/node_modules\ndist\n.wrangler/\n.ensemble/\n.dev.vars\n.secrets*\n');
    expect(written.read('README.md')).toBe('Mine.\n');
  });

  test.each(['package.json', 'package.json/inside'])('is not made where a file is: %s', (path) => {
    using written = write({ 'new/package.json': '{}' });
    expect(() => writeNewProject(join(written.folder, path), FILES)).toThrow(/package\.json.* is no folder, and none can be made there$/);
  });

  test('takes back what it wrote when one file cannot be written', () => {
    using written = write({ 'new/package.json': 'no JSON', 'new/agents': 'a file' });
    expect(() => writeNewProject(written.folder, FILES)).toThrow(ProjectProblem);
    expect(existsSync(join(written.folder, 'ensembles/word-report.yaml'))).toBe(false);
    expect(written.read('package.json')).toBe('no JSON');
  });

  test('leaves no folder behind that it made, when one file cannot be written', () => {
    using written = write({ 'new/package.json': 'no JSON', 'new/agents/mine.txt': '' });
    expect(() => writeNewProject(written.folder, FILES)).toThrow(ProjectProblem);
    expect(readdirSync(written.folder, { recursive: true }).toSorted()).toEqual(['agents', 'agents/mine.txt', 'package.json']);
  });
});

describe('joinIgnored', () => {
  test('a line counts as there however its slashes are written, and line ends stay', () => {
    expect(joinIgnored('node_modules\r\n/dist/\r\n', 'node_modules/\ndist\n.env\n')).toBe('node_modules\r\n/dist/\r\n.env\r\n');
    expect(joinIgnored('', 'a\n')).toBe('a\n');
    expect(joinIgnored('a', 'a\n')).toBe('a');
  });
});

describe('joinPackage', () => {
  test('keeps the layout and what is there', () => {
    const before = '{\n    "name": "a",\n    "scripts": {\n        "dev": "x"\n    }\n}\n';
    const after = joinPackage(before, '{"name":"b","scripts":{"dev":"y","go":"z"},"devDependencies":{}}', 'package.json');
    expect(after).toBe('{\n    "name": "a",\n    "scripts": {\n        "dev": "x",\n        "go": "z"\n    }\n}\n');
  });

  test.each(['[]', '{', 'null'])('%s is refused', (text) => {
    expect(() => joinPackage(text, '{}', 'package.json')).toThrow(ProjectProblem);
  });
});
