import childProcess, { type ChildProcess, type SpawnOptions } from 'node:child_process';

/** The variable by which a workerd is known to be of a certain host; Miniflare passes it on (`unsafeRuntimeEnv`). */
export const WORKERD_MARK = 'ENSEMBLE_HOST_MARK';

type Spawn = (command: string, args: readonly string[], options: SpawnOptions) => ChildProcess;

const watchers = new Map<string, (pid: number) => void>();
let restore: (() => void) | undefined;

/**
 * Calls back with the pid of each workerd that Miniflare starts for the host with this mark, at once after the start and before workerd is given
 * its configuration: a workerd that nobody recorded never opens a file. It also puts workerd into a process group of its own, so that a Ctrl-C in the
 * terminal reaches only us and a run can be cancelled in order.
 *
 * Miniflare (4.20260730) hands out neither the process nor its options. It calls `spawn` through the module object, so that is where to listen.
 * @returns a function that ends the watch.
 */
export function watchWorkerd(mark: string, onStart: (pid: number) => void): () => void {
  watchers.set(mark, onStart);
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
  module.spawn = (command, args, options) => {
    const onStart = watchers.get(options?.env?.[WORKERD_MARK] ?? '');
    if (onStart === undefined) return original(command, args, options);
    // On Windows `detached` would open a console window instead.
    const child = original(command, args, { ...options, detached: process.platform !== 'win32' });
    if (child.pid !== undefined) onStart(child.pid);
    return child;
  };
  return () => {
    module.spawn = original;
  };
}
