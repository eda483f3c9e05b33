import { join } from 'node:path';
import type { SourceFile } from '../../language/project-index.ts';
import { readSource } from '../../node/project/read-source.ts';
import type { Diagnostic } from '../../program/diagnostic.ts';
import type { Finding, Report } from './formats/format.ts';
import { type OpenProject, pathFrom, type Workspace } from './workspace.ts';

/** Reads a file, absolute, of the project at `root`, that is named `path` in what is found in it. */
export type ReadSource = (file: string, path: string, root: string) => SourceFile;

/**
 * Validates files, and with them the agent files that they run and the settings of their projects. The same files give the same report, in whatever
 * order they come; a file that cannot be read is a finding. Only findings, and the texts that they stand in, are kept.
 */
export function checkFiles(files: readonly string[], read: ReadSource, workspace: Workspace, cwd: string): Report {
  /** By the file as it is shown: what was found in it. */
  const findings = new Map<string, readonly Finding[]>();
  const keep = (project: OpenProject, diagnostics: readonly Diagnostic[], source?: SourceFile) => {
    for (const [path, found] of groupByFile(diagnostics, source)) {
      const shown = pathFrom(cwd, join(project.root, path));
      if (findings.has(shown)) continue;
      const { text, unreadable } = path === source?.path ? source : readSource(join(project.root, path), path, project.root);
      findings.set(
        shown,
        found.map((diagnostic) => ({ ...diagnostic, file: shown, text: unreadable === undefined ? text : undefined })),
      );
    }
  };
  for (const file of agentFilesLast(files)) {
    const project = workspace.projectOf(file);
    const source = read(file, pathFrom(project.root, file), project.root);
    keep(project, project.linter.lint(source), source);
  }
  for (const project of workspace.projects) keep(project, project.badSettings);
  const inOrder = [...findings].sort(([a], [b]) => (a < b ? -1 : 1));
  return { findings: inOrder.flatMap(([, found]) => found), files: files.map((file) => pathFrom(cwd, file)).sort() };
}

/** By then the linter knows those that ensembles run; and the order of the command line makes no difference. */
function agentFilesLast(files: readonly string[]): readonly string[] {
  const isAgentFile = (file: string) => /[/\\]agents[/\\]/.test(file);
  const sorted = [...files].sort();
  return [...sorted.filter((file) => !isAgentFile(file)), ...sorted.filter(isAgentFile)];
}

/** By file; the validated file itself is there even when nothing is wrong with it. */
function groupByFile(diagnostics: readonly Diagnostic[], source: SourceFile | undefined): ReadonlyMap<string, readonly Diagnostic[]> {
  const groups = new Map<string, Diagnostic[]>(source === undefined ? [] : [[source.path, []]]);
  for (const diagnostic of diagnostics) {
    const group = groups.get(diagnostic.span.file);
    if (group === undefined) groups.set(diagnostic.span.file, [diagnostic]);
    else group.push(diagnostic);
  }
  return groups;
}
