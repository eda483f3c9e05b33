import { readdirSync, type Stats, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { globFiles, isGlob } from '../../node/glob-files.ts';
import { suggest } from '../../program/suggest.ts';
import { UsageProblem } from '../usage-problem.ts';
import { type OpenProject, pathFrom, type Workspace } from './workspace.ts';

const YAML_FILE = /\.ya?ml$/;
/** Under a project's `agents/` lie files of other kinds too: schemas, data, tests (LANGUAGE §9). */
const NO_AGENT_FILE = /^agents\/(?![^/]+\.ya?ml$|[^/]+\/agent\.ya?ml$)/;

/**
 * The files that a command line means, absolute, each once, in the order of their names. A path is a file, which is always taken; a folder, for all YAML files
 * in it; a glob; or, behind a `!`, what to leave out. Without any path: `ensembles/` and `agents/` of the project of the working folder.
 * @throws UsageProblem for a path that leads to nothing.
 */
export function selectFiles(paths: readonly string[], workspace: Workspace, cwd: string): readonly string[] {
  const wanted = paths.filter((path) => !path.startsWith('!'));
  const refused = new Set(paths.filter((path) => path.startsWith('!')).flatMap((path) => globFiles(path.slice(1), cwd)));
  const selected =
    wanted.length === 0 ? defaultFiles(workspace.projectAt(cwd), workspace, cwd) : wanted.flatMap((path) => filesAt(path, workspace, cwd));
  const files = [...new Set(selected)].filter((file) => !refused.has(file));
  if (files.length === 0) throw new UsageProblem(`every file is left out by ${paths.filter((path) => path.startsWith('!')).join(' ')}`);
  return files.sort();
}

function defaultFiles({ root }: OpenProject, workspace: Workspace, cwd: string): readonly string[] {
  const found = ['ensembles', 'agents'].flatMap((folder) => filesIn(join(root, folder), workspace));
  if (found.length > 0) return found;
  const shown = pathFrom(cwd, root) || '.';
  throw new UsageProblem(`there is nothing to validate: no YAML file in ensembles/ or agents/ of ${shown}\nName files, folders or globs.`);
}

function filesAt(path: string, workspace: Workspace, cwd: string): readonly string[] {
  const absolute = resolve(cwd, path);
  const stats = statOf(absolute);
  if (stats?.isDirectory()) {
    const found = filesIn(absolute, workspace);
    if (found.length === 0) throw new UsageProblem(`there is no YAML file in the folder ${path}`);
    return found;
  }
  if (stats !== undefined) return [absolute];
  if (!isGlob(path)) throw new UsageProblem(`there is no file ${path}${didYouMean(path, workspace, cwd)}`);
  const found = globFiles(path, cwd).filter((file) => isCandidate(file, workspace));
  if (found.length === 0) throw new UsageProblem(`no YAML file matches ${path}`);
  return found;
}

const filesIn = (folder: string, workspace: Workspace): readonly string[] =>
  globFiles('**/*.{yaml,yml}', folder).filter((file) => isCandidate(file, workspace));

/** Whether a file that nobody named can be an ensemble or an agent file. */
function isCandidate(file: string, workspace: Workspace): boolean {
  return YAML_FILE.test(file) && !NO_AGENT_FILE.test(pathFrom(workspace.projectOf(file).root, file));
}

/** The nearest name in the folder that the path names, or the ensemble or agent file of that name. */
function didYouMean(path: string, workspace: Workspace, cwd: string): string {
  const sibling = suggest(basename(path), namesIn(resolve(cwd, dirname(path))));
  if (sibling !== undefined) return `\nDid you mean ${join(dirname(path), sibling)}?`;
  const { root, index } = workspace.projectAt(cwd);
  const name = basename(path).replace(YAML_FILE, '');
  const names = index.ensembleNames();
  const near = names.includes(name) ? name : suggest(name, names);
  const file = near === undefined ? undefined : index.ensembleFile(near, '');
  return file === undefined ? '' : `\nDid you mean ${pathFrom(cwd, join(root, file.path))}?`;
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Undefined for what is not there; a link in a circle is not there either. */
function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}
