import type { AnalyzedFile } from './analyze-file.ts';
import type { ProjectIndex, SourceFile } from './project-index.ts';
import { findEnsembleFile } from './versions/find-file.ts';
import { foundFile } from './versions/find-version.ts';

/** The other ensembles of a project, as the files that run them see them (LANGUAGE §6.5). */
export interface EnsembleFiles {
  /** The path of the ensemble that a file names; undefined when there is none. */
  pathOf(reference: string, from: string): string | undefined;
  /**
   * The ensemble that a file names, read but not checked, and without the ensembles that it runs itself: ask for these by its own path. Undefined
   * when there is none, or when something in it cannot be read, which is reported where that file is checked.
   */
  read(reference: string, from: string): AnalyzedFile | undefined;
}

/** How many are kept: a project may have thousands, and one file names a few. */
const MAX_KEPT = 200;

/** Reads each ensemble once, as long as its text stays the same, with `read`. */
export function createEnsembleFiles(project: ProjectIndex, read: (source: SourceFile) => AnalyzedFile | undefined): EnsembleFiles {
  const kept = new Map<string, { readonly text: string; readonly file: AnalyzedFile | undefined }>();
  const find = (reference: string, from: string) => foundFile(findEnsembleFile(project, reference, from));
  return {
    pathOf: (reference, from) => find(reference, from)?.path,
    read(reference, from) {
      const source = find(reference, from);
      if (source === undefined) return undefined;
      const known = kept.get(source.path);
      if (known?.text === source.text) return known.file;
      const file = read(source);
      kept.delete(source.path);
      kept.set(source.path, { text: source.text, file });
      for (const oldest of kept.keys()) {
        if (kept.size <= MAX_KEPT) break;
        kept.delete(oldest);
      }
      return file;
    },
  };
}

/** None at all, for a body that is looked at by itself. */
export const NO_ENSEMBLES: EnsembleFiles = { pathOf: () => undefined, read: () => undefined };
