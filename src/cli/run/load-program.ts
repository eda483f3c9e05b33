import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import type { CompiledEnsemble } from '../../node/compile-ensemble.ts';
import { findProject, type Project } from '../../node/find-project.ts';
import type { Program } from '../../program/program.ts';
import type { Io } from '../io.ts';
import { harmlessLine } from '../terminal/harmless.ts';

export interface LoadedProgram {
  readonly project: Project;
  readonly program: Program;
}

export interface LoadOptions {
  readonly quiet?: boolean;
  /** A host that other commands share may do the compiling. */
  readonly sharesHost: boolean;
}

/**
 * Finds and compiles what a command line names. Undefined when the file has errors: they are on stderr then. Warnings are only counted, and not at all when
 * `quiet`.
 * @throws ReferenceProblem when there is no such file; ProjectProblem for broken settings of the project.
 */
export async function loadProgram(reference: string, { quiet, sharesHost }: LoadOptions, io: Io): Promise<LoadedProgram | undefined> {
  const compiled = (sharesHost ? await inHost(reference, io.cwd) : undefined) ?? (await inThisProcess(reference, io.cwd));
  const { project, file, program, errors, warnings } = compiled;
  if (errors.length > 0) {
    const { showDiagnostics } = await import('./show-diagnostics.ts');
    showDiagnostics(errors, project.root, io);
  }
  if (quiet !== true) tellOfWarnings(warnings, file, project.root, io);
  return program === undefined ? undefined : { project, program };
}

async function inHost(reference: string, cwd: string): Promise<CompiledEnsemble | undefined> {
  const path = resolve(cwd, reference);
  const project = findProject(existsSync(path) ? dirname(path) : cwd);
  const { compileInHost } = await import('../../node/host-process/compile-in-host.ts');
  return compileInHost(project, reference, cwd);
}

async function inThisProcess(reference: string, cwd: string): Promise<CompiledEnsemble> {
  const { compileEnsemble } = await import('../../node/compile-ensemble.ts');
  return compileEnsemble(reference, cwd);
}

/** Warnings in full would stand between the author and the output, run after run. */
function tellOfWarnings(count: number, path: string, root: string, io: Io): void {
  if (count === 0) return;
  const file = harmlessLine(relative(io.cwd, join(root, path)));
  io.stderr.write(`${count} warning${count === 1 ? '' : 's'} (ensemble validate ${file} shows ${count === 1 ? 'it' : 'them'})\n`);
}
