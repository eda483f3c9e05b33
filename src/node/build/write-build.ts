import { mkdirSync, readdirSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import { DEPLOYMENT_FORMAT } from '../../program/deployment.ts';
import { findLinkOut } from '../project/find-inside.ts';
import { ProjectProblem } from '../project-problem.ts';

/**
 * Puts the files of a build, relative path → text, in place of an earlier one, all of them or none: they are written beside the folder, which then takes their place.
 * @throws ProjectProblem when it cannot be written. Call `checkBuildFolder` before.
 */
export function writeBuild(folder: string, files: ReadonlyMap<string, string>): void {
  const target = existing(folder) ?? folder;
  const staging = `${target}.${process.pid}.tmp`;
  const old = `${target}.${process.pid}.old`;
  try {
    for (const [path, text] of files) {
      mkdirSync(dirname(join(staging, path)), { recursive: true });
      writeFileSync(join(staging, path), text);
    }
    replaceFolder(target, staging, old);
  } catch (error) {
    if (error instanceof ProjectProblem) throw error;
    throw new ProjectProblem(`the build cannot be written to ${folder}: ${(error as Error).message}`, { cause: error });
  } finally {
    for (const left of [staging, old]) rmSync(left, { recursive: true, force: true });
  }
}

/** Another build may do the same at the same time: the one that comes last stays. */
function replaceFolder(target: string, staging: string, old: string): void {
  for (let tries = 1; ; tries += 1) {
    try {
      if (existing(target) !== undefined) renameSync(target, old);
      renameSync(staging, target);
      return;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (tries === 3 || (code !== 'ENOTEMPTY' && code !== 'EEXIST' && code !== 'ENOENT')) throw error;
      rmSync(old, { recursive: true, force: true });
    }
  }
}

/**
 * Whether a build may take the place of what is there. In the project at `root` it goes through no link that leads elsewhere.
 * @throws ProjectProblem when it may not.
 */
export function checkBuildFolder(folder: string, root: string): void {
  const path = relative(root, folder);
  const isInside = path !== '' && path !== '..' && !path.startsWith(`..${sep}`) && !isAbsolute(path);
  const link = isInside ? findLinkOut(root, path) : undefined;
  if (link !== undefined)
    throw new ProjectProblem(
      `${link} is a link that leads out of the project; take it away, or name the folder that it leads to with --out`,
    );
  let names: readonly string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return;
    throw new ProjectProblem(code === 'ENOTDIR' ? `${folder} is a file; a build is a folder` : `${folder} cannot be read: ${code}`, {
      cause: error,
    });
  }
  if (names.length === 0 || isBuild(folder)) return;
  throw new ProjectProblem(`${folder} holds other files than an earlier build; name an empty folder, or one that is not there yet`);
}

function isBuild(folder: string): boolean {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
    return (
      typeof manifest === 'object' &&
      manifest !== null &&
      'format' in manifest &&
      manifest.format === DEPLOYMENT_FORMAT &&
      'ensembles' in manifest
    );
  } catch {
    return false;
  }
}

/** Where the folder really lies, when it is there. */
function existing(folder: string): string | undefined {
  try {
    return realpathSync(folder);
  } catch {
    return undefined;
  }
}
