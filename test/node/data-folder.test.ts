import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openDataFolder } from '../../src/node/data-folder.ts';
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
});
