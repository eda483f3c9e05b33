import { compile } from '../../language/compile.ts';
import type { Project } from '../../node/find-project.ts';
import { openProjectIndex } from '../../node/project/project-index.ts';
import { readInside } from '../../node/project/read-inside.ts';
import { readSettings } from '../../node/project/read-settings.ts';
import type { Diagnostic } from '../../program/diagnostic.ts';
import type { Program } from '../../program/program.ts';

/** What the file of a run holds now. */
export type PresentProgram =
  | { readonly type: 'compiled'; readonly program: Program }
  | { readonly type: 'missing' }
  | { readonly type: 'broken'; readonly errors: readonly Diagnostic[] };

/** Compiles the file, which is relative to the project's root, as `run` would. */
export function readPresentProgram(file: string, project: Project): PresentProgram {
  const source = readInside(project.root, file);
  if (source === undefined || source.unreadable !== undefined) return { type: 'missing' };
  const { settings, diagnostics: badSettings } = readSettings(project.root);
  const { program, diagnostics } = compile(source, openProjectIndex(project.root, { variables: settings.env }), settings);
  const errors = [...badSettings, ...diagnostics].filter(({ severity }) => severity === 'error');
  return program === undefined || errors.length > 0 ? { type: 'broken', errors } : { type: 'compiled', program };
}
