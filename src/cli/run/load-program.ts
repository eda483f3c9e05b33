import { join, relative } from 'node:path';
import { compile } from '../../language/compile.ts';
import type { SourceFile } from '../../language/project-index.ts';
import type { Project } from '../../node/find-project.ts';
import { openProjectIndex } from '../../node/project/project-index.ts';
import { readSettings } from '../../node/project/read-settings.ts';
import type { Program } from '../../program/program.ts';
import type { Io } from '../io.ts';
import { harmlessLine } from '../terminal/harmless.ts';
import { findEnsembleFile } from './find-ensemble-file.ts';
import { showDiagnostics } from './show-diagnostics.ts';

export interface LoadedProgram {
  readonly project: Project;
  readonly program: Program;
}

/**
 * Finds and compiles what a command line names. Undefined when the file has errors: they are on stderr then. Warnings are only counted, and not at all when
 * `quiet`.
 * @throws UsageProblem when there is no such file; ProjectProblem for broken settings of the project.
 */
export function loadProgram(file: string, { quiet }: { readonly quiet?: boolean }, io: Io): LoadedProgram | undefined {
  const { project, source } = findEnsembleFile(file, io.cwd);
  const { settings, diagnostics: badSettings } = readSettings(project.root);
  const { program, diagnostics } = compile(source, openProjectIndex(project.root, { variables: settings.env }), settings);
  const errors = [...badSettings, ...diagnostics].filter(({ severity }) => severity === 'error');
  showDiagnostics(errors, project.root, io);
  if (quiet !== true) tellOfWarnings(diagnostics.filter(({ severity }) => severity === 'warning').length, source, project.root, io);
  return program === undefined || errors.length > 0 ? undefined : { project, program };
}

/** Warnings in full would stand between the author and the output, run after run. */
function tellOfWarnings(count: number, { path }: SourceFile, root: string, io: Io): void {
  if (count === 0) return;
  const file = harmlessLine(relative(io.cwd, join(root, path)));
  io.stderr.write(`${count} warning${count === 1 ? '' : 's'} (ensemble validate ${file} shows ${count === 1 ? 'it' : 'them'})\n`);
}
