import { readdirSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { isSettingsFile } from '../../language/settings/settings.ts';
import { agentNameOf } from '../../language/versions/file-names.ts';
import { globFiles, isGlob } from '../../node/glob-files.ts';
import { suggest } from '../../program/suggest.ts';
import { UsageProblem } from '../usage-problem.ts';
import { statOf } from './select-files.ts';
import { type OpenProject, pathFrom, type Workspace } from './workspace.ts';

const YAML_FILE = /\.ya?ml$/;

/**
 * The files that paths lead to, absolute, each once, sorted: see `selectFiles`.
 * @throws UsageProblem for a path that leads to nothing.
 */
export function findFiles(paths: readonly string[], workspace: Workspace, cwd: string): readonly string[] {
  const wanted = paths.filter((path) => !path.startsWith('!'));
  const unwanted = paths.filter((path) => path.startsWith('!'));
  const found = wanted.length === 0 ? filesOfProject(workspace, cwd) : wanted.flatMap((path) => filesAt(path, workspace, cwd));
  const leftOut = new Set(unwanted.flatMap((path) => globFiles(path.slice(1), cwd)));
  const files = [...new Set(found)].filter((file) => !leftOut.has(file)).sort();
  if (files.length === 0) throw new UsageProblem(`there is nothing to validate: ${unwanted.join(' ')} leaves every file out`);
  return files;
}

function filesOfProject(workspace: Workspace, cwd: string): readonly string[] {
  const { root, settings } = workspace.projectAt(cwd);
  if (settings.paths !== undefined) return settings.paths.flatMap((path) => configuredFiles(path, workspace, root));
  const found = ['ensembles', 'agents'].flatMap((folder) => filesIn(join(root, folder)).filter((file) => isCandidate(file, workspace)));
  if (found.length > 0) return found;
  const shown = pathFrom(cwd, root) || '.';
  throw new UsageProblem(`there is nothing to validate: no YAML file in ensembles/ or agents/ of ${shown}\nName files, folders or globs.`);
}

/** What a project says of itself leads to its own files: a hostile one would have lines of others shown. */
function configuredFiles(path: string, workspace: Workspace, root: string): readonly string[] {
  try {
    const files = filesAt(path, workspace, root);
    const outside = files.find((file) => isOutside(root, file));
    if (outside !== undefined) throw new UsageProblem(`${path} leads out of the project, to ${outside}`);
    return files;
  } catch (error) {
    if (!(error instanceof UsageProblem)) throw error;
    throw new UsageProblem(`\`paths\` of the project's settings: ${error.message}`, { cause: error });
  }
}

/** By its path; of a link that leads out, reading it tells. */
function isOutside(root: string, file: string): boolean {
  const path = relative(root, file);
  return path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path);
}

function filesAt(path: string, workspace: Workspace, folder: string): readonly string[] {
  const absolute = resolve(folder, path);
  const stats = statOf(absolute);
  if (stats !== undefined && !stats.isDirectory()) return [absolute];
  const isFolder = stats !== undefined;
  if (!isFolder && !isGlob(path)) throw new UsageProblem(`there is no file ${path}${didYouMean(path, workspace, folder)}`);
  const found = isFolder ? filesIn(absolute) : globFiles(path, folder).filter((file) => YAML_FILE.test(file));
  const candidates = found.filter((file) => isCandidate(file, workspace));
  if (candidates.length > 0) return candidates;
  const nothing = isFolder ? `there is no YAML file in the folder ${path}` : `no YAML file matches ${path}`;
  throw new UsageProblem(found.length === 0 ? nothing : `${nothing} that is an ensemble or an agent file and not excluded by the settings`);
}

const filesIn = (folder: string): readonly string[] => globFiles('**/*.{yaml,yml}', folder);

/** Whether a YAML file that nobody named is looked at. */
function isCandidate(file: string, workspace: Workspace): boolean {
  const project = workspace.projectOf(file);
  const { root } = project;
  return !excludedFiles(project).has(file) && !isSettingsFile(basename(file)) && !isBesideAgentFiles(pathFrom(root, file));
}

/** Under a project's `agents/` lie files of other kinds too: schemas, data, tests (LANGUAGE §9). */
function isBesideAgentFiles(path: string): boolean {
  return path.startsWith('agents/') && agentNameOf(path) === undefined;
}

const excluded = new WeakMap<OpenProject, ReadonlySet<string>>();

/** The files, absolute, that the settings of a project exclude. */
function excludedFiles(project: OpenProject): ReadonlySet<string> {
  let files = excluded.get(project);
  if (files === undefined) {
    files = new Set(project.settings.exclude.flatMap((pattern) => globFiles(pattern, project.root)));
    excluded.set(project, files);
  }
  return files;
}

/** The nearest name in the folder that the path names, or the ensemble of that name. */
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
