import type { Check } from './check.ts';
import { findCronProblem } from './cron/cron-problem.ts';
import { constantText } from './settings/constant-text.ts';
import { settingsOfTriggers } from './settings/trigger-settings.ts';

/** Cron expressions that Cloudflare refuses, or that never start a run. */
export const invalidCron: Check = {
  codes: ['invalid-cron'],
  check(body, findings) {
    for (const { fields } of settingsOfTriggers(body, 'cron')) {
      const constant = constantText(fields.value('cron'));
      const problem = constant && findCronProblem(constant.text);
      if (constant === undefined || problem === undefined) continue;
      const span = constant.text === '' ? constant.scalar.span : constant.scalar.at(problem.start, problem.end);
      findings.report('invalid-cron', span, `the cron expression ${problem.what}`, { help: problem.help });
    }
  },
};
