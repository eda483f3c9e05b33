import { Fields } from '../model/fields.ts';
import { everyStep } from '../model/step-model.ts';
import type { Check } from './check.ts';
import { describeStep } from './flow/describe-step.ts';

/** Steps of one instance, unless the configuration of the deployed Worker allows more (25,000 at most). Each start of an agent is one. */
const MAX_WORKFLOW_STEPS = 10_000;

const HELP =
  'each start of an agent is a step of Workflows; let it do less at a time, raise `limits = { steps = … }` of the Worker’s `[[workflows]]`, or use `engine: durable-object`';

/** What is known before anything runs of what the platform bounds. All that it bounds otherwise the engine sees to: large outputs, long waits, names of events. */
export const engineLimit: Check = {
  codes: ['engine-limit'],
  check({ model }, findings) {
    if (model.engine !== 'workflows') return;
    const most = MAX_WORKFLOW_STEPS.toLocaleString('en');
    const maxSteps = new Fields(new Fields(model.source).value('limits')).scalar('max_steps');
    if (maxSteps !== undefined && typeof model.limits.maxSteps === 'number' && model.limits.maxSteps > MAX_WORKFLOW_STEPS) {
      findings.report('engine-limit', maxSteps.span, `\`max_steps\` allows more steps than an instance of Workflows takes (${most})`, {
        help: HELP,
      });
    }
    for (const step of everyStep([...model.steps, ...(model.flow ?? [])])) {
      if (step.type !== 'while' || step.maxIterations === undefined) continue;
      const inside = [...everyStep(step.steps)].filter(({ type }) => type === 'agent' || type === 'run').length;
      if (inside * step.maxIterations <= MAX_WORKFLOW_STEPS) continue;
      findings.report(
        'engine-limit',
        step.span,
        `${describeStep(step)} may take more steps than an instance of Workflows takes (${most})`,
        {
          help: HELP,
        },
      );
    }
  },
};
