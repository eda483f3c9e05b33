import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findProject } from '../../src/node/find-project.ts';
import { listRunFiles, removeRunFiles } from '../../src/node/run-files.ts';
import { writeProject } from '../support/written-project.ts';

const A = 'a'.repeat(64);
const B = 'b1'.repeat(32);

function writeRuns(files: Readonly<Record<string, string>>, folderName: string, names: Readonly<Record<string, number>>) {
  const written = writeProject(files);
  const folder = join(written.root, folderName);
  mkdirSync(folder, { recursive: true });
  for (const [name, bytes] of Object.entries(names)) writeFileSync(join(folder, name), 'x'.repeat(bytes));
  return { project: findProject(written.root), folder, [Symbol.dispose]: () => written[Symbol.dispose]() };
}

const NAMES = {
  [`${A}.sqlite`]: 100,
  [`${A}.sqlite-wal`]: 20,
  [`${A}.sqlite-shm`]: 3,
  [`${B}.sqlite`]: 7,
  'metadata.sqlite': 50,
  'metadata.sqlite-wal': 50,
  [`${A}.sqlite.bak`]: 1,
  [`${A.toUpperCase()}.sqlite`]: 1,
};

test('the files of a run are counted by its object, and nothing else that lies beside them', () => {
  using runs = writeRuns({ 'package.json': '{}' }, '.ensemble/v3/do/ensemble-RunObject', NAMES);
  const found = listRunFiles(runs.project).toSorted((a, b) => b.bytes - a.bytes);
  expect(found.map(({ object, bytes }) => ({ object, bytes }))).toEqual([
    { object: A, bytes: 123 },
    { object: B, bytes: 7 },
  ]);
  expect(Math.abs(Date.now() - (found[0]?.changedAt ?? 0))).toBeLessThan(60_000);
});

test('removing the files of an object leaves those of all others', () => {
  using runs = writeRuns({ 'package.json': '{}' }, '.ensemble/v3/do/ensemble-RunObject', NAMES);
  removeRunFiles(runs.project, [A]);
  const gone = [`${A}.sqlite`, `${A}.sqlite-wal`, `${A}.sqlite-shm`];
  expect(readdirSync(runs.folder).toSorted()).toEqual(
    Object.keys(NAMES)
      .filter((name) => !gone.includes(name))
      .toSorted(),
  );
});

test('an id that is none removes nothing, wherever it points to', () => {
  using runs = writeRuns({ 'package.json': '{}' }, '.ensemble/v3/do/ensemble-RunObject', NAMES);
  writeFileSync(join(runs.folder, '..', 'outside.sqlite'), '');
  removeRunFiles(runs.project, ['../outside', 'metadata', '', A.slice(1), `${A}0`, `../ensemble-RunObject/${A}`]);
  expect(readdirSync(runs.folder)).toHaveLength(Object.keys(NAMES).length);
  expect(readdirSync(join(runs.folder, '..'))).toContain('outside.sqlite');
});

test('with a wrangler configuration they lie under the name of its Worker', () => {
  using runs = writeRuns({ 'wrangler.toml': 'name = "shop"\n' }, '.wrangler/state/v3/do/shop-RunObject', { [`${A}.sqlite`]: 5 });
  expect(listRunFiles(runs.project)).toMatchObject([{ object: A, bytes: 5 }]);
});

test('a project in which nothing has run has none', () => {
  using written = writeProject({ 'package.json': '{}' });
  expect(listRunFiles(findProject(written.root))).toEqual([]);
});
