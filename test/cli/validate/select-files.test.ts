import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { selectFiles } from '../../../src/cli/validate/select-files.ts';
import { pathFrom, Workspace } from '../../../src/cli/validate/workspace.ts';
import { writeProject } from '../../support/written-project.ts';
import { CLEAN } from './support.ts';

const FILES = {
  'ensembles/b.yaml': CLEAN,
  'ensembles/a.yml': CLEAN,
  'ensembles/deep/er/c.yaml': CLEAN,
  'ensembles/notes.md': '# notes',
  'ensembles/node_modules/x/d.yaml': CLEAN,
  'ensembles/dist/e.yaml': CLEAN,
  'ensembles/.drafts/f.yaml': CLEAN,
  'agents/greet.yaml': 'agent: greet',
  'agents/write/agent.yaml': 'agent: write',
  'agents/write/schema.yaml': 'type: object',
  'agents/write/more/agent.yaml': 'type: object',
  'other/g.yaml': CLEAN,
  'ensemble.config.yaml': '# nothing',
};

async function select(files: Readonly<Record<string, string>>, paths: readonly string[], folder = '.'): Promise<readonly string[]> {
  using project = writeProject(files);
  const cwd = join(project.root, folder);
  return (await selectFiles(paths, new Workspace(), cwd)).map((file) => pathFrom(cwd, file));
}

const problemOf = async (files: Readonly<Record<string, string>>, paths: readonly string[], folder = '.'): Promise<string> => {
  try {
    return `no problem: ${(await select(files, paths, folder)).join(' ')}`;
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : 'thrown';
  }
};

describe('the files that a command line means', () => {
  const usual = ['agents/greet.yaml', 'agents/write/agent.yaml', 'ensembles/a.yml', 'ensembles/b.yaml', 'ensembles/deep/er/c.yaml'];

  test('are ensembles and agent files of the project when it names none, from any folder of it', async () => {
    expect(await select(FILES, [])).toEqual(usual);
    expect(await select(FILES, [], 'other')).toEqual(usual.map((file) => `../${file}`));
  });

  test.each([
    ['a file, whatever its name', ['agents/write/schema.yaml', 'ensembles/notes.md'], ['agents/write/schema.yaml', 'ensembles/notes.md']],
    [
      'a file twice',
      ['ensembles/a.yml', './ensembles/../ensembles/a.yml', 'ensembles'],
      ['ensembles/a.yml', 'ensembles/b.yaml', 'ensembles/deep/er/c.yaml'],
    ],
    ['a folder', ['ensembles/deep'], ['ensembles/deep/er/c.yaml']],
    [
      'a folder that is passed over otherwise',
      ['ensembles/.drafts', 'ensembles/dist'],
      ['ensembles/.drafts/f.yaml', 'ensembles/dist/e.yaml'],
    ],
    ['the folder of the project', ['.'], [...usual, 'other/g.yaml']],
    ['a glob', ['ensembles/*.{yaml,yml}'], ['ensembles/a.yml', 'ensembles/b.yaml']],
    ['a glob over everything', ['**'], [...usual, 'other/g.yaml']],
    ['a glob for folders', ['*/deep'], ['ensembles/deep/er/c.yaml']],
    ['a glob that begins in a hidden folder', ['ensembles/.drafts/*'], ['ensembles/.drafts/f.yaml']],
    ['a folder but for a glob', ['ensembles', '!**/*.yml', '!ensembles/deep'], ['ensembles/b.yaml']],
    ['the usual ones but for a file', ['!agents', '!ensembles/b.yaml'], ['ensembles/a.yml', 'ensembles/deep/er/c.yaml']],
  ])('%s', async (_, paths, expected) => {
    expect(await select(FILES, paths)).toEqual(expected);
  });

  test('a file whose name looks like a glob is that file', async () => {
    expect(await select({ 'ensembles/[a].yaml': CLEAN, 'ensembles/a.yaml': CLEAN }, ['ensembles/[a].yaml'])).toEqual([
      'ensembles/[a].yaml',
    ]);
  });

  test('the settings give the usual paths, and what folders and globs pass over', async () => {
    const settings = { ...FILES, 'ensemble.config.yaml': "paths: [other, 'ensembles/*']\nexclude: ['**/b.yaml']\n" };
    expect(await select(settings, [])).toEqual(['ensembles/a.yml', 'other/g.yaml']);
    expect(await select(settings, ['ensembles'], '.')).toEqual(['ensembles/a.yml', 'ensembles/deep/er/c.yaml']);
    expect(await select(settings, ['ensembles/b.yaml'])).toEqual(['ensembles/b.yaml']);
  });

  test('only `agents/` in the root of the project is a folder of agent files', async () => {
    expect(await select({ 'x/agents/y/agent.yaml': 'a: 1', 'x/agents/y/data.yaml': 'a: 1' }, ['x'])).toEqual([
      'x/agents/y/agent.yaml',
      'x/agents/y/data.yaml',
    ]);
  });

  test.each([
    ['no such file', ['ensembles/bb.yaml'], 'there is no file ensembles/bb.yaml\nDid you mean ensembles/b.yaml?'],
    ['no such folder', ['ensembels'], 'there is no file ensembels\nDid you mean ensembles?'],
    ['a name in place of a file', ['c'], 'there is no file c\nDid you mean ensembles/deep/er/c.yaml?'],
    ['nothing near', ['xyz/abc.yaml'], 'there is no file xyz/abc.yaml'],
    ['a glob without a match', ['ensembles/x*.yaml'], 'no YAML file matches ensembles/x*.yaml'],
    ['a glob for other files', ['ensembles/*.md'], 'no YAML file matches ensembles/*.md'],
    ['a broken glob', ['ensembles/{a,'], 'no YAML file matches ensembles/{a,'],
    ['everything left out', ['ensembles', '!ensembles'], 'there is nothing to validate: !ensembles leaves every file out'],
  ])('%s is a problem of the command line', async (_, paths, message) => {
    expect(await problemOf(FILES, paths)).toBe(`UsageProblem: ${message}`);
  });

  test('a project without ensembles, a folder without YAML and settings that lead nowhere are told apart', async () => {
    expect(await problemOf({ 'a/b.md': '' }, [])).toBe(
      'UsageProblem: there is nothing to validate: no YAML file in ensembles/ or agents/ of .\nName files, folders or globs.',
    );
    expect(await problemOf({ 'a/b.md': '' }, ['a'])).toBe('UsageProblem: there is no YAML file in the folder a');
    expect(await problemOf({ 'ensemble.config.yaml': 'paths: [flows]' }, [])).toBe(
      "UsageProblem: `paths` of the project's settings: there is no file flows",
    );
    expect(await problemOf({ 'ensemble.config.yaml': 'exclude: [a]', 'a/b.yaml': CLEAN }, ['a'])).toBe(
      'UsageProblem: there is no YAML file in the folder a that is an ensemble or an agent file and not excluded by the settings',
    );
  });

  test('links to files are files, links to folders are not followed, and circles end', async () => {
    using project = writeProject({ 'ensembles/a.yaml': CLEAN, 'elsewhere/b.yaml': CLEAN, 'elsewhere/deep/c.yaml': CLEAN });
    const link = (target: string, path: string) => symlinkSync(target, join(project.root, path));
    link('../elsewhere/b.yaml', 'ensembles/linked.yaml');
    link('../elsewhere/deep', 'ensembles/deep');
    link('..', 'ensembles/up');
    link('gone.yaml', 'ensembles/dangling.yaml');
    link('circle.yaml', 'ensembles/circle.yaml');
    for (let i = 0; i < 12; i++) link('.', `ensembles/self-${i}`);
    const found = async (...paths: string[]) =>
      (await selectFiles(paths, new Workspace(), project.root)).map((file) => pathFrom(project.root, file));
    expect(await found()).toEqual(['ensembles/a.yaml', 'ensembles/linked.yaml']);
    expect(await found('ensembles/**')).toEqual(await found());
    expect(await found('ensembles/deep')).toEqual(['ensembles/deep/c.yaml']);
    await expect(found('ensembles/circle.yaml')).rejects.toThrow('there is no file ensembles/circle.yaml');
  });

  test('the order in which folders list their files makes no difference', async () => {
    using one = writeProject({});
    using other = writeProject({});
    const names = Array.from({ length: 40 }, (_, i) => `ensembles/${(i * 7) % 40}.yaml`);
    const fill = (root: string, list: readonly string[]) => {
      mkdirSync(join(root, 'ensembles'));
      for (const name of list) writeFileSync(join(root, name), CLEAN);
    };
    fill(one.root, names);
    fill(other.root, [...names].reverse());
    const found = async (root: string, paths: string[]) =>
      (await selectFiles(paths, new Workspace(), root)).map((file) => pathFrom(root, file));
    expect(await found(one.root, [])).toEqual(await found(other.root, names));
  });
});
