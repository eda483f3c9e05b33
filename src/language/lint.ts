import type { Diagnostic } from '../program/diagnostic.ts';
import { sortDiagnostics } from '../program/sort-diagnostics.ts';
import { Analysis } from './analyze-file.ts';
import type { BodyModel } from './model/body-model.ts';
import type { ProjectIndex, SourceFile } from './project-index.ts';
import { withoutEchoes } from './without-echoes.ts';

/**
 * Everything that is wrong in a file, an ensemble or an agent file, and in the agent files that it runs (`span.file` tells), sorted by place, each
 * once. Builds no program and never throws for bad input.
 */
export function lint(source: SourceFile, project: ProjectIndex): readonly Diagnostic[] {
  const analysis = new Analysis(project);
  analysis.analyze(source, kindOf(source));
  return sortDiagnostics(withoutEchoes(analysis.findings.all));
}

/** What a file is meant to be: its first top-level keys say so, else the folder it lies in. */
export function kindOf({ path, text }: SourceFile): BodyModel['kind'] {
  if (/^(?:ensemble|flow|trigger)[ \t]*:/m.test(text)) return 'ensemble';
  if (/^(?:agent|operations|operation)[ \t]*:/m.test(text)) return 'agent';
  return /(?:^|\/)agents\//.test(path) ? 'agent' : 'ensemble';
}
