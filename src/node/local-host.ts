import { randomBytes } from 'node:crypto';
import type { Miniflare } from 'miniflare';
import type { Program } from '../program/program.ts';
import type { D1Like } from '../runtime/ports.ts';
import { applyMigrations } from './d1-migrations.ts';
import { openDataFolder } from './data-folder.ts';
import type { Project } from './find-project.ts';
import type { Host } from './host.ts';
import { ANY_NEEDS, joinNeeds, needsOf } from './host-needs.ts';
import { acquireDataFolderLock } from './lock/data-folder-lock.ts';
import { machineIdentity } from './lock/process-identity.ts';
import { MiniflareHost } from './miniflare-host.ts';
import { buildMiniflareOptions, type LocalWorker } from './miniflare-options.ts';
import { openMiniflare } from './open-miniflare.ts';
import { missingNeeds, resolveStorageBindings, unconfiguredNames } from './storage-bindings.ts';
import { readWorkerModules } from './worker-modules.ts';
import { watchWorkerd } from './workerd-watch.ts';
import { readDevVars } from './wrangler/dev-vars.ts';
import { EMPTY_WRANGLER_CONFIG, readWranglerConfig, type WranglerConfig } from './wrangler/wrangler-config.ts';

/** What the host has to tell while it opens. */
export type HostNotice =
  | { readonly type: 'waiting'; readonly pid: number; readonly elsewhere: boolean; readonly dataFolder: string }
  | { readonly type: 'orphan-ended'; readonly pid: number }
  | { readonly type: 'migrated'; readonly database: string; readonly files: readonly string[] }
  | { readonly type: 'bindings-provided'; readonly names: readonly string[]; readonly configFile: string };

export interface LocalHostOptions {
  /** As `findProject` gives it. */
  readonly project: Project;
  /** What will run first: the host starts with what it needs. Absent = with one storage of each kind. What a later program needs besides costs a restart of workerd. */
  readonly program?: Program;
  notice?(notice: HostNotice): void;
  /** Answers every outgoing request in place of the network. */
  readonly outbound?: (request: Request) => Response | Promise<Response>;
  /** Gives up waiting for the data folder. */
  readonly signal?: AbortSignal;
}

const KEPT_RUNTIME_LINES = 40;

/**
 * Opens a host on this machine: takes the data folder's lock (waiting while another host has it), starts workerd, applies pending D1 migrations.
 * @throws ProjectProblem for a broken configuration or migration; the signal's reason when it fires first.
 */
export async function openLocalHost(options: LocalHostOptions): Promise<Host> {
  const { project, signal, outbound } = options;
  const notice = options.notice?.bind(options) ?? (() => {});
  const config = project.wranglerFile === undefined ? EMPTY_WRANGLER_CONFIG : readWranglerConfig(project.wranglerFile);
  const secrets = readDevVars(project.root);
  let needs = options.program === undefined ? ANY_NEEDS : needsOf(options.program);

  let modules = readWorkerModules(needs.lazyModules);
  const dataFolder = openDataFolder(project);
  const lock = await acquireDataFolderLock(dataFolder, {
    onWait: (owner) => notice({ type: 'waiting', pid: owner.pid, elsewhere: owner.machine !== machineIdentity(), dataFolder }),
    onOrphanEnded: (pid) => notice({ type: 'orphan-ended', pid }),
    ...(signal === undefined ? {} : { signal }),
  });
  const mark = randomBytes(16).toString('hex');
  const unwatch = watchWorkerd(mark, (pid) => lock.recordWorkerd(pid));
  const runtimeLines: string[] = [];
  const base: Omit<LocalWorker, 'storage' | 'modules'> = {
    name: config.name ?? 'ensemble',
    dataFolder,
    vars: config.vars,
    secrets,
    hostToken: randomBytes(24).toString('hex'),
    mark,
    onRuntimeLine: (line) => {
      if (runtimeLines.push(line) > KEPT_RUNTIME_LINES) runtimeLines.shift();
    },
    ...(outbound === undefined ? {} : { outbound }),
  };

  let miniflare: Miniflare | undefined;
  const close = async () => {
    await miniflare?.dispose();
    unwatch();
    lock.release();
  };
  try {
    let storage = resolveStorageBindings(needs.bindings, config);
    const opened = await openMiniflare({ ...base, modules, storage });
    miniflare = opened;
    const settle = async () => {
      await opened.ready;
      if (storage.d1.length > 0) await migrate(opened, config, notice);
      const names = unconfiguredNames(storage, config);
      if (project.wranglerFile !== undefined && names.length > 0) {
        notice({ type: 'bindings-provided', names, configFile: project.wranglerFile });
      }
    };
    await settle();
    return new MiniflareHost({
      miniflare: opened,
      hostToken: base.hostToken,
      runtimeLines,
      close,
      async prepare(program, idle) {
        const own = needsOf(program);
        if (missingNeeds(own.bindings, storage).length === 0 && (needs.lazyModules || !own.lazyModules)) return;
        await idle();
        needs = joinNeeds(needs, own);
        storage = resolveStorageBindings(needs.bindings, config);
        modules = readWorkerModules(needs.lazyModules);
        await opened.setOptions(buildMiniflareOptions({ ...base, modules, storage }));
        await settle();
      },
    });
  } catch (error) {
    await close();
    throw error;
  }
}

async function migrate(miniflare: Miniflare, config: WranglerConfig, notice: (notice: HostNotice) => void): Promise<void> {
  for (const database of config.d1) {
    const open = async () => (await miniflare.getD1Database(database.binding)) as unknown as D1Like;
    const files = await applyMigrations(database, open);
    if (files.length > 0) notice({ type: 'migrated', database: database.binding, files });
  }
}
