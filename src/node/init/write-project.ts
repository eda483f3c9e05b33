import { lstatSync, mkdirSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findWranglerFile } from '../find-project.ts';
import { findLinkOut } from '../project/find-inside.ts';
import { ProjectProblem } from '../project-problem.ts';
import { readRegularText } from '../read-regular.ts';
import { UnreadableText } from '../read-text.ts';
import { replaceText, UnwritableText } from '../replace-text.ts';
import { joinIgnored } from './join-ignored.ts';
import { joinPackage } from './join-package.ts';
import { IGNORE_FILE, type NewFile } from './new-project.ts';

export interface WrittenProject {
  readonly made: readonly string[];
  /** They were there, and got what they lacked. */
  readonly joined: readonly string[];
  /** They were there, and are as they were. */
  readonly kept: readonly string[];
}

/**
 * Writes the files of a new project into a folder, which is made when it is not there. Nothing that is there is lost, and should one file not be
 * written, those before it are taken away again.
 * @throws ProjectProblem naming all files that are in the way, or the one that cannot be written.
 */
export function writeNewProject(folder: string, files: readonly NewFile[]): WrittenProject {
  refuseWhatIsNoFolder(folder);
  refuseWhatIsThere(folder, files);
  refuseLinksOut(folder, files);
  const made: string[] = [];
  const joined: string[] = [];
  const kept: string[] = [];
  const undo: (() => void)[] = [];
  try {
    for (const { path, text, ifThere } of files) {
      const file = join(folder, path);
      if (!isThere(file)) {
        const firstMade = mkdirSync(dirname(file), { recursive: true });
        if (firstMade !== undefined) undo.push(() => removeEmptyFolders(dirname(file), firstMade));
        writeFileSync(file, text, { flag: 'wx' });
        undo.push(() => rmSync(file, { force: true }));
        made.push(path);
        continue;
      }
      const before = ifThere === 'join' ? readRegularText(file) : undefined;
      const after = before === undefined ? before : path === IGNORE_FILE ? joinIgnored(before, text) : joinPackage(before, text, path);
      if (before === undefined || after === undefined || after === before) {
        kept.push(path);
        continue;
      }
      replaceText(file, before, after);
      undo.push(() => replaceText(file, after, before));
      joined.push(path);
    }
  } catch (error) {
    for (const back of undo.toReversed()) back();
    throw explained(error, folder);
  }
  return { made, joined, kept };
}

/** From the inner folder out to the outer one; one that somebody else has put a file into stays, and so do those around it. */
function removeEmptyFolders(inner: string, outer: string): void {
  for (let folder = inner; folder.length >= outer.length; folder = dirname(folder)) {
    try {
      rmdirSync(folder);
    } catch {
      return;
    }
  }
}

function refuseWhatIsNoFolder(folder: string): void {
  let isFolder: boolean;
  try {
    isFolder = statSync(folder).isDirectory();
  } catch (error) {
    isFolder = (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
  if (!isFolder) throw new ProjectProblem(`${folder} is no folder, and none can be made there`);
}

function refuseWhatIsThere(folder: string, files: readonly NewFile[]): void {
  const inTheWay = files.filter(({ path, ifThere }) => ifThere === 'refuse' && isThere(join(folder, path))).map(({ path }) => path);
  const config = findWranglerFile(folder);
  const others = config === undefined ? [] : [config.slice(folder.length + 1)];
  const found = [...new Set([...inTheWay, ...others])];
  if (found.length === 0) return;
  const lines = found.map((path) => `  ${path}`).join('\n');
  const help =
    others.length === 0
      ? 'choose another folder'
      : 'choose another folder, or write what ensembles need into the configuration: ensemble doctor --fix';
  throw new ProjectProblem(`${found.length > 1 ? 'these files are' : 'a file is'} in the way, and nothing was written:\n${lines}\n${help}`);
}

/** A folder that came from elsewhere may have a link in it where a file, or the folder that it is to lie in, would be. */
function refuseLinksOut(folder: string, files: readonly NewFile[]): void {
  const link = files.map(({ path }) => findLinkOut(folder, path)).find((found) => found !== undefined);
  if (link !== undefined)
    throw new ProjectProblem(
      `${link} is a link that leads out of the folder, and nothing was written: take it away, or choose another folder`,
    );
}

function isThere(file: string): boolean {
  try {
    lstatSync(file);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ENOENT';
  }
}

function explained(error: unknown, folder: string): unknown {
  if (error instanceof ProjectProblem) return error;
  if (error instanceof UnreadableText || error instanceof UnwritableText)
    return new ProjectProblem(`${folder}: ${error.message}; nothing was written`, { cause: error });
  const { code, message } = error as NodeJS.ErrnoException;
  return code === undefined
    ? error
    : new ProjectProblem(`the project cannot be written: ${message}; what was written is gone again`, { cause: error });
}
