import { suggest } from '../../program/suggest.ts';
import { hasExpression, type Word } from '../model/fields.ts';
import type { Findings } from '../model/findings.ts';
import type { ProjectIndex } from '../project-index.ts';
import { parseFileReference } from '../versions/file-reference.ts';
import { findEnsembleFile, isPath } from '../versions/find-file.ts';
import { reportVersion } from '../versions/report-version.ts';
import type { Check } from './check.ts';

/** `ensemble:` names an ensemble of the project: a file name under `ensembles/`, or a path from the file that names it (LANGUAGE §6.5). */
export const missingEnsemble: Check = {
  codes: ['missing-ensemble', 'missing-ensemble-version', 'invalid-version', 'ambiguous-version', 'constant-required'],
  check({ model }, findings, { project }) {
    for (const { work } of model.agents) {
      if (work.type !== 'ensemble') continue;
      const { text, span } = work.reference;
      if (hasExpression(text)) {
        findings.report('constant-required', span, 'which ensemble runs is fixed before the run starts: no expression can stand here', {
          help: 'name each ensemble in an agent of its own, and choose by `condition`',
        });
        continue;
      }
      const found = findEnsembleFile(project, text, model.file);
      if (found.type === 'missing') reportMissing(work.reference, model.file, project, findings);
      else if (found.type !== 'found') reportVersion(found, 'ensemble', span, findings);
    }
  },
};

function reportMissing({ text, span }: Word, from: string, project: ProjectIndex, findings: Findings): void {
  const { name } = parseFileReference(text);
  const near = isPath(text) ? undefined : suggest(name, project.ensembleNames());
  const looked = isPath(text) ? `the path is relative to ${from}, or to the project` : `looked for ensembles/**/${name}.yaml`;
  findings.report('missing-ensemble', span, `there is no ensemble "${isPath(text) ? text : name}"`, {
    help: `${near === undefined ? '' : `did you mean "${near}"? `}${looked}`,
  });
}
