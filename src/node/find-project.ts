import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { SETTINGS_FILES } from '../language/settings/settings.ts';

/** The names wrangler looks for, in its order. */
const WRANGLER_FILES = ['wrangler.json', 'wrangler.jsonc', 'wrangler.toml'] as const;

export interface Project {
  /** Absolute path of the folder that file names in messages and references in ensembles are relative to. */
  readonly root: string;
  /** Absolute path of the wrangler configuration, when there is one; it lies in `root`. */
  readonly wranglerFile?: string;
}

/** What a project's root has in it when it has no wrangler configuration. */
const ROOT_MARKS = [...SETTINGS_FILES, 'package.json', '.git'];

/**
 * Finds the project that a folder belongs to: the nearest folder upward with a wrangler configuration (not beyond the repository, that is the
 * folder with `.git`); without one the nearest with `ensemble.config.yaml`, `package.json` or `.git`; else the one that holds the `ensembles/` or `agents/`
 * it lies in; else the folder itself.
 */
export function findProject(folder: string): Project {
  const start = resolve(folder);
  let nearest: string | undefined;
  for (const candidate of foldersUpward(start)) {
    const wranglerFile = findWranglerFile(candidate);
    if (wranglerFile !== undefined) return { root: candidate, wranglerFile };
    if (nearest === undefined && ROOT_MARKS.some((name) => existsSync(join(candidate, name)))) nearest = candidate;
    if (existsSync(join(candidate, '.git'))) break;
  }
  return { root: nearest ?? homeOf(start) };
}

/** `/code/shop` for `/code/shop/ensembles/orders`. */
function homeOf(folder: string): string {
  for (const candidate of foldersUpward(folder)) if (/^(?:ensembles|agents)$/.test(basename(candidate))) return dirname(candidate);
  return folder;
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
