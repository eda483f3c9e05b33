import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import packageJson from '../../../package.json' with { type: 'json' };
import { findProject } from '../find-project.ts';
import type { HostNeeds } from '../host-needs.ts';
import type { TellNotice } from '../host-notice.ts';
import { ProjectProblem } from '../project-problem.ts';
import { hostConfigOf } from './host-config.ts';
import { hostFolderOf } from './host-folder.ts';
import { type HostRecord, readHostRecord, removeHostRecord, writeHostRecord } from './host-record.ts';
import type { HostStatus, StopAsk, StopReply } from './host-requests.ts';
import { openHostServer } from './host-server.ts';
import { watchIdle } from './idle-watch.ts';
import { ProjectRuntime } from './project-runtime.ts';
import { readRss } from './read-rss.ts';
import { handOver } from './replace-host.ts';
import { chooseSocketPath } from './socket-path.ts';
import { within } from './within.ts';

export interface HostProcessOptions {
  /** The root of the project. */
  readonly root: string;
  /** What will run first. */
  readonly needs: HostNeeds;
  readonly idleMs: number;
  readonly notice: TellNotice;
  /** Ends it, before it is ready or later. */
  readonly signal: AbortSignal;
  /** Commands can reach it from now on. */
  onReady(): void;
  log(line: string): void;
}

/** A run that waits for a time within the next hour keeps its host up; the alarm of a later one waits for the next host. */
const SOON_MS = 60 * 60_000;
/** A host that is asked to end and does not hear from its worker does not wait for it for ever. */
const LAST_QUESTIONS_MS = 1_000;
/** The end of the process ends what is left of the runtime. */
const CLOSES_WITHIN_MS = 10_000;

/**
 * The host process of a data folder, from its start to its end: takes the folder, from a host of another configuration if there is one, and serves it until nobody needs it.
 * @throws ProjectProblem for what has to be put right in the project.
 */
export async function runHostProcess(options: HostProcessOptions): Promise<void> {
  const { signal, log } = options;
  const project = findProject(options.root);
  const config = hostConfigOf(project);
  let replaced: number | undefined;
  const runtime = await ProjectRuntime.open({
    project,
    needs: options.needs,
    notice: (notice) => {
      // It is on its way out, and says nothing that a person could act on.
      if (notice.type !== 'waiting' || notice.pid !== replaced) options.notice(notice);
    },
    beforeLock: async (dataFolder) => {
      replaced = await handOver(hostFolderOf(dataFolder));
    },
    onGivenUp: () => void leave({ wait_ms: 0 }, 'the runtime does not start any more'),
    signal,
    log,
  });
  const { dataFolder } = runtime;
  const hostFolder = hostFolderOf(dataFolder);
  const left = Promise.withResolvers<void>();
  let leaving = false;

  const leave = async (ask: StopAsk, why: string): Promise<void> => {
    if (leaving) return;
    leaving = true;
    log(`leaving: ${why}`);
    stopWatching();
    // From here on commands start the next host, which waits until this one has let go of the folder.
    removeHostRecord(hostFolder, record.token);
    await runtime.quiet(ask.wait_ms).catch(() => false);
    server.close();
    await within(CLOSES_WITHIN_MS, runtime.close());
    rmSync(record.socket, { force: true });
    left.resolve();
  };

  const stop = async (ask: StopAsk): Promise<StopReply> => {
    if (ask.only_idle === true && !leaving) {
      const { visits } = server;
      const alive = await within(LAST_QUESTIONS_MS, runtime.alive());
      const runs = (alive.type === 'answer' ? alive.value?.working : undefined) ?? [];
      const clients = server.clients - 1;
      // A worker that does not answer is at work. Who came meanwhile may have begun what the answer knew nothing of.
      const isIdle = alive.type === 'answer' && runs.length === 0 && clients === 0 && server.visits === visits;
      if (!isIdle) return { type: 'busy', runs, clients };
    }
    void leave(ask, 'it was asked to');
    return { type: 'leaving' };
  };
  const status = async (): Promise<HostStatus> => {
    const alive = await within(LAST_QUESTIONS_MS, runtime.alive());
    const { working, waiting } = (alive.type === 'answer' ? alive.value : undefined) ?? { working: [], waiting: [] };
    const { pid } = runtime;
    const rss = pid === undefined ? undefined : readRss(pid);
    return {
      pid: process.pid,
      version: record.version,
      started_at: record.started_at,
      uptime_ms: Date.now() - record.started_at,
      data_folder: dataFolder,
      socket: record.socket,
      log_file: join(hostFolder, 'host.log'),
      clients: server.clients - 1,
      working,
      waiting,
      ...(pid === undefined ? {} : { workerd: { pid, ...(rss === undefined ? {} : { rss_bytes: rss }) } }),
    };
  };

  const record: HostRecord = {
    pid: process.pid,
    started_at: Date.now(),
    socket: chooseSocketPath(dataFolder, hostFolder),
    version: packageJson.version,
    config,
    token: randomBytes(24).toString('hex'),
  };
  const parts = { runtime, socket: record.socket, token: record.token, isLeaving: () => leaving, status, stop, log };
  const server = await openHostServer(parts);
  writeHostRecord(hostFolder, record);
  if (readHostRecord(hostFolder) === undefined) {
    server.close();
    await runtime.close();
    throw new ProjectProblem(
      `commands cannot share a host here: the file system of ${hostFolder} does not keep files for one user alone. Run with --no-host`,
    );
  }
  const stopWatching = watchIdle(
    {
      idleMs: options.idleMs,
      clients: () => server.clients,
      visits: () => server.visits,
      isKnown: () => readHostRecord(hostFolder)?.token === record.token,
      async isBusy() {
        const alive = await runtime.alive();
        if (alive !== undefined && alive.working.length > 0) return true;
        const next = Math.min(alive?.wakes_at ?? Number.POSITIVE_INFINITY, await runtime.nextWaking());
        return next < Date.now() + SOON_MS;
      },
    },
    (why) => void leave({ wait_ms: 0 }, why),
  );
  const end = () => void leave({ wait_ms: 0 }, 'it was ended by a signal');
  signal.addEventListener('abort', end);
  if (signal.aborted) end();
  log(`serving ${project.root} (pid ${process.pid}, ensemble ${record.version})`);
  options.onReady();
  void runtime.resumeRuns();
  await left.promise;
}
