import { dataFolderOf } from '../data-folder.ts';
import type { Project } from '../find-project.ts';
import { ConnectionLost } from '../host-error.ts';
import { HostConnection } from '../host-process/host-connection.ts';
import { hostFolderOf } from '../host-process/host-folder.ts';
import { readHostRecord } from '../host-process/host-record.ts';
import { PROCESS_ROUTES } from '../host-process/host-requests.ts';
import { ProjectProblem } from '../project-problem.ts';
import type { FireAsk, FireReply } from './fire-request.ts';

/**
 * Has the `ensemble dev` of a project fire a trigger.
 * @throws ProjectProblem when none is up.
 */
export async function fireAtDev(project: Project, ask: FireAsk): Promise<FireReply> {
  const record = readHostRecord(hostFolderOf(dataFolderOf(project)));
  if (record?.dev === undefined) throw new ProjectProblem(NONE_UP);
  const connection = new HostConnection(record);
  try {
    return await connection.askJson<FireReply>('POST', PROCESS_ROUTES.fire, ask);
  } catch (error) {
    if (error instanceof ConnectionLost) throw new ProjectProblem(NONE_UP, { cause: error });
    throw error;
  } finally {
    connection.close();
  }
}

const NONE_UP = 'triggers are fired at ensemble dev, and none is up for this project: start it in another terminal with "ensemble dev"';
