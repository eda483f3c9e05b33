import type { ProjectIndex, SourceFile } from '../project-index.ts';
import { parseFileReference } from './file-reference.ts';
import { type FoundVersion, findVersion } from './find-version.ts';

/**
 * The agent file that `agent:` names (LANGUAGE §9): by the file's own `version` where one is asked for, else `agents/<name>/agent.yaml` or `agents/<name>.yaml`, else the highest
 * version that there is.
 */
export function findAgentFile(project: Pick<ProjectIndex, 'agentFile' | 'agentFiles'>, reference: string): FoundVersion {
  const { name, range } = parseFileReference(reference);
  const plain = range === undefined ? project.agentFile(name) : undefined;
  return plain === undefined ? findVersion(name, range, project.agentFiles(name)) : found(plain);
}

/** The same for `ensemble:`, which may also be a path from the file that names it. */
export function findEnsembleFile(
  project: Pick<ProjectIndex, 'ensembleFile' | 'ensembleFiles'>,
  reference: string,
  from: string,
): FoundVersion {
  const { name, range } = parseFileReference(reference);
  if (range === undefined || isPath(reference)) {
    const plain = project.ensembleFile(reference, from);
    if (plain !== undefined) return found(plain);
    if (isPath(reference)) return { type: 'missing' };
  }
  return findVersion(name, range, project.ensembleFiles(name));
}

/** Whether `ensemble:` names a path rather than an ensemble: `./other.yaml`. A range of versions may hold dots. */
export function isPath(reference: string): boolean {
  return /\/|\.ya?ml$/.test(reference);
}

function found(file: SourceFile): FoundVersion {
  return { type: 'found', file };
}
