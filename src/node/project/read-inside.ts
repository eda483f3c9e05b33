import { realpathSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import type { SourceFile } from '../../language/project-index.ts';
import { readSource } from './read-source.ts';

/**
 * The absolute path of an existing file when it lies in the project, symbolic links followed; else undefined. An ensemble that names
 * `../../etc/passwd`, or a link to it, finds nothing.
 */
export function findInside(root: string, path: string): string | undefined {
  const absolute = resolve(root, path);
  try {
    const realRoot = realpathSync(root);
    return realpathSync(absolute).startsWith(realRoot.endsWith(sep) ? realRoot : realRoot + sep) ? absolute : undefined;
  } catch {
    return undefined;
  }
}

/** The file with its path relative to the root and forward slashes; undefined when it is not there or outside. */
export function readInside(root: string, path: string): SourceFile | undefined {
  const absolute = findInside(root, path);
  if (absolute === undefined) return undefined;
  return readSource(absolute, relative(root, absolute).split(sep).join('/'));
}
