import { randomBytes } from 'node:crypto';
import type { BuildManifest } from '../../program/deployment.ts';
import { originsAt } from '../../program/origins-at.ts';
import { platformCrons } from '../../program/platform-crons.ts';
import type { Project } from '../find-project.ts';
import { readHostStatus } from '../host-process/control-host.ts';
import { ProjectProblem } from '../project-problem.ts';
import { type FileWatch, watchFiles } from '../watch-files.ts';
import { buildForDev } from './build-for-dev.ts';
import { type CronClock, openCronClock } from './cron-clock.ts';
import type { Served, TellDev } from './dev-event.ts';
import { DevSession, type GoodBuild, servedAlready } from './dev-session.ts';
import { emulatorText, queueOfLost } from './emulator-text.ts';
import { type FrontServer, openFrontServer } from './front-server.ts';

export interface DevServerOptions {
  readonly project: Project;
  /** A named environment of the wrangler configuration. */
  readonly environment?: string;
  readonly host: string;
  /** 0 = any that is free. */
  readonly port: number;
  /** Whether cron triggers fire by time; by command they do in any case. */
  readonly cron: boolean;
  readonly tell: TellDev;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/**
 * Serves a project as it would be deployed until the signal fires or another command asks it to end: builds it, starts its Worker, and puts another in its place whenever a file changes.
 * Mistakes in the project are told, and what was served before goes on.
 * @throws ProjectProblem when it cannot begin: the port is taken, another `ensemble dev` is up.
 */
export async function runDevServer(options: DevServerOptions): Promise<void> {
  const status = await readHostStatus(options.project);
  if (status?.url !== undefined) throw new ProjectProblem(servedAlready(status.pid, status.url));
  const server = new DevServer(options);
  try {
    await server.serve();
  } catch (error) {
    if (!options.signal.aborted) throw error;
  } finally {
    await server.close();
  }
}

class DevServer {
  readonly #options: DevServerOptions;
  readonly #ended = Promise.withResolvers<'ended'>();
  readonly #key = `dev_${randomBytes(24).toString('base64url')}`;
  readonly #clock: CronClock;
  #front: FrontServer | undefined;
  #session: DevSession | undefined;
  /** How many messages of a queue were given up. */
  readonly #lost = new Map<string, number>();
  /** The files as they are now cannot be served. */
  #broken = false;
  #watch: FileWatch | undefined;

  constructor(options: DevServerOptions) {
    this.#options = options;
    this.#clock = openCronClock((cron, at) => void this.#fireCron(cron, at));
    // Nobody may be waiting for it yet.
    this.#ended.promise.catch(() => {});
  }

  async serve(): Promise<void> {
    const { host, port, project, signal, tell } = this.#options;
    const end = () => this.#ended.resolve('ended');
    signal.addEventListener('abort', end);
    if (signal.aborted) return;
    this.#front = await openFrontServer({
      host,
      port,
      runtime: () => this.#session?.runtime,
      originsAt: (path, method) => originsAt(this.#session?.build.manifest.ensembles ?? [], path, method),
      onAnswer: ({ method, path, status, durationMs }) =>
        tell({ type: 'request', method, path, status, duration_ms: Math.round(durationMs) }),
      onError: (error) => tell({ type: 'log', line: error.stack ?? error.message }),
    });
    this.#watch = watchFiles();
    for (;;) {
      // Watched first, looked at then: so no change is missed.
      await this.#watch.add({ paths: [project.root], roots: [project.root] });
      await this.#round(this.#front.url);
      if ((await Promise.race([this.#ended.promise, this.#changed(this.#watch)])) === 'ended') return;
    }
  }

  async close(): Promise<void> {
    this.#clock.close();
    this.#front?.close();
    await Promise.all([this.#session?.close(), this.#watch?.[Symbol.asyncDispose]()]);
  }

  async #changed(watch: FileWatch): Promise<'changed'> {
    try {
      await watch.changed();
      return 'changed';
    } catch (error) {
      throw new ProjectProblem(`the files cannot be watched: ${messageOf(error)}`, { cause: error });
    }
  }

  /** Serves what the files say now, if it can be served. Only a first start that fails ends the command. */
  async #round(url: string): Promise<void> {
    const { tell } = this.#options;
    const before = this.#session;
    const serving = before !== undefined;
    const wasBroken = this.#broken;
    this.#broken = true;
    const build = await this.#build().catch((error: unknown) => problemOf(error));
    // A large project takes seconds to build, and its Worker seconds more to start: not for somebody who has gone.
    if (this.#options.signal.aborted) return;
    if (build.type === 'problem') return tell({ ...build, serving });
    if (build.type === 'refused') return tell({ type: 'refused', diagnostics: build.diagnostics, serving });
    const served = this.#served(build, url);
    if (before === undefined) {
      this.#session = await this.#open(build, url);
      tell({ type: 'ready', ...served });
    } else {
      const known = before.build;
      const isSame = known.fingerprint === build.fingerprint;
      const problem = isSame ? undefined : await before.reload(build).then(() => undefined, asProblem);
      if (problem !== undefined) return tell({ ...problem, serving });
      if (!isSame || wasBroken) tell({ type: 'reloaded', changed: changedIds(known.manifest, build.manifest), ...served });
    }
    this.#broken = false;
    if (this.#options.cron) this.#clock.set(cronsOf(build.manifest));
  }

  #build() {
    const { project, environment, tell } = this.#options;
    return buildForDev({
      project,
      ...(environment === undefined ? {} : { environment }),
      apiKeys: JSON.stringify([{ name: 'dev', key: this.#key, scopes: ['*'] }]),
      onEmulatorLine: (line) => {
        const text = emulatorText(line);
        if (text === undefined) return;
        const queue = queueOfLost(text);
        if (queue !== undefined) this.#lost.set(queue, this.#lostOf(queue) + 1);
        tell({ type: 'log', line: text });
      },
    });
  }

  #open(build: GoodBuild, url: string): Promise<DevSession> {
    const { project, tell, signal } = this.#options;
    const onEnd = (problem?: ProjectProblem) => (problem === undefined ? this.#ended.resolve('ended') : this.#ended.reject(problem));
    return DevSession.open({ project, build, url, tell, signal, onEnd, lostOf: (queue) => this.#lostOf(queue) });
  }

  #lostOf(queue: string): number {
    return this.#lost.get(queue) ?? 0;
  }

  #served({ manifest, provided, ownKeys }: GoodBuild, url: string): Served {
    return { url, manifest, provided, ...(ownKeys ? { key: this.#key } : {}) };
  }

  async #fireCron(cron: string, at: number): Promise<void> {
    const { tell } = this.#options;
    tell({ type: 'cron', cron, scheduled_time: at });
    try {
      await this.#session?.runtime.withMiniflare(async (miniflare) => {
        const worker = await miniflare.getWorker();
        await worker.scheduled({ cron, scheduledTime: new Date(at) });
      });
    } catch (error) {
      tell({ type: 'log', line: `the cron "${cron}" did not reach the Worker: ${messageOf(error)}` });
    }
  }
}

/** What a person can put right while it is watched. */
function problemOf(error: unknown) {
  if (!(error instanceof ProjectProblem)) throw error;
  return asProblem(error);
}

function asProblem(error: unknown) {
  return { type: 'problem' as const, message: messageOf(error) };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function changedIds(before: BuildManifest, now: BuildManifest): readonly string[] {
  const [old, current] = [before, now].map(({ ensembles }) => new Map(ensembles.map(({ id, hash }) => [id, hash])));
  return [...new Set([...(old?.keys() ?? []), ...(current?.keys() ?? [])])].filter((id) => old?.get(id) !== current?.get(id));
}

/** What the configuration of a deployment would have to name. */
function cronsOf({ ensembles }: BuildManifest): readonly string[] {
  const triggers = ensembles.flatMap((ensemble) => ensemble.triggers).filter((trigger) => trigger.type === 'cron');
  return [...new Set(triggers.flatMap(platformCrons))];
}
