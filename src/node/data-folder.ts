import { accessSync, constants, existsSync, mkdirSync, statfsSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Project } from './find-project.ts';
import { hasRoom } from './has-room.ts';
import { ProjectProblem } from './project-problem.ts';

/**
 * Where the project's local data lies, created when missing: beside a wrangler configuration wrangler's own place, so that its `--local` commands see the same data; else
 * `.ensemble/v3`, which wrangler reads with `--persist-to .ensemble`.
 * @throws ProjectProblem when it cannot be written, or its disk is full: in the database of a run that would show as a fault of ours.
 */
export function openDataFolder(project: Project): string {
  const folder = dataFolderOf(project);
  makeWritable(folder);
  if (project.wranglerFile !== undefined) return folder;
  ignoreFolder(dirname(folder));
  return folder;
}

/** Keeps what we write into a folder out of the repository that it may lie in; the file ignores itself as well. */
export function ignoreFolder(folder: string): void {
  const file = join(folder, '.gitignore');
  if (!existsSync(file)) writeFileSync(file, '*\n');
}

/** Where that is, whether it exists or not. */
export function dataFolderOf(project: Project): string {
  return project.wranglerFile === undefined ? join(project.root, '.ensemble', 'v3') : join(project.root, '.wrangler', 'state', 'v3');
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
  if (!hasRoom(statfsSync(folder), process.getuid?.() === 0)) {
    throw new ProjectProblem(
      `a run keeps its data in ${folder}, and the disk that this is on is full. What was at work goes on once there is room`,
    );
  }
}
