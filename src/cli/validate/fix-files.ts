import { UnwritableText } from '../../node/replace-text.ts';
import type { Io } from '../io.ts';
import { harmlessLine } from '../terminal/harmless.ts';
import type { ReadSource } from './check-files.ts';
import { fixSource } from './fix-source.ts';
import { countFiles } from './show-report.ts';
import { pathFrom, type Workspace } from './workspace.ts';

/** How a mended text comes to where its file is: it replaces the file, unless it came from stdin. */
export type WriteText = (file: string, before: string, after: string) => void;

/** Mends what is safe in the files, and says so on stderr. False when one could not be written. What is left, a new look at them tells. */
export function fixFiles(files: readonly string[], read: ReadSource, write: WriteText, workspace: Workspace, io: Io): boolean {
  let problems = 0;
  let changed = 0;
  let allWritten = true;
  for (const file of files) {
    const project = workspace.projectOf(file);
    const source = read(file, pathFrom(project.root, file));
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
  if (problems > 0) io.stderr.write(`fixed ${problems} problem${problems === 1 ? '' : 's'} in ${countFiles(changed)}\n`);
  return allWritten;
}
