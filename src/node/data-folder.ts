import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Project } from './find-project.ts';

/**
 * Where the project's local data lies, created when missing: beside a wrangler configuration wrangler's own place, so that its `--local` commands see the same data; else
 * `.ensemble/v3`, which wrangler reads with `--persist-to .ensemble`.
 */
export function openDataFolder(project: Project): string {
  if (project.wranglerFile !== undefined) {
    const folder = join(project.root, '.wrangler', 'state', 'v3');
    mkdirSync(folder, { recursive: true });
    return folder;
  }
  const own = join(project.root, '.ensemble');
  const folder = join(own, 'v3');
  mkdirSync(folder, { recursive: true });
  // Data of runs does not belong into a repository; the file ignores itself as well.
  const ignore = join(own, '.gitignore');
  if (!existsSync(ignore)) writeFileSync(ignore, '*\n');
  return folder;
}
