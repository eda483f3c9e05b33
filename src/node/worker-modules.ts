import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from './package-root.ts';

export interface WorkerModule {
  readonly type: 'ESModule';
  /** By which other modules import it: `./<name>`. */
  readonly name: string;
  readonly contents: string;
}

/** `index.js`: the Worker of a local host; `deployed.js`: what built projects import. */
export type WorkerKind = 'local' | 'deployed';

/**
 * The built worker (`dist/worker`), its entry first. `lazy` adds the modules that it loads when an operation first needs them: the AI SDK
 * of `think`, whose 2 MB cost workerd 160 ms at its start even when nobody imports them.
 */
export function readWorkerModules(lazy: boolean, kind: WorkerKind = 'local'): WorkerModule[] {
  const folder = join(packageRoot(), 'dist', 'worker');
  const lists: Readonly<Record<WorkerKind, Readonly<Record<'start' | 'lazy', readonly string[]>>>> = JSON.parse(
    readFileSync(join(folder, 'modules.json'), 'utf8'),
  );
  const modules = lists[kind];
  const names = lazy ? [...modules.start, ...modules.lazy] : modules.start;
  return names.map((name) => ({ type: 'ESModule', name, contents: readFileSync(join(folder, name), 'utf8') }));
}
