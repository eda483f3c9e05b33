import { givenNames } from '../model/readable-names.ts';
import type { Check } from './check.ts';

/** A name is how expressions, events and the journal tell an agent or a flow step from the others. */
export const duplicateAgent: Check = {
  codes: ['duplicate-agent'],
  check({ model }, findings) {
    const first = new Map<string, string>();
    for (const { of, word } of givenNames(model)) {
      const before = first.get(word.text);
      if (before === undefined) {
        first.set(
          word.text,
          `${of === 'agent' ? 'an agent' : of === 'id' ? 'an `id`' : 'a flow step'} "${word.text}", on line ${word.span.line}`,
        );
      } else {
        findings.report('duplicate-agent', word.span, `there is already ${before}`, {
          help: of === 'agent' ? 'give each agent a name of its own' : 'give each agent and each step a name of its own',
        });
      }
    }
  },
};
