import { isName, type Word } from '../model/fields.ts';
import type { Findings } from '../model/findings.ts';
import type { Check } from './check.ts';

/** Names are letters, digits, `_` and `-`, so that they can stand in an expression, a path and a storage key (LANGUAGE §1). */
export const invalidName: Check = {
  codes: ['invalid-name'],
  check({ model }, findings) {
    checkName(model.name, model.kind === 'ensemble' ? 'an ensemble' : 'an agent file', findings);
    if (model.single) return;
    for (const { name, span, work } of model.agents) {
      // An agent without a name stands in its own place; the shape check says that the name is missing.
      if (name.span !== span) checkName(name, 'an agent', findings);
      if (work.type === 'agent-file') checkName(work.file, 'an agent file', findings);
    }
  },
};

function checkName(name: Word, what: string, findings: Findings): void {
  if (isName(name.text)) return;
  const better = name.text
    .replaceAll(/[^A-Za-z0-9_-]+/g, '-')
    .replace(/^[^A-Za-z_]+/, '')
    .replace(/-+$/, '');
  findings.report('invalid-name', name.span, `"${name.text}" is no name for ${what}`, {
    help: `a name begins with a letter or _, goes on with letters, digits, _ and -${better === '' ? '' : `: ${better}`}`,
  });
}
