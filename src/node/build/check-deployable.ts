import type { EnsembleManifest } from '../../program/deployment.ts';
import { findTriggerConflicts } from '../../program/trigger-conflicts.ts';
import { ProjectProblem } from '../project-problem.ts';

/**
 * Refuses ensembles that are right by themselves but not together.
 * @throws ProjectProblem
 */
export function checkDeployable(ensembles: readonly EnsembleManifest[]): void {
  if (ensembles.length === 0) {
    throw new ProjectProblem(
      'there is nothing to build: the project has no ensembles\nPut a YAML file into ensembles/, or run `ensemble init` for a project with an example.',
    );
  }
  const files = new Map<string, string>();
  for (const { id, file } of ensembles) {
    const other = files.get(id);
    if (other !== undefined) throw new ProjectProblem(`${file} and ${other} would both be called "${id}" from outside; rename one of them`);
    files.set(id, file);
  }
  const conflicts = findTriggerConflicts(ensembles).map(
    ({ method, path, first, second }) =>
      `${second.file}: ${method} ${path} is answered by a trigger of ${first.id === second.id ? 'the same file' : first.file} already`,
  );
  if (conflicts.length > 0) throw new ProjectProblem(`${conflicts.join('\n')}\nGive the triggers different paths or methods.`);
}
