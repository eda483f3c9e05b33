import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** The names wrangler looks for, in its order. */
const WRANGLER_FILES = ['wrangler.json', 'wrangler.jsonc', 'wrangler.toml'] as const;

export interface Project {
  /** Absolute path of the folder that file names in messages and references in ensembles are relative to. */
  readonly root: string;
  /** Absolute path of the wrangler configuration, when there is one; it lies in `root`. */
  readonly wranglerFile?: string;
}

/**
 * Finds the project that a folder belongs to: the nearest folder upward with a wrangler configuration (not beyond the repository, that is the
 * folder with `.git`); without one the nearest with `package.json` or `.git`; else the folder itself.
 */
export function findProject(folder: string): Project {
  const start = resolve(folder);
  let nearest: string | undefined;
  for (const candidate of foldersUpward(start)) {
    const wranglerFile = findWranglerFile(candidate);
    if (wranglerFile !== undefined) return { root: candidate, wranglerFile };
    const isRepository = existsSync(join(candidate, '.git'));
    if (nearest === undefined && (isRepository || existsSync(join(candidate, 'package.json')))) nearest = candidate;
    if (isRepository) break;
  }
  return { root: nearest ?? start };
}

/** The absolute path of the wrangler configuration that lies in a folder. */
export function findWranglerFile(folder: string): string | undefined {
  return WRANGLER_FILES.map((name) => join(folder, name)).find((path) => existsSync(path));
}

function* foldersUpward(start: string): Generator<string> {
  for (let folder = start; ; folder = dirname(folder)) {
    yield folder;
    if (dirname(folder) === folder) return;
  }
}
