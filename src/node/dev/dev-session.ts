import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import packageJson from '../../../package.json' with { type: 'json' };
import type { Project } from '../find-project.ts';
import { buildIdOf, hostConfigOf } from '../host-process/host-config.ts';
import { hostFolderOf } from '../host-process/host-folder.ts';
import { type HostRecord, readHostRecord, removeHostRecord, writeHostRecord } from '../host-process/host-record.ts';
import type { HostStatus, StopAsk, StopReply } from '../host-process/host-requests.ts';
import { type HostServer, openHostServer } from '../host-process/host-server.ts';
import { ProjectRuntime } from '../host-process/project-runtime.ts';
import { readRss } from '../host-process/read-rss.ts';
import { handOver } from '../host-process/replace-host.ts';
import { chooseSocketPath } from '../host-process/socket-path.ts';
import { within } from '../host-process/within.ts';
import { ProjectProblem } from '../project-problem.ts';
import type { DevBuild } from './build-for-dev.ts';
import type { TellDev } from './dev-event.ts';
import { fireTrigger } from './fire-trigger.ts';
import { watchRuns } from './run-feed.ts';
import { runtimeText } from './runtime-text.ts';

export type GoodBuild = Extract<DevBuild, { type: 'built' }>;

export interface DevSessionOptions {
  readonly project: Project;
  readonly build: GoodBuild;
  /** What the project is served on. */
  readonly url: string;
  readonly tell: TellDev;
  /** Gives up waiting for the data folder. */
  readonly signal: AbortSignal;
  /** How many messages of a queue were given up so far. */
  lostOf(queue: string): number;
  /** Somebody asked this host to end, or it is of no use any more: then `problem` says why. */
  onEnd(problem?: ProjectProblem): void;
}

/** The end of the process ends what is left of the runtime. */
const CLOSES_WITHIN_MS = 10_000;
const LAST_QUESTIONS_MS = 1_000;
/** How often it is looked whether whoever has the data folder is another `ensemble dev`, which will not let go of it. */
const RIVAL_LOOK_MS = 200;

/**
 * The Worker of a project that is served, from its first good build on. It has the project's data folder and is the host that all commands share meanwhile: they reach it over the host's
 * socket (host-process), and their runs are runs of this Worker.
 */
export class DevSession {
  readonly runtime: ProjectRuntime;
  readonly #options: DevSessionOptions;
  readonly #record: HostRecord;
  readonly #hostFolder: string;
  #build: GoodBuild;
  #server: HostServer | undefined;
  #stopFeed: (() => void) | undefined;
  #closed: Promise<void> | undefined;

  private constructor(options: DevSessionOptions, runtime: ProjectRuntime) {
    this.#options = options;
    this.#build = options.build;
    this.runtime = runtime;
    this.#hostFolder = hostFolderOf(runtime.dataFolder);
    this.#record = {
      pid: process.pid,
      started_at: Date.now(),
      socket: chooseSocketPath(runtime.dataFolder, this.#hostFolder),
      version: packageJson.version,
      config: hostConfigOf(options.project),
      token: randomBytes(24).toString('hex'),
      dev: { url: options.url, build: buildIdOf() },
    };
  }

  /** @throws ProjectProblem for what has to be put right in the project, and when another `ensemble dev` serves it. */
  static async open(options: DevSessionOptions): Promise<DevSession> {
    const { project, build, tell } = options;
    const rival = new AbortController();
    let stopLooking = () => {};
    try {
      const runtime = await ProjectRuntime.open({
        project,
        built: build.built,
        needs: build.built.needs,
        notice(notice) {
          tell({ type: 'notice', notice });
          // It may be one that was started in the same moment.
          if (notice.type === 'waiting') stopLooking = abortOnRival(hostFolderOf(notice.dataFolder), rival);
        },
        beforeLock: async (dataFolder) => void (await handOver(hostFolderOf(dataFolder))),
        onGivenUp: () => options.onEnd(new ProjectProblem('the runtime does not start any more; its last lines are above')),
        onRuntimeLine(line) {
          if (runtimeText(line) !== undefined) tell({ type: 'log', line });
        },
        signal: AbortSignal.any([options.signal, rival.signal]),
      });
      return await new DevSession(options, runtime).#serve();
    } catch (error) {
      throw startProblem(error) ?? error;
    } finally {
      stopLooking();
    }
  }

  get build(): GoodBuild {
    return this.#build;
  }

  /** @throws ProjectProblem and what workerd says of a Worker that it does not start; the one before stays. */
  async reload(build: GoodBuild): Promise<void> {
    const { tell } = this.#options;
    await this.runtime.reload(build.built, (notice) => tell({ type: 'notice', notice }));
    this.#build = build;
  }

  /** Runs that are at work go on when a host is next up. */
  close(): Promise<void> {
    this.#closed ??= (async () => {
      this.#stopFeed?.();
      // From here on commands start a host of their own, which waits until this one has let go of the folder.
      removeHostRecord(this.#hostFolder, this.#record.token);
      this.#server?.close();
      await within(CLOSES_WITHIN_MS, this.runtime.close());
      rmSync(this.#record.socket, { force: true });
    })();
    return this.#closed;
  }

  async #serve(): Promise<this> {
    try {
      this.#server = await openHostServer({
        runtime: this.runtime,
        socket: this.#record.socket,
        token: this.#record.token,
        isLeaving: () => this.#closed !== undefined,
        status: () => this.#status(),
        stop: async (ask) => this.#stop(ask),
        fire: (ask) =>
          fireTrigger(ask, { runtime: this.runtime, manifest: this.#build.manifest, lostOf: (queue) => this.#options.lostOf(queue) }),
        log: (line) => this.#options.tell({ type: 'log', line }),
      });
      writeHostRecord(this.#hostFolder, this.#record);
    } catch (error) {
      await this.close();
      throw error;
    }
    this.#stopFeed = watchRuns({
      runs: (filter) => this.runtime.call('runs', filter),
      onChange: (run) => this.#options.tell({ type: 'run', run }),
      now: () => Date.now(),
    });
    void this.runtime.resumeRuns();
    return this;
  }

  /** A host that is only in the way of another command is not ended for it: somebody works with this one. */
  #stop(ask: StopAsk): StopReply {
    if (ask.only_idle === true) return { type: 'busy', runs: [], clients: (this.#server?.clients ?? 1) - 1 };
    this.#options.onEnd();
    return { type: 'leaving' };
  }

  async #status(): Promise<HostStatus> {
    const alive = await within(LAST_QUESTIONS_MS, this.runtime.alive());
    const { working = [], waiting = [] } = (alive.type === 'answer' ? alive.value : undefined) ?? {};
    const { pid } = this.runtime;
    const rss = pid === undefined ? undefined : readRss(pid);
    return {
      pid: process.pid,
      version: this.#record.version,
      started_at: this.#record.started_at,
      uptime_ms: Date.now() - this.#record.started_at,
      data_folder: this.runtime.dataFolder,
      socket: this.#record.socket,
      log_file: join(this.#hostFolder, 'host.log'),
      clients: (this.#server?.clients ?? 1) - 1,
      working,
      waiting,
      ...(pid === undefined ? {} : { workerd: { pid, ...(rss === undefined ? {} : { rss_bytes: rss }) } }),
      url: this.#options.url,
    };
  }
}

/** What workerd says of a Worker that it does not start: of a compatibility flag that is none, for example. */
function startProblem(error: unknown): ProjectProblem | undefined {
  if (!(error instanceof Error) || !('code' in error) || error.code !== 'ERR_RUNTIME_FAILURE') return undefined;
  return new ProjectProblem(`the Worker does not start: ${error.message}`, { cause: error });
}

/** @returns a function that ends the looking. */
function abortOnRival(hostFolder: string, rival: AbortController): () => void {
  const look = () => {
    const record = readHostRecord(hostFolder);
    if (record?.dev !== undefined) rival.abort(new ProjectProblem(servedAlready(record.pid, record.dev.url)));
  };
  const timer = setInterval(look, RIVAL_LOOK_MS);
  return () => clearInterval(timer);
}

export function servedAlready(pid: number, url: string): string {
  return `ensemble dev serves this project already (pid ${pid}, ${url}): use that one, or end it first`;
}
