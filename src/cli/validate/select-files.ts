import { type Stats, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Workspace } from './workspace.ts';

/**
 * The files that a command line means, absolute, each once, sorted. A path is a file, which is always taken; a folder, for all YAML files
 * in it; a glob; or, behind a `!`, a glob of files to leave out. Without any: what the settings of the working folder's project say, else its `ensembles/` and
 * `agents/`.
 * @throws UsageProblem for a path that leads to nothing.
 */
export async function selectFiles(paths: readonly string[], workspace: Workspace, cwd: string): Promise<readonly string[]> {
  const named = paths.map((path) => resolve(cwd, path));
  if (paths.length > 0 && named.every((path) => statOf(path)?.isDirectory() === false)) return [...new Set(named)].sort();
  // Editors and commit hooks name files: what looks for them loads only when it has to.
  const { findFiles } = await import('./find-files.ts');
  return findFiles(paths, workspace, cwd);
}

/** Undefined for what is not there; a link that goes round in a circle is not there either. */
export function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}
