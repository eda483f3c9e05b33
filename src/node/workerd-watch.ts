import childProcess, { type ChildProcess, type SpawnOptions } from 'node:child_process';
import { withLoopbackSocket, wrapLoopback } from './private-loopback.ts';

/** The variable by which a workerd is known to be of a certain host; Miniflare passes it on (`unsafeRuntimeEnv`). */
export const WORKERD_MARK = 'ENSEMBLE_HOST_MARK';

type Spawn = (command: string, args: readonly string[], options: SpawnOptions) => ChildProcess;

interface Watcher {
  readonly onStart: (pid: number) => void;
  readonly onExit: ((pid: number) => void) | undefined;
}

const watchers = new Map<string, Watcher>();
let restore: (() => void) | undefined;

/**
 * Calls back with the pid of each workerd that Miniflare starts for the host with this mark, at once after the start and before workerd is given
 * its configuration: a workerd that nobody recorded never opens a file. It also puts workerd into a process group of its own, so that a Ctrl-C in the
 * terminal reaches only us and a run can be cancelled in order.
 *
 * With `onExit` a workerd that ends without Miniflare having ended it is told of, and it is for the caller to have another one started (`setOptions`): by itself Miniflare would
 * start it with the options that it had, which may be the very ones that it died of.
 *
 * Miniflare (4.20260730) hands out neither the process nor its options. It calls `spawn` through the module object, so that is where to listen.
 * @returns a function that ends the watch.
 */
export function watchWorkerd(mark: string, onStart: (pid: number) => void, onExit?: (pid: number) => void): () => void {
  watchers.set(mark, { onStart, onExit });
  restore ??= wrapSpawn();
  return () => {
    watchers.delete(mark);
    if (watchers.size > 0) return;
    restore?.();
    restore = undefined;
  };
}

function wrapSpawn(): () => void {
  const module = childProcess as { spawn: Spawn };
  const original = module.spawn;
  const restoreLoopback = wrapLoopback();
  module.spawn = (command, given, options) => {
    // Its arguments may be left out.
    const args = Array.isArray(given) ? withLoopbackSocket(given) : given;
    const watcher = watchers.get(options?.env?.[WORKERD_MARK] ?? '');
    if (watcher === undefined) return original(command, args, options);
    // On Windows `detached` would open a console window instead.
    const child = original(command, args, { ...options, detached: process.platform !== 'win32' });
    const { pid } = child;
    if (pid === undefined) return child;
    const { onExit } = watcher;
    if (onExit !== undefined) holdExit(child, () => onExit(pid));
    watcher.onStart(pid);
    return child;
  };
  return () => {
    module.spawn = original;
    restoreLoopback();
  };
}

const LAST_WORDS_MS = 250;

/** Calls back once what the process wrote before it ended has been read: it may say what it died of. */
async function afterItsLastWords(child: ChildProcess, callback: () => void): Promise<void> {
  const closed = new Promise((resolve) => child.once('close', resolve));
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, LAST_WORDS_MS);
  await Promise.race([closed, late]);
  clearTimeout(timer);
  setImmediate(callback);
}

/**
 * Keeps the `exit` of a process that nobody killed from Miniflare, until it kills the process (which is over) to put another in its place: by then it no longer takes the exit for
 * a crash to recover from.
 */
function holdExit(child: ChildProcess, onExit: () => void): void {
  const emit = child.emit.bind(child);
  const kill = child.kill.bind(child);
  let killed = false;
  let held: readonly unknown[] | undefined;
  child.emit = (name: string | symbol, ...args: unknown[]): boolean => {
    if (name !== 'exit' || killed) return emit(name, ...args);
    held = args;
    void afterItsLastWords(child, onExit);
    return true;
  };
  child.kill = (signal) => {
    killed = true;
    const done = kill(signal);
    if (held !== undefined) emit('exit', ...held);
    held = undefined;
    return done;
  };
}
