import { ProjectProblem } from '../project-problem.ts';
import { type HostRecord, readHostRecord } from './host-record.ts';
import { PROCESS_ROUTES, type StopAsk, type StopReply } from './host-requests.ts';

/** How long the runs of a host that is replaced may go on there; what is not over by then goes on in the next one. */
const HAND_OVER_MS = 3_000;

/** Asks the host of the folder, if there is one, to make room for another. @returns its pid. */
export async function handOver(hostFolder: string): Promise<number | undefined> {
  const record = readHostRecord(hostFolder);
  if (record === undefined) return undefined;
  await askToStop(record, { wait_ms: HAND_OVER_MS });
  return record.pid;
}

/**
 * Makes room for a host in this process.
 * @throws ProjectProblem when the shared host has something to do.
 */
export async function stopIdleHost(hostFolder: string): Promise<void> {
  const record = readHostRecord(hostFolder);
  const reply = record === undefined ? undefined : await askToStop(record, { wait_ms: 0, only_idle: true });
  if (record === undefined || reply?.type !== 'busy') return;
  if (record.dev !== undefined) {
    throw new ProjectProblem(
      `ensemble dev serves this project (pid ${record.pid}) and has its data: leave out --no-host (or ENSEMBLE_NO_HOST), or end ensemble dev first`,
    );
  }
  throw new ProjectProblem(
    `the shared host of this project (pid ${record.pid}) is at work for ${workOf(reply)}: leave out --no-host (or ENSEMBLE_NO_HOST), or end it first with "ensemble host stop"`,
  );
}

function workOf({ runs, clients }: Extract<StopReply, { readonly type: 'busy' }>): string {
  if (runs.length > 0) return runs.length === 1 ? 'a run' : `${runs.length} runs`;
  return clients > 0 ? 'other commands' : 'something that keeps it from answering';
}

/** Undefined when it does not answer: it is gone, or its lock will tell. */
export async function askToStop(record: HostRecord, ask: StopAsk): Promise<StopReply | undefined> {
  // As a rule there is none to ask, and then its means are not needed.
  const { HostConnection } = await import('./host-connection.ts');
  const connection = new HostConnection(record);
  try {
    return await connection.askJson<StopReply>('POST', PROCESS_ROUTES.stop, ask);
  } catch {
    return undefined;
  } finally {
    connection.close();
  }
}
