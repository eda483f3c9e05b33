import { join } from 'node:path';
import type { SourceFile } from '../../language/project-index.ts';
import { readSource } from '../../node/project/read-source.ts';
import type { Diagnostic } from '../../program/diagnostic.ts';
import type { Finding, Report } from './formats/format.ts';
import { type OpenProject, pathFrom, type Workspace } from './workspace.ts';

/**
 * Validates files, and with them the agent files that they run. The same files give the same report, in whatever order they come; a file that
 * cannot be read is a finding. Only findings and the texts that they stand in are kept.
 */
export function checkFiles(files: readonly string[], workspace: Workspace, cwd: string): Report {
  const findings = new Map<string, readonly Finding[]>();
  // Ensembles first: an agent file that they run is known by then.
  for (const file of [...files].sort((a, b) => Number(isAgentPath(a)) - Number(isAgentPath(b)))) {
    const project = workspace.projectOf(file);
    const source = readSource(file, pathFrom(project.root, file));
    for (const [path, diagnostics] of groupByFile(project.linter.lint(source), source)) {
      const shown = pathFrom(cwd, join(project.root, path));
      if (!findings.has(shown)) findings.set(shown, asFindings(diagnostics, shown, path === source.path ? source : undefined, project));
    }
  }
  const sorted = [...findings].sort(([a], [b]) => (a < b ? -1 : 1));
  return { findings: sorted.flatMap(([, found]) => found), files: files.map((file) => pathFrom(cwd, file)).sort() };
}

const isAgentPath = (file: string): boolean => /[/\\]agents[/\\]/.test(file);

/** By file; the validated file itself comes even with no findings. */
function groupByFile(diagnostics: readonly Diagnostic[], source: SourceFile): ReadonlyMap<string, readonly Diagnostic[]> {
  const groups = new Map<string, Diagnostic[]>([[source.path, []]]);
  for (const diagnostic of diagnostics) {
    const group = groups.get(diagnostic.span.file);
    if (group === undefined) groups.set(diagnostic.span.file, [diagnostic]);
    else group.push(diagnostic);
  }
  return groups;
}

function asFindings(
  diagnostics: readonly Diagnostic[],
  file: string,
  known: SourceFile | undefined,
  { root }: OpenProject,
): readonly Finding[] {
  const [first] = diagnostics;
  if (first === undefined) return [];
  const { text, unreadable } = known ?? readSource(join(root, first.span.file), first.span.file);
  return diagnostics.map((diagnostic) => ({ ...diagnostic, file, text: unreadable === undefined ? text : undefined }));
}
