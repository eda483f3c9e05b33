import type { Stats } from 'node:fs';
import { basename } from 'node:path';
import { type FSWatcher, watch } from 'chokidar';

/** Where changes matter. */
export interface WatchedPlaces {
  /** Files, and folders with all below them; those that do not exist (yet) are passed over. */
  readonly paths: readonly string[];
  /** Roots of projects: of these only settings, configurations and files of variables. */
  readonly roots: readonly string[];
}

export interface FileWatch extends AsyncDisposable {
  /** Watches these as well. Resolves when every change from now on is seen. */
  add(places: WatchedPlaces): Promise<void>;
  /** Resolves at the next change, or at once when there was one since the last call. @throws what the system says when it cannot watch. */
  changed(): Promise<void>;
}

/** An editor that saves a file, or a checkout of another branch, changes more than one thing at a time. */
const QUIET_MS = 50;
/** `.sql`: migrations. */
const SOURCE = /\.(?:ya?ml|json|[cm]?[jt]s|sql)$/;
const CONFIGURATION = /^(?:ensemble\.config\.ya?ml|wrangler\.(?:toml|jsonc?)|\.(?:dev\.vars|env)(?:\..+)?)$/;

/** Watches files until it is disposed; what an ensemble cannot be made of is passed over. */
export function watchFiles(): FileWatch {
  let pending = false;
  let failure: unknown;
  let wake = () => {};
  let timer: NodeJS.Timeout | undefined;
  const change = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      pending = true;
      wake();
    }, QUIET_MS);
  };
  const fail = (error: unknown) => {
    failure ??= error;
    wake();
  };
  const watchers: FSWatcher[] = [];
  const seen = new Set<string>();
  const cover = async (paths: readonly string[], options: Parameters<typeof watch>[1]): Promise<void> => {
    const fresh = paths.filter((path) => !seen.has(path));
    if (fresh.length === 0) return;
    for (const path of fresh) seen.add(path);
    const watcher = watch(fresh, { ignoreInitial: true, followSymlinks: false, ...options });
    watchers.push(watcher);
    watcher.on('all', change).on('error', fail);
    await new Promise<void>((resolve) => watcher.once('ready', () => resolve()));
  };
  return {
    async add({ paths, roots }) {
      await cover(paths, { ignored: (path, stats) => !paths.includes(path) && isPassedOver(path, stats) });
      await cover(
        roots.map((root) => `${root}/`),
        { depth: 0, ignored: (path, stats) => stats?.isFile() === true && !CONFIGURATION.test(basename(path)) },
      );
    },
    async changed() {
      if (!pending && failure === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      if (failure !== undefined) throw failure;
      pending = false;
    },
    async [Symbol.asyncDispose]() {
      clearTimeout(timer);
      await Promise.all(watchers.map((watcher) => watcher.close()));
    },
  };
}

function isPassedOver(path: string, stats: Stats | undefined): boolean {
  const name = basename(path);
  return name === 'node_modules' || name === 'dist' || name.startsWith('.') || (stats?.isFile() === true && !SOURCE.test(name));
}
