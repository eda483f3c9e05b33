import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { isOwnFolder } from '../../src/node/is-own-folder.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ensemble-own-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

describe.skipIf(process.platform === 'win32')('a folder is this user’s own', () => {
  test('when it is made, for nobody else, and when it is there', () => {
    const path = join(folder, 'made');
    expect([isOwnFolder(path), isOwnFolder(path)]).toEqual([true, true]);
    expect(statSync(path).mode & 0o777).toBe(0o700);
  });

  test('not when it is a link, a file, open to all, another user’s, or cannot be made', () => {
    const [real, link, file, open] = ['real', 'link', 'file', 'open'].map((name) => join(folder, name)) as [string, string, string, string];
    mkdirSync(real);
    symlinkSync(real, link);
    writeFileSync(file, '');
    mkdirSync(open);
    chmodSync(open, 0o1777);
    expect([link, file, open, join(folder, 'a/b')].map(isOwnFolder)).toEqual([false, false, false, false]);
    vi.spyOn(process, 'getuid').mockReturnValue(statSync(real).uid + 1);
    expect(isOwnFolder(real)).toBe(false);
  });
});
