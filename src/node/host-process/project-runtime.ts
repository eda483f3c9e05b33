import { randomBytes } from 'node:crypto';
import type { Miniflare } from 'miniflare';
import type { Alive, HostCallName, HostCalls } from '../../program/host-calls.ts';
import { HOST_ROUTES, HOST_TOKEN_HEADER, WORKER_BINDINGS } from '../../program/host-protocol.ts';
import type { D1Like } from '../../runtime/ports.ts';
import { applyMigrations, listMigrations } from '../d1-migrations.ts';
import { checkDataFiles, openDataFolder } from '../data-folder.ts';
import type { Project } from '../find-project.ts';
import { HostError } from '../host-error.ts';
import { type HostNeeds, joinNeeds, needsNothing } from '../host-needs.ts';
import type { TellNotice } from '../host-notice.ts';
import { acquireDataFolderLock, type DataFolderLock } from '../lock/data-folder-lock.ts';
import { machineIdentity } from '../lock/process-identity.ts';
import { ProjectProblem } from '../project-problem.ts';
import { missingNeeds, resolveStorageBindings, type StorageBindings, unconfiguredNames } from '../storage-bindings.ts';
import { readNeededModules, readWorkerModules, type WorkerModule } from '../worker-modules.ts';
import { readDevVars } from '../wrangler/dev-vars.ts';
import { EMPTY_WRANGLER_CONFIG, readWranglerConfig, type WranglerConfig } from '../wrangler/wrangler-config.ts';
import { GUARDS } from './guards.ts';
import { hostFolderOf } from './host-folder.ts';
import { forgetNeeds, readRememberedNeeds, rememberNeeds } from './remembered-needs.ts';
import { RuntimeSupervisor, type SupervisedWorker } from './runtime-supervisor.ts';
import { readSealKey } from './seal-key.ts';
import { within } from './within.ts';

/** A project as it is built for a deployment: what `ensemble dev` has workerd run in place of the Worker that is sent its programs. */
export interface BuiltWorker {
  readonly config: WranglerConfig;
  readonly secrets: Readonly<Record<string, string>>;
  /** Of all its ensembles. */
  readonly needs: HostNeeds;
  /** Its entry first. */
  modules(lazy: boolean): readonly WorkerModule[];
  /** Of the worker's own, by their names in WORKER_BINDINGS. */
  readonly variables: Readonly<Record<string, string>>;
  readonly extend: NonNullable<SupervisedWorker['extend']>;
  onEmulatorLine(line: string): void;
}

export interface ProjectRuntimeOptions {
  readonly project: Project;
  /** Absent = the local Worker, with the configuration and the secrets that lie in the project. */
  readonly built?: BuiltWorker;
  /** What will run first. */
  readonly needs: HostNeeds;
  readonly notice: TellNotice;
  /** Answers every outgoing request in place of the network. */
  readonly outbound?: (request: Request) => Response | Promise<Response>;
  /** Gives up waiting for the data folder. */
  readonly signal?: AbortSignal;
  readonly log?: (line: string) => void;
  /** Called when the configuration is known to be sound, before the data folder is taken: whoever has it may be asked to let go. */
  beforeLock?(dataFolder: string): Promise<void>;
  /** No workerd starts any more. */
  onGivenUp?(): void;
  /** What the worker writes to its console, line by line. */
  onRuntimeLine?(line: string): void;
}

/** What a workerd may do without until it is needed. */
const LATER = ['lazyModules', 'workflows'] as const;
/** How long a restart of workerd waits for runs that are at work; then they are cut, and resumed by the next workerd. */
const QUIET_MS = 3_000;
const QUIET_POLL_MS = 50;
/** How long a worker that may be blocked is waited for when its answer is only good to have. */
const LAST_ANSWER_MS = 500;
const MANY_RUNS = 1_000;

/** The one workerd of a project's data folder, with what the project's configuration gives it. Whoever has it holds the folder's lock. */
export class ProjectRuntime {
  readonly dataFolder: string;
  /** What a request to the worker has to carry (HOST_TOKEN_HEADER). */
  readonly token = randomBytes(24).toString('hex');
  readonly #project: Project;
  readonly #lock: DataFolderLock;
  #config: WranglerConfig;
  #built: BuiltWorker | undefined;
  #supervisor: RuntimeSupervisor | undefined;
  #needs: HostNeeds;
  #storage: StorageBindings;
  #migrations = '';
  #turn: Promise<void> = Promise.resolve();
  #closed: Promise<void> | undefined;

  private constructor(parts: {
    project: Project;
    built: BuiltWorker | undefined;
    config: WranglerConfig;
    lock: DataFolderLock;
    needs: HostNeeds;
    dataFolder: string;
  }) {
    this.#project = parts.project;
    this.#built = parts.built;
    this.#config = parts.config;
    this.#lock = parts.lock;
    this.#needs = parts.needs;
    this.#storage = resolveStorageBindings(parts.needs.bindings, parts.config);
    this.dataFolder = parts.dataFolder;
  }

  /**
   * Takes the lock (waiting while another host has it), starts workerd, applies pending D1 migrations.
   * @throws ProjectProblem for a broken configuration or migration; the signal's reason when it fires first.
   */
  static async open(options: ProjectRuntimeOptions): Promise<ProjectRuntime> {
    const { project, built, notice, signal } = options;
    const config = built?.config ?? (project.wranglerFile === undefined ? EMPTY_WRANGLER_CONFIG : readWranglerConfig(project.wranglerFile));
    const secrets = built?.secrets ?? readDevVars(project.root);
    // Before the folder is touched: what is wrong with them is told at once.
    resolveStorageBindings(options.needs.bindings, config);
    readWorkerModules(false);
    const dataFolder = openDataFolder(project);
    checkDataFiles(dataFolder);
    await options.beforeLock?.(dataFolder);
    const lock = await acquireDataFolderLock(dataFolder, {
      onWait: (owner) => notice({ type: 'waiting', pid: owner.pid, elsewhere: owner.machine !== machineIdentity(), dataFolder }),
      onOrphanEnded: (pid) => notice({ type: 'orphan-ended', pid }),
      ...(signal === undefined ? {} : { signal }),
    });
    let runtime: ProjectRuntime | undefined;
    try {
      const needs = joinKnown(options.needs, readRememberedNeeds(hostFolderOf(dataFolder)), config);
      runtime = new ProjectRuntime({ project, built, config, lock, needs, dataFolder });
      await runtime.#start(options, secrets);
      return runtime;
    } catch (error) {
      if (runtime === undefined) lock.release();
      else await runtime.close();
      throw error;
    }
  }

  /** Of workerd, while it is up. */
  get pid(): number | undefined {
    return this.#supervisor?.pid;
  }

  /** Sees to it that workerd has what a program needs; more than it has now costs a restart. @throws ProjectProblem */
  prepare(needs: HostNeeds, notice: TellNotice): Promise<void> {
    // One at a time; each sees what the one before it has provided.
    const turn = this.#turn.then(() => this.#prepare(needs, notice));
    this.#turn = turn.catch(() => {});
    return turn;
  }

  /** Goes on with another build of the project; runs that are at work go on in it. @throws ProjectProblem, and the worker stays as it is. */
  reload(built: BuiltWorker, notice: TellNotice): Promise<void> {
    const turn = this.#turn.then(() => this.#reload(built, notice));
    this.#turn = turn.catch(() => {});
    return turn;
  }

  /** The emulator itself, for what only it can do. */
  withMiniflare<Result>(act: (miniflare: Miniflare) => Promise<Result>): Promise<Result> {
    return this.#running().withMiniflare(act);
  }

  /** The worker's answer to a request of HOST_ROUTES. @throws ConnectionLost */
  ask(method: string, route: string, body?: string) {
    const headers = { [HOST_TOKEN_HEADER]: this.token, ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
    return this.#running().fetch(route, { method, headers, ...(body === undefined ? {} : { body }) });
  }

  /** The error for an answer of `ask` that broke off. */
  lost(cause: unknown): HostError {
    return this.#running().lost(cause);
  }

  /** What the worker is busy with; undefined when it does not say. */
  async alive(): Promise<Alive | undefined> {
    const alive = await this.call('alive', {});
    this.#supervisor?.noteWorking(alive?.working ?? []);
    return alive;
  }

  /** Undefined when the worker has no answer to that. */
  async call<Name extends HostCallName>(name: Name, ask: HostCalls[Name]['ask']): Promise<HostCalls[Name]['reply'] | undefined> {
    const response = await this.ask('POST', HOST_ROUTES.call + name, JSON.stringify(ask));
    const text = await response.text();
    // The worker is our own, built from the same types.
    return response.ok ? (JSON.parse(text) as HostCalls[Name]['reply']) : undefined;
  }

  /** Resolves once no run is at work, or after `timeoutMs`. True when none is. */
  async quiet(timeoutMs: number): Promise<boolean> {
    for (const until = performance.now() + timeoutMs; ; ) {
      // A worker that is blocked does not answer at all.
      const alive = await within(Math.max(until - performance.now(), LAST_ANSWER_MS), this.alive());
      if (alive.type === 'answer' && (alive.value === undefined || alive.value.working.length === 0)) return true;
      if (alive.type === 'none' || performance.now() >= until) return false;
      await new Promise((resolve) => setTimeout(resolve, QUIET_POLL_MS));
    }
  }

  /** When the first run that waits for a time goes on, epoch ms; infinity when none does. */
  async nextWaking(): Promise<number> {
    const waiting = (await this.call('runs', { statuses: ['waiting'], limit: MANY_RUNS }))?.runs ?? [];
    const times = waiting.flatMap((run) => run.waiting ?? []).flatMap(({ until }) => until ?? []);
    return Math.min(Number.POSITIVE_INFINITY, ...times);
  }

  /** Lets the runs go on that were at work when their workerd ended: their alarms would take seconds. Those that are paused, or wait, stay as they are. */
  async resumeRuns(): Promise<void> {
    try {
      const found = await this.call('runs', { statuses: ['running'], limit: MANY_RUNS });
      for (const { run } of found?.runs ?? []) await this.call('resume', { run });
    } catch {
      // The runtime went away again: whoever recovers it calls this again, and there are the alarms.
    }
  }

  /** Ends workerd and lets the next host in. */
  close(): Promise<void> {
    this.#closed ??= (async () => {
      if (this.#supervisor !== undefined) {
        await Promise.all([this.#forgetNeeds(), within(LAST_ANSWER_MS, this.call('settle', {}))]);
      }
      await this.#supervisor?.close();
      this.#lock.release();
    })();
    return this.#closed;
  }

  /** Once all runs are over there is nothing for the next host to go on with. */
  async #forgetNeeds(): Promise<void> {
    if (needsNothing(this.#needs)) return;
    const unfinished = await within(LAST_ANSWER_MS, this.call('runs', { statuses: ['running', 'waiting', 'paused'], limit: 1 }));
    if (unfinished.type === 'answer' && unfinished.value?.runs.length === 0) forgetNeeds(hostFolderOf(this.dataFolder));
  }

  async #start(options: ProjectRuntimeOptions, secrets: Readonly<Record<string, string>>): Promise<void> {
    this.#supervisor = await RuntimeSupervisor.open({
      worker: {
        dataFolder: this.dataFolder,
        hostToken: this.token,
        mark: randomBytes(16).toString('hex'),
        ...this.#content(secrets),
        ...(options.outbound === undefined ? {} : { outbound: options.outbound }),
      },
      guards: GUARDS,
      onStart: (pid) => this.#lock.recordWorkerd(pid),
      onRecovered: () => void this.resumeRuns(),
      onGivenUp: () => options.onGivenUp?.(),
      log: options.log ?? (() => {}),
      onRuntimeLine: (line) => options.onRuntimeLine?.(line),
    }).catch((error: unknown) => {
      throw damageOf(error, this.dataFolder) ?? error;
    });
    await this.#settle(options.notice);
  }

  /** What changes with another build. */
  #content(secrets: Readonly<Record<string, string>>) {
    const sealKey = readSealKey(hostFolderOf(this.dataFolder));
    const built = this.#built;
    return {
      name: this.#config.name ?? 'ensemble',
      vars: this.#config.vars,
      secrets,
      modules: this.#modules(),
      workflows: this.#needs.workflows,
      storage: this.#storage,
      variables: { ...built?.variables, ...(sealKey === undefined ? {} : { [WORKER_BINDINGS.sealKey]: sealKey }) },
      ...(built === undefined ? {} : { extend: built.extend, onEmulatorLine: built.onEmulatorLine }),
    };
  }

  #modules(): readonly WorkerModule[] {
    return this.#built?.modules(this.#needs.lazyModules) ?? readNeededModules(this.#needs);
  }

  async #reload(built: BuiltWorker, notice: TellNotice): Promise<void> {
    const needs = joinKnown(built.needs, this.#needs, built.config);
    const storage = resolveStorageBindings(needs.bindings, built.config);
    const before = { built: this.#built, config: this.#config, needs: this.#needs, storage: this.#storage };
    const turnTo = async (next: typeof before): Promise<void> => {
      this.#built = next.built;
      this.#config = next.config;
      this.#needs = next.needs;
      await this.#restart(next.storage, this.#content(next.built?.secrets ?? {}), notice);
    };
    try {
      await turnTo({ built, config: built.config, needs, storage });
    } catch (error) {
      // What does not start, or whose migrations are refused, leaves the one before it at work.
      await turnTo(before);
      throw error;
    }
  }

  /** Waits for a moment in which no run is at work, if there is one soon. */
  async #restart(storage: StorageBindings, change: Partial<SupervisedWorker>, notice: TellNotice): Promise<void> {
    const supervisor = this.#running();
    if (!(await this.quiet(QUIET_MS))) await within(LAST_ANSWER_MS, this.call('settle', {}));
    this.#storage = storage;
    await supervisor.restart({ ...change, modules: this.#modules(), workflows: this.#needs.workflows, storage });
    await this.#settle(notice);
    void this.resumeRuns();
  }

  async #prepare(needs: HostNeeds, notice: TellNotice): Promise<void> {
    const more = missingNeeds(needs.bindings, this.#storage).length > 0 || LATER.some((name) => needs[name] && !this.#needs[name]);
    if (!more) return this.#migrateWhenChanged(notice);
    const joined = joinNeeds(this.#needs, needs);
    const storage = resolveStorageBindings(joined.bindings, this.#config);
    this.#needs = joined;
    await this.#restart(storage, {}, notice);
  }

  /** What a workerd with other storage than before brings about. */
  async #settle(notice: TellNotice): Promise<void> {
    if (!needsNothing(this.#needs)) rememberNeeds(hostFolderOf(this.dataFolder), this.#needs);
    this.#migrations = '';
    await this.#migrateWhenChanged(notice);
    const names = unconfiguredNames(this.#storage, this.#config);
    if (this.#project.wranglerFile !== undefined && names.length > 0) {
      notice({ type: 'bindings-provided', names, configFile: this.#project.wranglerFile });
    }
  }

  /** A host lives long: files may have been added since it looked last. */
  async #migrateWhenChanged(notice: TellNotice): Promise<void> {
    if (this.#storage.d1.length === 0) return;
    const present = JSON.stringify(this.#config.d1.map(listMigrations));
    if (present === this.#migrations) return;
    await this.#running().withMiniflare(async (miniflare: Miniflare) => {
      for (const database of this.#config.d1) {
        const open = async () => (await miniflare.getD1Database(database.binding)) as unknown as D1Like;
        const files = await applyMigrations(database, open);
        if (files.length > 0) notice({ type: 'migrated', database: database.binding, files });
      }
    });
    this.#migrations = present;
  }

  #running(): RuntimeSupervisor {
    if (this.#supervisor === undefined) throw new HostError('the runtime is not up');
    return this.#supervisor;
  }
}

/** When it is for a database of ours that workerd does not start. */
function damageOf(error: unknown, dataFolder: string): ProjectProblem | undefined {
  const reason = error instanceof Error ? /[^=\n]*: SQLITE_[A-Z]+/.exec(error.message)?.[0].trim() : undefined;
  if (reason === undefined) return undefined;
  const message = `the runtime cannot open the data in ${dataFolder} (${reason}): put it back from a copy, or move it away and begin anew`;
  return new ProjectProblem(message, { cause: error });
}

/** Needs that an earlier host had for runs that are not over. What the configuration no longer allows is left out: those runs wait until it does. */
function joinKnown(needs: HostNeeds, known: HostNeeds | undefined, config: WranglerConfig): HostNeeds {
  if (known === undefined) return needs;
  const joined = joinNeeds(needs, known);
  try {
    resolveStorageBindings(joined.bindings, config);
    return joined;
  } catch {
    return needs;
  }
}
