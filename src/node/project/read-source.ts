import { existsSync } from 'node:fs';
import type { SourceFile } from '../../language/project-index.ts';
import { readRegularText } from '../read-regular.ts';
import { decodeUtf8, UnreadableText } from '../read-text.ts';
import { realPathInside } from './find-inside.ts';

/**
 * A file for the compiler, named `path` in what it reports. One that cannot be read says why: `unreadable`. With `root` that is also said of a link that leads out of that
 * folder: what is wrong with a file is shown with lines of it, which are nobody's business when they are of `~/.ssh`.
 */
export function readSource(file: string, path: string, root?: string): SourceFile {
  return sourceOf(path, () => readRegularText(root === undefined ? file : findReal(root, file)));
}

/** The same of bytes that come from elsewhere. */
export function decodeSource(bytes: Uint8Array, path: string): SourceFile {
  return sourceOf(path, () => decodeUtf8(bytes));
}

function sourceOf(path: string, read: () => string): SourceFile {
  try {
    return { path, text: read() };
  } catch (error) {
    if (!(error instanceof UnreadableText)) throw error;
    return { path, text: '', unreadable: error.message };
  }
}

/** Of a file that is not there or cannot be reached the path as it is: reading it tells why. */
function findReal(root: string, file: string): string {
  const real = realPathInside(root, file);
  if (real === undefined && existsSync(file)) throw new UnreadableText('it is a link that leads out of the project');
  return real ?? file;
}
