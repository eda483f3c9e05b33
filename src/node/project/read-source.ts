import { statSync } from 'node:fs';
import type { SourceFile } from '../../language/project-index.ts';
import { decodeUtf8, readText, UnreadableText } from '../read-text.ts';

/** The compiler refuses files beyond 1 MiB; this only keeps a huge one out of memory. */
const MAX_BYTES = 16 * 1024 * 1024;

/** A file for the compiler, named `path` in what it reports. One that cannot be read says why: `unreadable`. */
export function readSource(file: string, path: string): SourceFile {
  return sourceOf(path, () => {
    refuse(file);
    return readText(file);
  });
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

/** A pipe or a device could be read for ever. What is wrong with the file otherwise, reading it tells. */
function refuse(file: string): void {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats === undefined || stats.isDirectory()) return;
  if (!stats.isFile()) throw new UnreadableText('it is no regular file');
  if (stats.size > MAX_BYTES) throw new UnreadableText('it is larger than 16 MiB');
}
