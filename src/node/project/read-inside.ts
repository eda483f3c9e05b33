import { relative, resolve, sep } from 'node:path';
import type { SourceFile } from '../../language/project-index.ts';
import { realPathInside } from './find-inside.ts';
import { readSource } from './read-source.ts';

/** The file with its path relative to the root and forward slashes; undefined when it is not there or outside. */
export function readInside(root: string, path: string): SourceFile | undefined {
  const real = realPathInside(root, path);
  if (real === undefined) return undefined;
  return readSource(real, relative(root, resolve(root, path)).split(sep).join('/'));
}
