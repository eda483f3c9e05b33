import type { Located } from '../document/located.ts';
import { Fields, hasExpression } from '../model/fields.ts';
import type { Findings } from '../model/findings.ts';
import type { Check } from './check.ts';

/** A condition that is text is always true, and so is what an `assert` claims: the author most likely forgot the `${…}` around it. */
export const constantCondition: Check = {
  codes: ['constant-condition'],
  check({ model }, findings) {
    for (const { name, condition, work, config } of model.agents) {
      warn(condition, findings, {
        what: `the condition of "${name.text}"`,
        key: 'condition',
        truthy: 'the agent always runs',
        falsy: 'the agent never runs',
      });
      if (work.type !== 'operation' || work.operation.text !== 'assert' || config?.kind !== 'mapping') continue;
      warn(new Fields(config).value('that'), findings, {
        what: `what "${name.text}" asserts`,
        key: 'that',
        truthy: 'it never fails',
        falsy: 'it always fails',
      });
    }
  },
};

interface Wording {
  readonly what: string;
  readonly key: string;
  readonly truthy: string;
  readonly falsy: string;
}

function warn(condition: Located | undefined, findings: Findings, { what, key, truthy, falsy }: Wording): void {
  if (condition?.kind !== 'scalar' || typeof condition.value !== 'string' || hasExpression(condition.value)) return;
  const always = condition.value === '' ? `false: ${falsy}` : `true: ${truthy}`;
  findings.report('constant-condition', condition.span, `${what} is plain text, which is always ${always}`, {
    help: `write an expression: \`${key}: \${${condition.value || '…'}}\``,
  });
}
