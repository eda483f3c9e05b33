import { suggest } from '../../program/suggest.ts';
import type { Check } from './check.ts';
import { constantText } from './settings/constant-text.ts';
import { settingsOfTriggers } from './settings/trigger-settings.ts';

/** Time zones that the IANA database does not have. */
export const invalidTimezone: Check = {
  codes: ['invalid-timezone'],
  check(body, findings) {
    for (const { fields } of settingsOfTriggers(body, 'cron')) {
      const constant = constantText(fields.value('timezone'));
      if (constant === undefined || isTimeZone(constant.text)) continue;
      const near = suggest(constant.text, Intl.supportedValuesOf('timeZone'));
      findings.report('invalid-timezone', constant.scalar.span, `there is no time zone ${JSON.stringify(constant.text)}`, {
        help: near === undefined ? 'write a name such as `Europe/Berlin` or `America/New_York`, or `UTC`' : `did you mean ${near}?`,
      });
    }
  },
};

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
