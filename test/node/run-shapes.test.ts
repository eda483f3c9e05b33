import { chmodSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findProject } from '../../src/node/find-project.ts';
import { readRunShapes, writeRunShapes } from '../../src/node/run-shapes.ts';
import { NO_SHAPES, type RunShapes } from '../../src/program/run-shapes.ts';
import { writeProject } from '../support/written-project.ts';

const shapes = (agents: RunShapes['agents']): RunShapes => ({ format: 1, agents, state: {} });
const FILE = 'ensembles/a.yaml';

function openProject(files: Readonly<Record<string, string>> = {}) {
  const written = writeProject({ '.ensemble/v3/x': '', ...files });
  return {
    project: findProject(written.root),
    folder: join(written.root, '.ensemble/v3/ensemble/shapes'),
    [Symbol.dispose]: () => written[Symbol.dispose](),
  };
}

describe('the shapes of the last run', () => {
  test('are read back, those of a later run over those of earlier ones', () => {
    using opened = openProject();
    const { project } = opened;
    expect(readRunShapes(project, FILE)).toEqual(NO_SHAPES);
    writeRunShapes(project, new Map([[FILE, shapes({ a: { kind: 'number' }, b: { kind: 'list', items: { kind: 'string' } } })]]));
    writeRunShapes(project, new Map([[FILE, shapes({ a: { kind: 'null' } })]]));
    expect(readRunShapes(project, FILE).agents).toEqual({ a: { kind: 'null' }, b: { kind: 'list', items: { kind: 'string' } } });
    expect(readRunShapes(project, 'ensembles/other.yaml')).toEqual(NO_SHAPES);
    expect(readdirSync(opened.folder)).toHaveLength(1);
  });

  test('are not kept where nothing ran on this machine', () => {
    using written = writeProject({});
    writeRunShapes(findProject(written.root), new Map([[FILE, shapes({ a: { kind: 'number' } })]]));
    expect(readdirSync(written.root)).toEqual(['package.json']);
  });

  test.each(['', '{', '[]', 'null', '{"format":2,"agents":{"a":{"kind":"number"}}}', '{"format":1,"agents":[],"state":7}', '\u0000'])(
    'are none in a file that holds %j',
    (text) => {
      using opened = openProject();
      writeRunShapes(opened.project, new Map([[FILE, shapes({ a: { kind: 'number' } })]]));
      const [name = ''] = readdirSync(opened.folder);
      writeFileSync(join(opened.folder, name), text);
      expect(readRunShapes(opened.project, FILE)).toEqual(NO_SHAPES);
    },
  );

  test('go through no link that leads out of the project', () => {
    using opened = openProject();
    using outside = writeProject({});
    mkdirSync(join(opened.folder, '..'));
    symlinkSync(outside.root, opened.folder);
    writeRunShapes(opened.project, new Map([[FILE, shapes({ a: { kind: 'number' } })]]));
    expect(readdirSync(outside.root)).toEqual(['package.json']);
  });

  test('are dropped without a word when they cannot be written', () => {
    using opened = openProject();
    mkdirSync(join(opened.folder, '..'), { recursive: true });
    writeFileSync(opened.folder, 'a file where the folder should be');
    chmodSync(opened.folder, 0o400);
    writeRunShapes(opened.project, new Map([[FILE, shapes({ a: { kind: 'number' } })]]));
    expect(readFileSync(opened.folder, 'utf8')).toBe('a file where the folder should be');
  });
});
