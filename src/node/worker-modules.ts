import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HostNeeds } from './host-needs.ts';
import { packageRoot } from './package-root.ts';

export interface WorkerModule {
  readonly type: 'ESModule';
  /** By which other modules import it: `./<name>`. */
  readonly name: string;
  readonly contents: string;
}

/** `index.js`: the Worker of a local host; `deployed.js`: what built projects import. */
export type WorkerKind = 'local' | 'deployed';

/** `lazy` are those that an operation first asks for; of them `think` are those of the operation of that name: the AI SDK. */
interface ModuleNames {
  readonly start: readonly string[];
  readonly lazy: readonly string[];
  readonly think: readonly string[];
}

/**
 * The built worker (`dist/worker`), its entry first. `lazy` adds the modules that it loads when an operation first needs them: the AI SDK
 * of `think`, whose 2 MB cost workerd 160 ms at its start even when nobody imports them.
 */
export function readWorkerModules(lazy: boolean, kind: WorkerKind = 'local'): WorkerModule[] {
  const modules = readNames(kind);
  return (lazy ? [...modules.start, ...modules.lazy] : modules.start).map(readModule);
}

/** The Worker of a local host with those of its lazily loaded modules that it needs. */
export function readNeededModules({ lazyModules, workflows }: Pick<HostNeeds, 'lazyModules' | 'workflows'>): WorkerModule[] {
  const { start, lazy, think } = readNames('local');
  const needed = lazy.filter((name) => (think.includes(name) ? lazyModules : workflows));
  return [...start, ...needed].map(readModule);
}

/** What a built project has of the worker: all but what only `think` needs, unless it has such agents. */
export function readDeployedModules(hasThink: boolean): WorkerModule[] {
  const { start, lazy, think } = readNames('deployed');
  return [...start, ...lazy].filter((name) => hasThink || !think.includes(name)).map(readModule);
}

const workerFolder = (): string => join(packageRoot(), 'dist', 'worker');

function readNames(kind: WorkerKind): ModuleNames {
  const lists: Readonly<Record<WorkerKind, ModuleNames>> = JSON.parse(readFileSync(join(workerFolder(), 'modules.json'), 'utf8'));
  return lists[kind];
}

function readModule(name: string): WorkerModule {
  return { type: 'ESModule', name, contents: readFileSync(join(workerFolder(), name), 'utf8') };
}
