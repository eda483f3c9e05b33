import type { Check } from './check.ts';
import { findCronProblem, readCronFields } from './cron/cron-problem.ts';
import { constantText } from './settings/constant-text.ts';
import { settingsOfTriggers } from './settings/trigger-settings.ts';

/** In most crons 1 is Monday, and 0 and 7 are Sunday; for Cloudflare 1 is Sunday, 7 Saturday and 0 nothing. Names are the same everywhere. */
export const cronWeekdayNumber: Check = {
  codes: ['cron-weekday-number'],
  check(body, findings) {
    for (const { fields } of settingsOfTriggers(body, 'cron')) {
      const constant = constantText(fields.value('cron'));
      const weekday = constant && readCronFields(constant.text)[4];
      if (!weekday || !/(?:^|[,-])\d/.test(weekday.text) || findCronProblem(constant.text) !== undefined) continue;
      findings.report(
        'cron-weekday-number',
        constant.scalar.at(weekday.start, weekday.end),
        `the weekday \`${weekday.text}\` is read in two ways: 1 is Monday in most crons, and Sunday for Cloudflare`,
        { help: 'write names: SUN, MON, TUE, WED, THU, FRI, SAT' },
      );
    }
  },
};
