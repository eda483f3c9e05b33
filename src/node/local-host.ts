import { randomBytes } from 'node:crypto';
import type { Miniflare } from 'miniflare';
import { HOST_ROUTES, HOST_TOKEN_HEADER } from '../program/host-protocol.ts';
import type { BindingNeed, Program } from '../program/program.ts';
import type { RunEvent } from '../program/run-event.ts';
import type { D1Like } from '../runtime/ports.ts';
import { applyMigrations } from './d1-migrations.ts';
import { openDataFolder } from './data-folder.ts';
import type { Project } from './find-project.ts';
import type { Host, RunRequest } from './host.ts';
import { acquireDataFolderLock, type LockOwner } from './lock/data-folder-lock.ts';
import { readNdjson } from './ndjson.ts';
import { openMiniflare } from './open-miniflare.ts';
import { resolveStorageBindings, unconfiguredNames } from './storage-bindings.ts';
import { readWorkerModules } from './worker-modules.ts';
import { watchWorkerd } from './workerd-watch.ts';
import { readDevVars } from './wrangler/dev-vars.ts';
import { EMPTY_WRANGLER_CONFIG, readWranglerConfig, type WranglerConfig } from './wrangler/wrangler-config.ts';

/** What the host has to tell while it opens. */
export type HostNotice =
  | { readonly type: 'waiting'; readonly owner: LockOwner; readonly dataFolder: string }
  | { readonly type: 'orphan-ended'; readonly pid: number }
  | { readonly type: 'migrated'; readonly database: string; readonly files: readonly string[] }
  | { readonly type: 'binding-provided'; readonly names: readonly string[]; readonly configFile: string };

export interface LocalHostOptions {
  /** As `findProject` gives it. */
  readonly project: Project;
  /** The storage to provide: `Program.bindings`. */
  readonly bindings?: readonly BindingNeed[];
  notice?(notice: HostNotice): void;
  /** Answers every outgoing request in place of the network. */
  readonly outbound?: (request: Request) => Response | Promise<Response>;
  /** Gives up waiting for the data folder. */
  readonly signal?: AbortSignal;
}

/** The runtime went away under a run, or does not speak the protocol: not the author's fault. */
export class HostError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'HostError';
  }
}

/** Only a name; no request ever leaves for it. */
const WORKER_ORIGIN = 'http://ensemble.localhost';
const KEPT_RUNTIME_LINES = 40;

/**
 * Opens a host on this machine: takes the data folder's lock (waiting while another host has it), starts workerd, applies pending D1 migrations.
 * @throws ProjectProblem for a broken configuration or migration.
 */
export async function openLocalHost(options: LocalHostOptions): Promise<Host> {
  const { project } = options;
  const config = project.wranglerFile === undefined ? EMPTY_WRANGLER_CONFIG : readWranglerConfig(project.wranglerFile);
  const secrets = readDevVars(project.root);
  const storage = resolveStorageBindings(options.bindings ?? [], config);
  const dataFolder = openDataFolder(project);
  const lock = await acquireDataFolderLock(dataFolder, {
    onWait: (owner) => options.notice?.({ type: 'waiting', owner, dataFolder }),
    onOrphanEnded: (pid) => options.notice?.({ type: 'orphan-ended', pid }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });

  const mark = randomBytes(16).toString('hex');
  const unwatch = watchWorkerd(mark, (pid) => lock.recordWorkerd(pid));
  const hostToken = randomBytes(24).toString('hex');
  const runtimeLines: string[] = [];
  let miniflare: Miniflare | undefined;
  const close = async () => {
    await miniflare?.dispose();
    unwatch();
    lock.release();
  };
  try {
    miniflare = await openMiniflare({
      name: config.name ?? 'ensemble',
      modules: readWorkerModules(),
      dataFolder,
      storage,
      vars: config.vars,
      secrets,
      hostToken,
      mark,
      onRuntimeLine: (line) => {
        if (runtimeLines.push(line) > KEPT_RUNTIME_LINES) runtimeLines.shift();
      },
      ...(options.outbound === undefined ? {} : { outbound: options.outbound }),
    });
    await miniflare.ready;
    if (storage.d1.length > 0) await migrate(miniflare, config, options);
  } catch (error) {
    await close();
    throw error;
  }
  if (project.wranglerFile !== undefined) {
    const names = unconfiguredNames(storage, config);
    if (names.length > 0) options.notice?.({ type: 'binding-provided', names, configFile: project.wranglerFile });
  }
  return new LocalHost(miniflare, hostToken, runtimeLines, close);
}

async function migrate(miniflare: Miniflare, config: WranglerConfig, options: LocalHostOptions): Promise<void> {
  for (const database of config.d1) {
    const open = async () => (await miniflare.getD1Database(database.binding)) as unknown as D1Like;
    const files = await applyMigrations(database, open);
    if (files.length > 0) options.notice?.({ type: 'migrated', database: database.binding, files });
  }
}

class LocalHost implements Host {
  readonly #miniflare: Miniflare;
  readonly #hostToken: string;
  readonly #runtimeLines: readonly string[];
  readonly #close: () => Promise<void>;
  #closed: Promise<void> | undefined;

  constructor(miniflare: Miniflare, hostToken: string, runtimeLines: readonly string[], close: () => Promise<void>) {
    this.#miniflare = miniflare;
    this.#hostToken = hostToken;
    this.#runtimeLines = runtimeLines;
    this.#close = close;
  }

  async *run(program: Program, request: RunRequest): AsyncGenerator<RunEvent, void> {
    let ended = false;
    try {
      const response = await this.#post(HOST_ROUTES.run, { program, request });
      if (response.body === null) throw new HostError('the worker answered without a body');
      for await (const value of readNdjson(response.body)) {
        // The worker is our own, built from the same types.
        const event = value as RunEvent;
        ended = event.type === 'run.finished' || event.type === 'run.waiting';
        yield event;
      }
    } catch (error) {
      if (this.#closed !== undefined) return;
      if (error instanceof HostError) throw error;
      throw this.#lost(error);
    }
    if (!ended && this.#closed === undefined) throw this.#lost(undefined);
  }

  async cancel(run: string, reason: string): Promise<void> {
    const response = await this.#post(HOST_ROUTES.cancel, { run, reason });
    await response.arrayBuffer();
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #post(route: string, body: unknown) {
    const response = await this.#miniflare.dispatchFetch(`${WORKER_ORIGIN}${route}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', [HOST_TOKEN_HEADER]: this.#hostToken },
      body: JSON.stringify(body),
    });
    if (response.ok) return response;
    throw new HostError(`the worker answered ${response.status} to ${route}: ${(await response.text()).slice(0, 2_000)}`);
  }

  #lost(cause: unknown): HostError {
    const lines = this.#runtimeLines.length === 0 ? '' : `\nThe runtime's last lines:\n${this.#runtimeLines.join('\n')}`;
    return new HostError(`the runtime ended before the run did${lines}`, { cause });
  }
}
