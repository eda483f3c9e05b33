import { dataFolderOf } from '../data-folder.ts';
import type { Project } from '../find-project.ts';
import { processIdentity } from '../lock/process-identity.ts';
import { hostConfigOf } from './host-config.ts';
import { HostConnection } from './host-connection.ts';
import { hostFolderOf } from './host-folder.ts';
import { type HostRecord, readHostRecord } from './host-record.ts';
import { type HostStatus, PROCESS_ROUTES } from './host-requests.ts';
import { askToStop } from './replace-host.ts';

/** What the host process of a project tells of itself; `outdated` = the next command replaces it. Undefined when none is up. */
export async function readHostStatus(project: Project): Promise<(HostStatus & { readonly outdated: boolean }) | undefined> {
  const record = readHostRecord(hostFolderOf(dataFolderOf(project)));
  if (record === undefined) return undefined;
  const connection = new HostConnection(record);
  try {
    const status = await connection.askJson<HostStatus>('GET', PROCESS_ROUTES.status);
    return { ...status, outdated: record.dev === undefined && record.config !== hostConfigOf(project) };
  } catch {
    return undefined;
  } finally {
    connection.close();
  }
}

export type Stopped =
  | { readonly type: 'none' }
  | { readonly type: 'stopped'; readonly pid: number }
  /** It answers no more, but is there. */
  | { readonly type: 'stuck'; readonly pid: number };

/** How long its end may take once the runs had their time. */
const ENDING_MS = 5_000;
const POLL_MS = 20;

/** Ends the host process of a project, if one is up, and resolves once it is gone. Runs that are at work may go on for `waitMs` before they are cut. `kill` ends one that is stuck. */
export async function stopHost(project: Project, options: { readonly waitMs: number; readonly kill: boolean }): Promise<Stopped> {
  const record = readHostRecord(hostFolderOf(dataFolderOf(project)));
  const started = record === undefined ? undefined : processIdentity(record.pid);
  if (record === undefined || started === undefined || !(await wasAsked(record, options.waitMs))) return { type: 'none' };
  const { pid } = record;
  const isGone = () => processIdentity(pid) !== started;
  const stopped: Stopped = { type: 'stopped', pid };
  if (await becomes(isGone, options.waitMs + ENDING_MS)) return stopped;
  if (!options.kill) return { type: 'stuck', pid };
  // The runtime that it leaves behind is ended by the next host.
  process.kill(pid, 'SIGKILL');
  await becomes(isGone, ENDING_MS);
  return stopped;
}

/** A record may be of a host that was killed, whose pid is another process's by now: only one that has the record's token is asked, or ended. */
async function wasAsked(record: HostRecord, waitMs: number): Promise<boolean> {
  return (await askToStop(record, { wait_ms: waitMs })) !== undefined;
}

async function becomes(is: () => boolean, timeoutMs: number): Promise<boolean> {
  for (const until = performance.now() + timeoutMs; !is(); ) {
    if (performance.now() > until) return false;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return true;
}
