import type { Check } from './check.ts';

/** An agent's name is how expressions, events and the journal tell it from the others. */
export const duplicateAgent: Check = {
  codes: ['duplicate-agent'],
  check({ model }, findings) {
    const first = new Map<string, number>();
    for (const { name } of model.agents) {
      const line = first.get(name.text);
      if (line === undefined) first.set(name.text, name.span.line);
      else {
        findings.report('duplicate-agent', name.span, `there is already an agent "${name.text}", on line ${line}`, {
          help: 'give each agent a name of its own',
        });
      }
    }
  },
};
