import { compile } from '../language/compile.ts';
import type { Diagnostic } from '../program/diagnostic.ts';
import type { Program } from '../program/program.ts';
import { type FoundEnsemble, findEnsemble } from './find-ensemble.ts';
import type { Project } from './find-project.ts';
import { openProjectIndex } from './project/project-index.ts';
import { readSettings } from './project/read-settings.ts';

/** What a command line names, compiled. */
export interface CompiledEnsemble {
  readonly project: Project;
  /** Relative to the project's root. */
  readonly file: string;
  /** Absent when there are errors. */
  readonly program?: Program;
  readonly errors: readonly Diagnostic[];
  /** How many there are. */
  readonly warnings: number;
}

/**
 * Finds and compiles what a command line names.
 * @throws ReferenceProblem when there is no such file; ProjectProblem for broken settings of the project.
 */
export function compileEnsemble(reference: string, cwd: string): CompiledEnsemble {
  return compileFound(findEnsemble(reference, cwd));
}

export function compileFound({ project, source }: FoundEnsemble): CompiledEnsemble {
  const { settings, diagnostics: badSettings } = readSettings(project.root);
  const { program, diagnostics } = compile(source, openProjectIndex(project.root, { variables: settings.env }), settings);
  const errors = [...badSettings, ...diagnostics].filter(({ severity }) => severity === 'error');
  const warnings = diagnostics.filter(({ severity }) => severity === 'warning').length;
  return { project, file: source.path, errors, warnings, ...(program === undefined || errors.length > 0 ? {} : { program }) };
}
