import { openDataFolder } from '../data-folder.ts';
import type { Project } from '../find-project.ts';
import { ConnectionLost } from '../host-error.ts';
import type { HostNeeds } from '../host-needs.ts';
import type { TellNotice } from '../host-notice.ts';
import { tryDataFolderLock } from '../lock/data-folder-lock.ts';
import { ProjectProblem } from '../project-problem.ts';
import { buildIdOf, hostConfigOf } from './host-config.ts';
import { HostConnection } from './host-connection.ts';
import { hostFolderOf } from './host-folder.ts';
import { readHostRecord } from './host-record.ts';
import { type HostStatus, PROCESS_ROUTES, type Prepared } from './host-requests.ts';
import { startHost } from './start-host.ts';

export interface JoinOptions {
  readonly project: Project;
  /** What the host must have when it is joined. */
  readonly needs: HostNeeds;
  /** What a host that has to be started begins with; default `needs`. */
  readonly startNeeds?: HostNeeds;
  readonly notice: TellNotice;
  readonly signal?: AbortSignal;
}

const POLL_MS = 25;

/**
 * Connects to the host process of the project's data folder; starts one when there is none, or when the one that is there was started with another configuration. Of many that find none
 * at once one starts it: they take turns by a lock of their own.
 * @throws ProjectProblem, ConnectionLost; the signal's reason when it fires first.
 */
export async function joinHost(options: JoinOptions): Promise<HostConnection> {
  const { project, needs, notice, signal } = options;
  const hostFolder = hostFolderOf(openDataFolder(project));
  const config = hostConfigOf(project);
  for (;;) {
    signal?.throwIfAborted();
    const joined = await tryJoin(hostFolder, config, needs, notice);
    if (joined !== undefined) return joined;
    const { lock } = await tryDataFolderLock(hostFolder);
    if (lock === undefined) {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      continue;
    }
    try {
      // Another may have started it before this one's turn.
      const started = await tryJoin(hostFolder, config, needs, notice);
      if (started !== undefined) return started;
      await startHost({
        root: project.root,
        hostFolder,
        needs: options.startNeeds ?? needs,
        notice,
        ...(signal === undefined ? {} : { signal }),
      });
    } finally {
      lock.release();
    }
  }
}

/** Undefined when there is no host, it has another configuration, or it is on its way out. */
async function tryJoin(hostFolder: string, config: string, needs: HostNeeds, notice: TellNotice): Promise<HostConnection | undefined> {
  const record = readHostRecord(hostFolder);
  if (record === undefined || (record.dev === undefined && record.config !== config)) return undefined;
  const connection = new HostConnection(record);
  try {
    // It has the data folder until somebody ends it, and would have to hand it over in the middle of their work.
    if (record.dev !== undefined && record.dev.build !== buildIdOf()) {
      await connection.askJson<HostStatus>('GET', PROCESS_ROUTES.status);
      throw new ProjectProblem(`ensemble dev of another build of ensemble serves this project (pid ${record.pid}): end it first`);
    }
    await prepareHost(connection, needs, notice);
    return connection;
  } catch (error) {
    connection.close();
    if (error instanceof ConnectionLost) return undefined;
    throw error;
  }
}

/** Sees to it that the host's worker has what is needed, and passes on what the host has to tell. @throws ProjectProblem, ConnectionLost */
export async function prepareHost(connection: HostConnection, needs: HostNeeds, notice: TellNotice): Promise<void> {
  const prepared = await connection.askJson<Prepared>('POST', PROCESS_ROUTES.prepare, needs);
  for (const told of prepared.notices) notice(told);
  if (prepared.type === 'problem') throw new ProjectProblem(prepared.message);
}
