import { lstatSync, realpathSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';

/**
 * The absolute path of an existing file when it lies in the project, symbolic links followed; else undefined. An ensemble that names
 * `../../etc/passwd`, or a link to it, finds nothing.
 */
export function findInside(root: string, path: string): string | undefined {
  return realPathInside(root, path) === undefined ? undefined : resolve(root, path);
}

/** Where that file really lies: reading it there follows no link that is made meanwhile. */
export function realPathInside(root: string, path: string): string | undefined {
  try {
    const realRoot = realpathSync(root);
    const real = realpathSync(resolve(root, path));
    return real.startsWith(realRoot.endsWith(sep) ? realRoot : realRoot + sep) ? real : undefined;
  } catch {
    return undefined;
  }
}

/** What is to be written at a path in the folder `root` would go elsewhere through this link, absolute; undefined when it goes there. The path, relative, need not exist. */
export function findLinkOut(root: string, path: string): string | undefined {
  for (let place = path; place !== '.'; place = dirname(place)) {
    const absolute = join(root, place);
    if (isThere(absolute) && realPathInside(root, place) === undefined) return absolute;
  }
  return undefined;
}

/** So is a link that leads nowhere. */
function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
