import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Project } from '../find-project.ts';
import { packageRoot } from '../package-root.ts';
import { readRegularText } from '../read-regular.ts';

/**
 * A hash of all that a host reads once, when it starts: this build of Ensemble, the version of Node, the wrangler configuration and `.dev.vars`. A command that finds a host with
 * another has it replaced.
 */
export function hostConfigOf(project: Project): string {
  const hash = createHash('sha256');
  for (const text of [
    buildIdOf(),
    process.version,
    project.wranglerFile ?? '',
    project.wranglerFile === undefined ? '' : readOr(project.wranglerFile),
    readOr(join(project.root, '.dev.vars')),
  ]) {
    hash.update(`${text.length} ${text}`);
  }
  return hash.digest('hex');
}

/** What tells this build of Ensemble from every other. */
export function buildIdOf(): string {
  return readOr(join(packageRoot(), 'dist', 'build-id'));
}

/** A file that is missing or cannot be read is for the host to complain of. */
function readOr(path: string): string {
  try {
    return readRegularText(path);
  } catch {
    return '';
  }
}
