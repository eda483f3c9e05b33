import type { Diagnostic } from '../../program/diagnostic.ts';
import type { Program } from '../../program/program.ts';
import { compileFound } from '../compile-ensemble.ts';
import type { Project } from '../find-project.ts';
import { listEnsembleFiles } from '../project/project-index.ts';
import { readInside } from '../project/read-inside.ts';

export interface CompiledProject {
  /** Of the ensembles without errors. */
  readonly programs: readonly Program[];
  /** Of the others. */
  readonly errors: readonly Diagnostic[];
}

/** Compiles all ensembles of a project. */
export function compileProject(project: Project): CompiledProject {
  const compiled = listEnsembleFiles(project.root).flatMap((path) => {
    const source = readInside(project.root, path);
    return source === undefined ? [] : [compileFound({ project, source })];
  });
  return {
    programs: compiled.flatMap(({ program }) => program ?? []),
    errors: compiled.flatMap(({ errors }) => errors),
  };
}
