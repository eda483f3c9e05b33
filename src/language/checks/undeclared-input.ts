import type { Check } from './check.ts';
import { givenField, givenInputs } from './types/given-inputs.ts';

/**
 * An agent without `input` hands the run's own on. A field that its file requires and the ensemble does not declare may be given all the same, but nobody
 * who reads the ensemble can know.
 */
export const undeclaredInput: Check = {
  codes: ['undeclared-input'],
  check(body, findings, { types }) {
    if (body.model.input === undefined) return;
    for (const { agent, callee, required, type, written, span } of givenInputs(types)) {
      if (written !== undefined || type.kind !== 'object' || type.lists !== 'declared') continue;
      for (const name of required) {
        if (givenField(type, name) !== undefined) continue;
        findings.report(
          'undeclared-input',
          span,
          `${callee.body.model.file} requires the input "${name}", which ${body.model.file} does not declare`,
          {
            help: `declare it under \`input\`, or give "${agent.model.name.text}" an \`input\` of its own`,
          },
        );
      }
    }
  },
};
