import { type Dirent, readdirSync, statSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { globSync, isDynamicPattern } from 'tinyglobby';

/** Folders whose files nobody wrote by hand. Those that begin with a dot are left out as well. */
const SKIPPED = ['**/node_modules/**', '**/dist/**'];

/** Whether a path holds what only patterns have: `*`, `?`, `[a-z]`, `{a,b}`, … */
export const isGlob = (path: string): boolean => isDynamicPattern(path);

/**
 * The files that a pattern matches, absolute, in no particular order; a folder stands for all files in it. `node_modules`, `dist` and folders that begin with a
 * dot are passed over, unless the part of the pattern before its first wildcard leads there. Links to files count as files, links to folders are not
 * followed: they can lead in circles, and out of the project.
 */
export function globFiles(pattern: string, cwd: string): readonly string[] {
  const { base, rest } = splitGlob(pattern, cwd);
  const found = globSync(rest, {
    cwd: base,
    ignore: SKIPPED,
    followSymbolicLinks: false,
    // The one of its overloads that the library calls.
    fs: { readdirSync: listWithLinkedFiles as unknown as typeof readdirSync },
  });
  return found.map((path) => join(base, path.split('/').join(sep)));
}

/** A pattern as the folder, absolute, before its first wildcard, and what follows; a plain path is all rest. */
export function splitGlob(pattern: string, cwd: string): { readonly base: string; readonly rest: string } {
  const segments = pattern.split('/');
  const fixed = segments.findIndex((segment) => isGlob(segment));
  if (fixed === -1) return { base: cwd, rest: pattern };
  const folder = segments.slice(0, fixed).join('/') || (pattern.startsWith('/') ? '/' : '.');
  return { base: resolve(cwd, folder), rest: segments.slice(fixed).join('/') };
}

/** As `readdirSync` with file types, but that a link to a file is a file. */
function listWithLinkedFiles(folder: string): readonly Dirent[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  for (const entry of entries) {
    if (!entry.isSymbolicLink() || !isFile(join(folder, entry.name))) continue;
    entry.isFile = () => true;
    entry.isSymbolicLink = () => false;
  }
  return entries;
}

/** Not so for a link that leads nowhere or round in a circle. */
function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
