import { describe, expect, test } from 'vitest';
import { workspacePath } from '../../../src/cli/validate/workspace-path.ts';

describe('the path from the root of the checkout', () => {
  test.each([
    ['is empty at the root', '/w/repo', '/w/repo', ''],
    ['leads to a folder below it', '/w/repo/', '/w/repo/services/shop', 'services/shop'],
    ['leads to a folder whose name begins with dots', '/w/repo', '/w/repo/..shop', '..shop'],
    ['is empty outside of the checkout', '/w/repo', '/w/repository', ''],
    ['is empty above the checkout', '/w/repo', '/w', ''],
    ['is empty where no checkout is named', undefined, '/w/repo', ''],
    ['is empty where what is named is no absolute path', 'repo', '/w/repo/a', ''],
    ['is empty where the name is empty', '', '/w/repo/a', ''],
  ])('%s', (_, root, cwd, path) => {
    expect(workspacePath({ env: { GITHUB_WORKSPACE: root }, cwd })).toBe(path);
  });
});
