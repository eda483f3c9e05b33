import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder of the repository that a project, at `root`, lies in: the nearest one upward with `.git`; the root itself where there is none. */
export function findRepository(root: string): string {
  for (let folder = root; ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return folder;
    if (dirname(folder) === folder) return root;
  }
}
