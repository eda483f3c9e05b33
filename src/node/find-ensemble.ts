import { existsSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { SourceFile } from '../language/project-index.ts';
import { findEnsembleFile as findInProject } from '../language/versions/find-file.ts';
import type { FoundVersion } from '../language/versions/find-version.ts';
import { describeVersion } from '../language/versions/report-version.ts';
import { suggest } from '../program/suggest.ts';
import { findProject, type Project } from './find-project.ts';
import { openProjectIndex } from './project/project-index.ts';
import { readSource } from './project/read-source.ts';
import { ReferenceProblem } from './reference-problem.ts';

export interface FoundEnsemble {
  readonly project: Project;
  /** `path` relative to the project's root, as messages of the compiler show it. */
  readonly source: SourceFile;
}

/**
 * The file that a command line means: a path from the working folder, or the name of a file under `ensembles/` of the project there, with a version or a range behind an @ where one is wanted.
 * @throws ReferenceProblem when there is none, with the nearest name.
 */
export function findEnsemble(reference: string, cwd: string): FoundEnsemble {
  const path = resolve(cwd, reference);
  if (existsSync(path)) {
    if (statSync(path).isDirectory()) throw new ReferenceProblem(`${reference} is a folder; name an ensemble file in it`);
    return readEnsemble(reference, path, findProject(dirname(path)));
  }
  const project = findProject(cwd);
  const index = openProjectIndex(project.root);
  const isName = !/[/\\]/.test(reference) && !/\.ya?ml$/.test(reference);
  const named: FoundVersion = isName ? findInProject(index, reference, '') : { type: 'missing' };
  if (named.type === 'found') return { project, source: named.file };
  if (named.type !== 'missing') {
    const { message, help } = describeVersion(named, 'ensemble');
    throw new ReferenceProblem(`${message}\n${help}`);
  }
  const names = index.ensembleNames();
  const nearest = suggest(reference.replace(/^.*[/\\]|\.ya?ml$/g, ''), names);
  const help = nearest === undefined ? '' : `\nDid you mean ${nearest}?`;
  const expected = isName
    ? `there is no file ${reference}, and no ensemble of that name in ${join(relative(cwd, project.root), 'ensembles')}/`
    : `there is no file ${reference}`;
  throw new ReferenceProblem(expected + help);
}

function readEnsemble(reference: string, path: string, project: Project): FoundEnsemble {
  const source = readSource(path, relative(project.root, path).split(sep).join('/'), project.root);
  if (source.unreadable !== undefined) throw new ReferenceProblem(`${reference} cannot be read: ${source.unreadable}`);
  return { project, source };
}
