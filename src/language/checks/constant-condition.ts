import type { Located } from '../document/located.ts';
import { Fields, hasExpression } from '../model/fields.ts';
import type { Findings } from '../model/findings.ts';
import { everyStep, type StepModel } from '../model/step-model.ts';
import type { Check } from './check.ts';
import { describeStep } from './flow/describe-step.ts';

/** A condition that is text is always true, and so is what an `assert` claims: the author most likely forgot the `${…}` around it. */
export const constantCondition: Check = {
  codes: ['constant-condition'],
  check({ model }, findings) {
    for (const { name, condition, loop, work, config } of model.agents) {
      warn(condition, findings, {
        what: `the condition of "${name.text}"`,
        key: 'condition',
        truthy: 'the agent always runs',
        falsy: 'the agent never runs',
      });
      warn(loop?.breakWhen, findings, {
        what: `the \`breakWhen\` of "${name.text}"`,
        key: 'breakWhen',
        truthy: 'the loop breaks off after the first item',
        falsy: 'the loop never breaks off',
      });
      if (work.type !== 'operation' || work.operation.text !== 'assert' || config?.kind !== 'mapping') continue;
      warn(new Fields(config).value('that'), findings, {
        what: `what "${name.text}" asserts`,
        key: 'that',
        truthy: 'it never fails',
        falsy: 'it always fails',
      });
    }
    for (const step of everyStep([...model.steps, ...(model.flow ?? [])])) warnOfStep(step, findings);
  },
};

/** The questions that steps ask beside agents: which way a `branch` goes, whether a `while` goes on and a `foreach` breaks off, and whether an entry of `flow` runs. */
function warnOfStep(step: StepModel, findings: Findings): void {
  const what = (key: string): string => `the \`${key}\` of ${describeStep(step)}`;
  if (step.type === 'run') {
    warn(step.condition, findings, {
      what: what('condition'),
      key: 'condition',
      truthy: 'the agent always runs',
      falsy: 'the agent never runs',
    });
  } else if (step.type === 'branch') {
    warn(step.condition, findings, {
      what: what('condition'),
      key: 'condition',
      truthy: 'it never goes the other way',
      falsy: 'it never goes this way',
    });
  } else if (step.type === 'while') {
    warn(step.condition, findings, {
      what: what('condition'),
      key: 'condition',
      truthy: 'it goes on for ever',
      falsy: 'its steps never run',
    });
  } else if (step.type === 'foreach') {
    warn(step.breakWhen, findings, {
      what: what('breakWhen'),
      key: 'breakWhen',
      truthy: 'it breaks off after the first item',
      falsy: 'it never breaks off',
    });
  }
}

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
