import { setImmediate as nextTurn } from 'node:timers/promises';
import { UnwritableText } from '../../node/replace-text.ts';
import type { Io } from '../io.ts';
import { harmlessLine } from '../terminal/harmless.ts';
import type { ReadSource } from './check-files.ts';
import { fixSource } from './fix-source.ts';
import { countFiles } from './show-report.ts';
import { pathFrom, type Workspace } from './workspace.ts';

/** How a mended text comes to where its file is: it replaces the file, unless it came from stdin. */
export type WriteText = (file: string, before: string, after: string) => void;

/**
 * Mends what is safe in the files, and says so on stderr; what is left, a new look at them tells. An interrupt is heeded between two files, so that each is
 * as it was or mended.
 */
export async function fixFiles(
  files: readonly string[],
  read: ReadSource,
  write: WriteText,
  workspace: Workspace,
  io: Io,
): Promise<'done' | 'interrupted' | 'unwritable'> {
  let interrupted = false;
  const stopListening = io.onInterrupt(() => {
    interrupted = true;
  });
  let problems = 0;
  let changed = 0;
  let allWritten = true;
  for (const file of files) {
    await nextTurn();
    if (interrupted) break;
    const project = workspace.projectOf(file);
    const source = read(file, pathFrom(project.root, file), project.root);
    const { text, fixed } = fixSource(source, project.linter);
    try {
      if (fixed > 0) write(file, source.text, text);
      problems += fixed;
      changed += Number(fixed > 0);
    } catch (error) {
      if (!(error instanceof UnwritableText)) throw error;
      allWritten = false;
      io.stderr.write(`${harmlessLine(pathFrom(io.cwd, file))} could not be fixed: ${harmlessLine(error.message)}\n`);
    }
  }
  stopListening();
  if (problems > 0) io.stderr.write(`fixed ${problems} problem${problems === 1 ? '' : 's'} in ${countFiles(changed)}\n`);
  if (interrupted) return 'interrupted';
  return allWritten ? 'done' : 'unwritable';
}
