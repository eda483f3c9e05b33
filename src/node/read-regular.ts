import { type Stats, statSync } from 'node:fs';
import { readText, UnreadableText } from './read-text.ts';

const MIB = 1024 * 1024;
/** The compiler refuses files beyond 1 MiB, and nothing else of a project is large: this only keeps a huge one out of memory. */
const MAX_FILE_BYTES = 16 * MIB;

/**
 * The text of a file of a project, which nobody has named on a command line. Pipes and devices are refused: one that came with a project could be read for ever.
 * @throws UnreadableText, also for a file larger than `maxBytes` (16 MiB).
 */
export function readRegularText(file: string, maxBytes: number = MAX_FILE_BYTES): string {
  const stats = statOf(file);
  if (stats !== undefined && !stats.isDirectory()) {
    if (!stats.isFile()) throw new UnreadableText('it is no regular file');
    if (stats.size > maxBytes) throw new UnreadableText(`it is larger than ${maxBytes / MIB} MiB`);
  }
  return readText(file);
}

/** What is wrong with a file otherwise, reading it tells. */
function statOf(file: string): Stats | undefined {
  try {
    return statSync(file);
  } catch {
    return undefined;
  }
}
