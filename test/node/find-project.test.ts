import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findProject } from '../../src/node/find-project.ts';

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'ensemble-find-')));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function make(...paths: string[]): void {
  for (const path of paths) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    if (path.endsWith('/')) mkdirSync(join(folder, path), { recursive: true });
    else writeFileSync(join(folder, path), '{}');
  }
}

describe('findProject', () => {
  test('the nearest wrangler configuration upward makes the project, past a package.json below it', () => {
    make('repo/.git/', 'repo/wrangler.toml', 'repo/packages/a/package.json', 'repo/packages/a/ensembles/');
    expect(findProject(join(folder, 'repo/packages/a/ensembles'))).toEqual({
      root: join(folder, 'repo'),
      wranglerFile: join(folder, 'repo/wrangler.toml'),
    });
  });

  test('a wrangler configuration beyond the repository belongs to somebody else', () => {
    make('wrangler.toml', 'repo/.git/', 'repo/ensembles/');
    expect(findProject(join(folder, 'repo/ensembles'))).toEqual({ root: join(folder, 'repo') });
  });

  test('wrangler.json wins over wrangler.jsonc and wrangler.toml, as in wrangler', () => {
    make('wrangler.toml', 'wrangler.jsonc', 'wrangler.json');
    expect(findProject(folder).wranglerFile).toBe(join(folder, 'wrangler.json'));
  });

  test('without a wrangler configuration the nearest package.json makes it', () => {
    make('repo/.git/', 'repo/package.json', 'repo/a/package.json', 'repo/a/b/');
    expect(findProject(join(folder, 'repo/a/b'))).toEqual({ root: join(folder, 'repo/a') });
  });

  test('the settings of ensembles make it as well', () => {
    make('repo/.git/', 'repo/package.json', 'repo/a/ensemble.config.yaml', 'repo/a/ensembles/');
    expect(findProject(join(folder, 'repo/a/ensembles'))).toEqual({ root: join(folder, 'repo/a') });
  });

  test('without any of them it is the folder around `ensembles/` or `agents/`, so that their files find each other', () => {
    make('shop/ensembles/orders/', 'shop/agents/greet/', 'other/');
    expect(findProject(join(folder, 'shop/ensembles/orders')).root).toBe(join(folder, 'shop'));
    expect(findProject(join(folder, 'shop/agents/greet')).root).toBe(join(folder, 'shop'));
    expect(findProject(join(folder, 'other')).root).toBe(join(folder, 'other'));
  });
});
