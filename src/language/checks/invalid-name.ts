import { isName, type Word } from '../model/fields.ts';
import type { Findings } from '../model/findings.ts';
import { givenNames } from '../model/readable-names.ts';
import type { Check } from './check.ts';

/** Names are letters, digits, `_` and `-`, so that they can stand in an expression, a path and a storage key (LANGUAGE §1). */
export const invalidName: Check = {
  codes: ['invalid-name'],
  check({ model }, findings) {
    checkName(model.name, model.kind === 'ensemble' ? 'an ensemble' : 'an agent file', findings);
    if (model.single) return;
    // That an agent has no name is the shape check's to say.
    for (const { of, word } of givenNames(model))
      checkName(word, of === 'agent' ? 'an agent' : of === 'id' ? 'an `id`' : 'a step', findings);
    for (const { work } of model.agents) if (work.type === 'agent-file') checkName(work.file, 'an agent file', findings);
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
