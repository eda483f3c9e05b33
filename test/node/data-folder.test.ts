import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkDataFiles, openDataFolder } from '../../src/node/data-folder.ts';
import { ProjectProblem } from '../../src/node/project-problem.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ensemble-data-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('openDataFolder', () => {
  test('lies beside a wrangler configuration where wrangler keeps it, else in .ensemble', () => {
    expect(openDataFolder({ root })).toBe(join(root, '.ensemble', 'v3'));
    expect(openDataFolder({ root, wranglerFile: join(root, 'wrangler.toml') })).toBe(join(root, '.wrangler', 'state', 'v3'));
  });

  // A file in its place stands for a folder that this user may not write: the superuser may write everywhere.
  test('that cannot be made is a problem of the project, named with its reason', () => {
    writeFileSync(join(root, '.ensemble'), '');
    expect(() => openDataFolder({ root })).toThrow(ProjectProblem);
    expect(() => openDataFolder({ root })).toThrow(/a run keeps its data in .*v3, which cannot be written: E\w+: [a-z ]+\. Copy/);
  });

  test('is for its owner alone whatever the umask is, and stays as it is where it exists', () => {
    const before = process.umask(0);
    openDataFolder({ root });
    openDataFolder({ root, wranglerFile: join(root, 'wrangler.toml') });
    process.umask(before);
    const mode = (path: string) => (statSync(join(root, path)).mode & 0o777).toString(8);
    expect(['.ensemble', '.ensemble/v3', '.ensemble/.gitignore', '.wrangler', '.wrangler/state/v3'].map(mode)).toEqual([
      '755',
      '700',
      '644',
      '755',
      '700',
    ]);
    chmodSync(join(root, '.ensemble/v3'), 0o775);
    openDataFolder({ root });
    expect(mode('.ensemble/v3')).toBe('775');
  });

  test('is not made anew where the project was deleted', () => {
    openDataFolder({ root });
    rmSync(root, { recursive: true });
    expect(() => openDataFolder({ root })).toThrow(new ProjectProblem(`the folder of the project is gone: ${root} was deleted or moved`));
    expect(existsSync(root)).toBe(false);
  });

  test.each(['.ensemble', '.ensemble/v3', '.ensemble/v3/do', '.ensemble/v3/ensemble-lock'])('is refused when %s is a link', (path) => {
    const elsewhere = join(root, 'elsewhere');
    mkdirSync(join(elsewhere, 'v3'), { recursive: true });
    mkdirSync(join(root, dirname(path)), { recursive: true });
    symlinkSync(elsewhere, join(root, path));
    expect(() => openDataFolder({ root })).toThrow(ProjectProblem);
    expect(() => openDataFolder({ root })).toThrow(/ is a link, and/);
    expect(readdirSync(elsewhere)).toEqual(['v3']);
  });

  test.each(['do/ensemble-RunObject/a.sqlite', 'd1/x', 'kv/a/b/c/d/blob'])('is not opened by a runtime when %s in it is a link', (path) => {
    const folder = openDataFolder({ root });
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, dirname(path), 'beside'), '');
    expect(() => checkDataFiles(folder)).not.toThrow();
    symlinkSync(join(root, 'elsewhere'), join(folder, path));
    expect(() => checkDataFiles(folder)).toThrow(`${join(folder, path)} is a link, and`);
  });

  test('writes nothing through a link that stands in the place of its .gitignore', () => {
    mkdirSync(join(root, '.ensemble'));
    symlinkSync(join(root, 'elsewhere'), join(root, '.ensemble/.gitignore'));
    openDataFolder({ root });
    expect(existsSync(join(root, 'elsewhere'))).toBe(false);
  });

  test.skipIf(process.platform === 'win32')('is refused when every user may write into it', () => {
    const folder = openDataFolder({ root });
    chmodSync(folder, 0o777);
    expect(() => openDataFolder({ root })).toThrow(/where every user of this machine may write: .*chmod -R go-w/);
    expect((statSync(folder).mode & 0o777).toString(8)).toBe('777');
  });

  test.runIf(process.getuid?.() === 0)("is refused when another user made it, but for the project's own", () => {
    const folder = openDataFolder({ root });
    chownSync(folder, 65_534, 65_534);
    expect(() => openDataFolder({ root })).toThrow(/which belongs to another user \(uid 65534\)/);
    chownSync(root, 65_534, 65_534);
    expect(openDataFolder({ root })).toBe(folder);
  });
});
