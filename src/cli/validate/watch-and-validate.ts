import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { RuleSettings } from '../../language/settings/settings.ts';
import { isGlob, splitGlob } from '../../node/glob-files.ts';
import { ProjectProblem } from '../../node/project-problem.ts';
import { type FileWatch, type WatchedPlaces, watchFiles } from '../../node/watch-files.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { harmless } from '../terminal/harmless.ts';
import { UsageProblem } from '../usage-problem.ts';
import { selectFiles } from './select-files.ts';
import { type CheckOptions, validateFiles } from './validate-files.ts';
import { type OpenProject, Workspace } from './workspace.ts';

const CLEAR_SCREEN = '\u001b[2J\u001b[3J\u001b[H';

/**
 * Validates, and again whenever a file changes that could make a difference, until an interrupt or until nobody reads on.
 * @throws UsageProblem when the command line leads to nothing at the start; later that can change again.
 */
export async function watchAndValidate(paths: readonly string[], rules: RuleSettings, options: CheckOptions, io: Io): Promise<ExitCode> {
  let end: ((code: ExitCode) => void) | undefined;
  const ended = new Promise<ExitCode>((resolve) => {
    end = resolve;
  });
  const stopListening = [io.onInterrupt(() => end?.(EXIT.interrupted)), io.stdout.onClosed(() => end?.(EXIT.readerGone))];
  await using watch = watchFiles();
  try {
    for (let round = 1; ; round++) {
      await validateOnce(paths, rules, options, watch, round, io);
      io.stderr.write('watching for changes; Ctrl-C ends\n');
      const code = await Promise.race([ended, nextChange(watch)]);
      if (code !== undefined) return code;
    }
  } finally {
    for (const stop of stopListening) stop();
  }
}

async function validateOnce(
  paths: readonly string[],
  rules: RuleSettings,
  options: CheckOptions,
  watch: FileWatch,
  round: number,
  io: Io,
): Promise<void> {
  const workspace = new Workspace(rules);
  const clear = () => {
    if (io.stdout.isTTY) io.stdout.write(CLEAR_SCREEN);
  };
  try {
    const files = await selectFiles(paths, workspace, io.cwd);
    for (const file of files) workspace.projectOf(file);
    // Watched first, looked at then: so no change is missed.
    await watch.add(placesOf(paths, workspace, io.cwd));
    clear();
    await validateFiles(files, undefined, workspace, options, io);
  } catch (error) {
    if (!(error instanceof UsageProblem) || round === 1) throw error;
    clear();
    io.stderr.write(`error: ${harmless(error.message)}\n`);
  }
}

async function nextChange(watch: FileWatch): Promise<undefined> {
  try {
    await watch.changed();
  } catch (error) {
    throw new ProjectProblem(`the files cannot be watched: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/** What the command line names, and of each project what its ensembles may use. */
function placesOf(paths: readonly string[], workspace: Workspace, cwd: string): WatchedPlaces {
  const placeOf = (path: string, folder: string) =>
    isGlob(path) && !existsSync(resolve(folder, path)) ? splitGlob(path, folder).base : resolve(folder, path);
  const ownPlaces = ({ root, settings }: OpenProject) => [
    ...['ensembles', 'agents'].map((folder) => join(root, folder)),
    ...(settings.paths ?? []).map((path) => placeOf(path, root)),
  ];
  const named = paths.filter((path) => !path.startsWith('!')).map((path) => placeOf(path, cwd));
  const all = new Set([...named, ...workspace.projects.flatMap(ownPlaces)]);
  return { paths: [...all].filter((path) => existsSync(path)), roots: workspace.projects.map(({ root }) => root) };
}
