import { accessSync, constants, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Project } from './find-project.ts';
import { ProjectProblem } from './project-problem.ts';

/**
 * Where the project's local data lies, created when missing: beside a wrangler configuration wrangler's own place, so that its `--local` commands see the same data; else
 * `.ensemble/v3`, which wrangler reads with `--persist-to .ensemble`.
 * @throws ProjectProblem when it cannot be written.
 */
export function openDataFolder(project: Project): string {
  if (project.wranglerFile !== undefined) {
    const folder = join(project.root, '.wrangler', 'state', 'v3');
    makeWritable(folder);
    return folder;
  }
  const own = join(project.root, '.ensemble');
  const folder = join(own, 'v3');
  makeWritable(folder);
  // Data of runs does not belong into a repository; the file ignores itself as well.
  const ignore = join(own, '.gitignore');
  if (!existsSync(ignore)) writeFileSync(ignore, '*\n');
  return folder;
}

function makeWritable(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/, \w+ '.*$/, '') : String(error);
    throw new ProjectProblem(
      `a run keeps its data in ${folder}, which cannot be written: ${reason}. Copy the project to a place where this user may write`,
      { cause: error },
    );
  }
}
