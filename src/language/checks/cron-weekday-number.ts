import type { Check } from './check.ts';
import { findCronProblem } from './cron/cron-problem.ts';
import { constantText } from './settings/constant-text.ts';
import { settingsOfTriggers } from './settings/trigger-settings.ts';

/** In most crons 1 is Monday, and 0 and 7 are Sunday; for Cloudflare 1 is Sunday, 7 Saturday and 0 nothing. Names are the same everywhere. */
export const cronWeekdayNumber: Check = {
  codes: ['cron-weekday-number'],
  check(body, findings) {
    for (const { fields } of settingsOfTriggers(body, 'cron')) {
      const constant = constantText(fields.value('cron'));
      if (constant === undefined || findCronProblem(constant.text) !== undefined) continue;
      const weekday = /\S+(?=\s*$)/.exec(constant.text);
      if (weekday === null || !/(?:^|[,-])\d/.test(weekday[0])) continue;
      const { index } = weekday;
      findings.report(
        'cron-weekday-number',
        constant.scalar.at(index, index + weekday[0].length),
        `the weekday \`${weekday[0]}\` is read in two ways: 1 is Monday in most crons, and Sunday for Cloudflare`,
        { help: 'write names: SUN, MON, TUE, WED, THU, FRI, SAT' },
      );
    }
  },
};
