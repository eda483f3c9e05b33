import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { findRepository } from './find-repository.ts';
import { realPathInside } from './project/find-inside.ts';
import { readRegularText } from './read-regular.ts';
import { UnreadableText } from './read-text.ts';

/** No configuration and no file of variables is larger. */
const MAX_BYTES = 1024 * 1024;

/**
 * The text of a file that says how a project runs: its wrangler configuration, its `.dev.vars`. Projects of one repository may share it by a link; one that leads out of the repository, or
 * out of the project where there is none, is refused: a project that came from elsewhere would get hold of `~/.aws/credentials` by it.
 * @throws UnreadableText, also for a file beyond 1 MiB.
 */
export function readRootFile(file: string): string {
  const real = realPathInside(findRepository(dirname(file)), file);
  if (real === undefined && existsSync(file)) throw new UnreadableText('it is a link that leads out of the project and its repository');
  return readRegularText(real ?? file, MAX_BYTES);
}
