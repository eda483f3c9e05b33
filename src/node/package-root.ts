import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

let found: string | undefined;

/**
 * The folder of this package, whether this code runs from `src/` or bundled from somewhere in `dist/`: the nearest folder upward whose
 * package.json has our bin. Built assets (`dist/worker`) and lazily loaded packages are found from here.
 */
export function packageRoot(): string {
  if (found !== undefined) return found;
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    if (hasOurBin(join(folder, 'package.json'))) {
      found = folder;
      return folder;
    }
    if (dirname(folder) === folder) throw new Error(`the package that ${import.meta.dirname} belongs to was not found`);
  }
}

function hasOurBin(path: string): boolean {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).bin?.ensemble !== undefined;
  } catch {
    return false;
  }
}
