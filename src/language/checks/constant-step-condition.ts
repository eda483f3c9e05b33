import type { Located } from '../document/located.ts';
import { hasExpression } from '../model/fields.ts';
import type { Findings } from '../model/findings.ts';
import { everyStep, type StepModel } from '../model/step-model.ts';
import { runningPlaces } from '../model/step-places.ts';
import type { Check } from './check.ts';
import { constantTruth } from './flow/constant-truth.ts';
import { describeStep } from './flow/describe-step.ts';
import { constantVerdict } from './types/constant-verdict.ts';

/** What a step asks, and what text that is always the same answer means for it. */
interface Question {
  readonly key: string;
  readonly written: Located | undefined;
  readonly truthy: string;
  readonly falsy: string;
}

/**
 * The part of `constant-condition` about the questions that steps ask: text without an expression is always the same answer, and so is a list or an object. What a constant `true` or `false` means for
 * the steps behind it is `unreachable-step`'s and `endless-loop`'s to say.
 */
export const constantStepCondition: Check = {
  codes: ['constant-condition'],
  check({ model, stepValues }, findings, { types }) {
    for (const { name, loop } of model.agents) {
      if (loop !== undefined) warn({ key: 'breakWhen', written: loop.breakWhen, ...BREAK }, `the loop of "${name.text}"`, findings);
    }
    for (const step of everyStep([...model.steps, ...(model.flow ?? [])])) {
      const question = questionOf(step);
      if (question !== undefined) warn(question, describeStep(step), findings);
    }
    for (const place of runningPlaces(model)) {
      const question = questionOf(place.step);
      const values = stepValues.get(place.step);
      const value = question?.key === 'breakWhen' ? values?.breakWhen : question?.key === 'condition' ? values?.condition : undefined;
      if (question?.written === undefined || value?.template.type !== 'hole' || value.diagnostics.length > 0) continue;
      if (constantTruth(value.template) !== undefined) continue;
      const environment = types.stepEnvironment(place, place.step.type === 'run' || place.step.type === 'branch' ? 'before' : 'after');
      const verdict = constantVerdict(question, value.template, environment);
      if (verdict === undefined) continue;
      const what = `the \`${question.key}\` of ${describeStep(place.step)}`;
      findings.report('constant-condition', question.written.span, `${what} ${verdict.message}`, { help: verdict.help });
    }
  },
};

const BREAK = { truthy: 'true: it breaks off after the first item', falsy: 'false: it never breaks off' };
const SAME = 'the same: one case is always taken';

function questionOf(step: StepModel): Question | undefined {
  switch (step.type) {
    case 'run':
      return {
        key: 'condition',
        written: step.condition,
        truthy: 'true: the agent always runs',
        falsy: 'false: the agent never runs',
      };
    case 'branch':
      return { key: 'condition', written: step.condition, truthy: 'true: it always goes this way', falsy: 'false: it never goes this way' };
    case 'while':
      return { key: 'condition', written: step.condition, truthy: 'true: it goes on for ever', falsy: 'false: its steps never run' };
    case 'foreach':
      return { key: 'breakWhen', written: step.breakWhen, ...BREAK };
    case 'switch':
      return { key: 'value', written: step.value, truthy: SAME, falsy: SAME };
    default:
      return undefined;
  }
}

function warn({ key, written, truthy, falsy }: Question, whose: string, findings: Findings): void {
  if (written?.kind !== 'scalar' || typeof written.value !== 'string' || hasExpression(written.value)) return;
  const always = written.value === '' ? falsy : truthy;
  findings.report('constant-condition', written.span, `the \`${key}\` of ${whose} is plain text, which is always ${always}`, {
    help: `write an expression: \`${key}: \${${written.value || '…'}}\``,
  });
}
