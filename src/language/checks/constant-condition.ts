import { hasExpression } from '../model/fields.ts';
import type { Check } from './check.ts';

/** A condition that is text is always true: the author most likely forgot the `${…}` around it. */
export const constantCondition: Check = {
  codes: ['constant-condition'],
  check({ model }, findings) {
    for (const { name, condition } of model.agents) {
      if (condition?.kind !== 'scalar' || typeof condition.value !== 'string' || hasExpression(condition.value)) continue;
      const always = condition.value === '' ? 'false: the agent never runs' : 'true: the agent always runs';
      findings.warning('constant-condition', condition.span, `the condition of "${name.text}" is plain text, which is always ${always}`, {
        help: `write an expression: \`condition: \${${condition.value || '…'}}\``,
      });
    }
  },
};
