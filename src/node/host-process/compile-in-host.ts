import type { CompiledEnsemble } from '../compile-ensemble.ts';
import { dataFolderOf } from '../data-folder.ts';
import type { Project } from '../find-project.ts';
import { ProjectProblem } from '../project-problem.ts';
import { ReferenceProblem } from '../reference-problem.ts';
import { hostConfigOf } from './host-config.ts';
import { HostConnection } from './host-connection.ts';
import { hostFolderOf } from './host-folder.ts';
import { readHostRecord } from './host-record.ts';
import { type CompileAnswer, PROCESS_ROUTES } from './host-requests.ts';

/**
 * Has the host process of the project compile what a command line names. Undefined when none is up that is of this build, or it cannot: then that is to be done in this process.
 * @throws what `compileEnsemble` throws.
 */
export async function compileInHost(project: Project, reference: string, cwd: string): Promise<CompiledEnsemble | undefined> {
  const record = readHostRecord(hostFolderOf(dataFolderOf(project)));
  if (record === undefined || record.config !== hostConfigOf(project)) return undefined;
  const connection = new HostConnection(record);
  let answer: CompileAnswer;
  try {
    answer = await connection.askJson<CompileAnswer>('POST', PROCESS_ROUTES.compile, { reference, cwd });
  } catch {
    // Whatever it is that ails the host, this process can do without it.
    return undefined;
  } finally {
    connection.close();
  }
  if (answer.type === 'reference') throw new ReferenceProblem(answer.message);
  if (answer.type === 'project') throw new ProjectProblem(answer.message);
  return answer.type === 'compiled' ? answer.compiled : undefined;
}
