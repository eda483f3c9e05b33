import {
  accessSync,
  constants,
  type Dirent,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  statfsSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { Project } from './find-project.ts';
import { hasRoom } from './has-room.ts';
import { keepsModes } from './keeps-modes.ts';
import { ProjectProblem } from './project-problem.ts';

/**
 * Where the project's local data lies, created when missing: beside a wrangler configuration wrangler's own place, so that its `--local` commands see the same data; else
 * `.ensemble/v3`, which wrangler reads with `--persist-to .ensemble`.
 * @throws ProjectProblem when the project is gone; when it cannot be written, or its disk is full: in the database of a run that would show as a fault of ours. Also when what lies there may have been put there by
 * somebody else: what a host finds in it, it goes on with.
 */
export function openDataFolder(project: Project): string {
  const folder = dataFolderOf(project);
  // Deleted under a command at work: a folder made anew would have nothing of the run in it.
  if (!existsSync(project.root)) throw new ProjectProblem(`the folder of the project is gone: ${project.root} was deleted or moved`);
  checkNoLinks(project.root, folder);
  makeWritable(folder);
  checkOwn(project.root, folder);
  if (project.wranglerFile !== undefined) return folder;
  ignoreFolder(dirname(folder));
  return folder;
}

/** Keeps what we write into a folder out of the repository that it may lie in; the file ignores itself as well. */
export function ignoreFolder(folder: string): void {
  try {
    // Through no link, either.
    writeFileSync(join(folder, '.gitignore'), '*\n', { flag: 'wx', mode: 0o644 });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}

/** Where that is, whether it exists or not. */
export function dataFolderOf(project: Project): string {
  return project.wranglerFile === undefined ? join(project.root, '.ensemble', 'v3') : join(project.root, '.wrangler', 'state', 'v3');
}

function makeWritable(folder: string): void {
  try {
    mkdirSync(dirname(folder), { recursive: true, mode: 0o755 });
    // The data of runs is for nobody else to read.
    mkdirSync(folder, { recursive: true, mode: 0o700 });
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

/** A link that came with a repository could lead to the data of another project. */
function checkNoLinks(root: string, folder: string): void {
  const paths = listIn(folder);
  for (let path = folder; relative(root, path) !== ''; path = dirname(path)) paths.push(path);
  const link = paths.find(isLink);
  if (link !== undefined) throw linked(link);
}

/**
 * Looks at all that lies in a data folder before a runtime opens it: a database may be a link, too. Not done by every command, for there is a file for each run.
 * @throws ProjectProblem for the first link.
 */
export function checkDataFiles(folder: string): void {
  const waiting = [folder];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    for (const entry of entriesOf(path)) {
      if (entry.isSymbolicLink()) throw linked(join(path, entry.name));
      if (entry.isDirectory()) waiting.push(join(path, entry.name));
    }
  }
}

function linked(path: string): ProjectProblem {
  return new ProjectProblem(`${path} is a link, and the data of runs is not looked for elsewhere: put a folder, or a mount, in its place`);
}

/** None where there is no folder, or none that can be read: that is told when it is opened. */
function listIn(folder: string): string[] {
  return entriesOf(folder).map(({ name }) => join(folder, name));
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function isLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink();
  } catch {
    return false;
  }
}

/** The files of a project are trusted, so its owner is, too. */
function checkOwn(root: string, folder: string): void {
  if (process.platform === 'win32') return;
  const { uid, mode } = statSync(folder);
  if (uid !== process.getuid?.() && uid !== 0 && uid !== statSync(root).uid) {
    throw new ProjectProblem(
      `a run keeps its data in ${folder}, which belongs to another user (uid ${uid}), and not to the owner of the project: delete it, or copy the project without it`,
    );
  }
  if ((mode & 0o002) !== 0 && keepsModes(folder)) {
    throw new ProjectProblem(
      `a run keeps its data in ${folder}, where every user of this machine may write: see whether what is in it is yours, then say "chmod -R go-w" for it, or delete it`,
    );
  }
}
