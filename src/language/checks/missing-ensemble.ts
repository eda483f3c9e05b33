import { suggest } from '../../program/suggest.ts';
import { hasExpression } from '../model/fields.ts';
import type { Check } from './check.ts';

/** `ensemble:` names an ensemble of the project: a file name under `ensembles/`, or a path from the file that names it (LANGUAGE §6.5). */
export const missingEnsemble: Check = {
  codes: ['missing-ensemble', 'constant-required'],
  check({ model }, findings, { project, ensembles }) {
    for (const { work } of model.agents) {
      if (work.type !== 'ensemble') continue;
      const { text, span } = work.reference;
      if (hasExpression(text)) {
        findings.report('constant-required', span, 'which ensemble runs is fixed before the run starts: no expression can stand here', {
          help: 'name each ensemble in an agent of its own, and choose by `condition`',
        });
      } else if (ensembles.pathOf(text, model.file) === undefined) {
        const isPath = /[/.]/.test(text);
        const near = isPath ? undefined : suggest(text, project.ensembleNames());
        findings.report('missing-ensemble', span, `there is no ensemble "${text}"`, {
          help: `${near === undefined ? '' : `did you mean "${near}"? `}${isPath ? `the path is relative to ${model.file}, or to the project` : `looked for ensembles/**/${text}.yaml`}`,
        });
      }
    }
  },
};
