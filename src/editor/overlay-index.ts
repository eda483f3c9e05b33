import type { ProjectIndex, SourceFile } from '../language/project-index.ts';
import { agentNameOf, mayBeVersion, nameWithoutVersion } from '../language/versions/file-names.ts';
import { ProjectProblem } from '../node/project-problem.ts';

/** The text of a file as it stands in an editor; undefined for one that is not open. The path is relative to the project's root. */
export type ReadBuffer = (path: string) => string | undefined;

/**
 * The project with what is not saved yet: files that are open are read from their editors. An agent file or ensemble that is open but was
 * never saved is found as well.
 */
export function overlayIndex(index: ProjectIndex, readBuffer: ReadBuffer, openPaths: () => readonly string[]): ProjectIndex {
  const overlaid = (file: SourceFile | undefined): SourceFile | undefined => {
    const text = file && readBuffer(file.path);
    return file === undefined || text === undefined ? file : { path: file.path, text };
  };
  const buffer = (matches: (path: string) => boolean): SourceFile | undefined => {
    const path = openPaths().find(matches);
    const text = path === undefined ? undefined : readBuffer(path);
    return path === undefined || text === undefined ? undefined : { path, text };
  };
  /** Those of the project as their editors have them, and those that are open and were never saved. */
  const versions = (files: readonly SourceFile[], isVersion: (path: string) => boolean): readonly SourceFile[] => {
    const saved = new Set(files.map(({ path }) => path));
    const unsaved = openPaths().filter((path) => !saved.has(path) && isVersion(path));
    return [...files.flatMap((file) => overlaid(file) ?? []), ...unsaved.flatMap((path) => buffer((other) => other === path) ?? [])];
  };
  return {
    ...index,
    agentFile: (name) => overlaid(unless(() => index.agentFile(name))) ?? buffer((path) => AGENT_FILE.exec(path)?.[1] === name),
    agentFiles: (name) => versions(unless(() => index.agentFiles(name)) ?? [], (path) => isAgentFile(path) && mayBeVersion(path, name)),
    agentNames: () =>
      [
        ...new Set([
          ...index.agentNames(),
          ...openPaths()
            .filter(isAgentFile)
            .flatMap((path) => agentNameOf(path) ?? []),
        ]),
      ].sort(),
    ensembleFile: (reference, from) =>
      overlaid(unless(() => index.ensembleFile(reference, from))) ?? buffer((path) => ENSEMBLE_FILE.exec(path)?.[1] === reference),
    ensembleFiles: (name) =>
      versions(unless(() => index.ensembleFiles(name)) ?? [], (path) => ENSEMBLE_FILE.test(path) && mayBeVersion(path, name)),
    ensembleNames: () => [
      ...new Set([
        ...index.ensembleNames(),
        ...openPaths().flatMap((path) => nameWithoutVersion(ENSEMBLE_FILE.exec(path)?.[1] ?? '') || []),
      ]),
    ],
  };
}

/** A file that is there and cannot be read stops a command; in an editor it is as good as not there. */
function unless<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof ProjectProblem) return undefined;
    throw error;
  }
}

/** `agents/<name>/agent.yaml` and `agents/<name>.yaml`. */
const AGENT_FILE = /^agents\/([^/]+?)(?:\/agent)?\.ya?ml$/;
export const ENSEMBLE_FILE = /^ensembles\/(?:.*\/)?([^/]+)\.ya?ml$/;

/** Whether an agent file, in whatever version, lies at the path. */
export function isAgentFile(path: string): boolean {
  return path.startsWith('agents/') && agentNameOf(path) !== undefined;
}
