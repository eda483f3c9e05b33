import { createSuggester } from '../../program/suggest.ts';
import type { Check } from './check.ts';
import { constantText } from './settings/constant-text.ts';
import { settingsOfTriggers } from './settings/trigger-settings.ts';

/** Time zones that the IANA database does not have. */
export const invalidTimezone: Check = {
  codes: ['invalid-timezone'],
  check(body, findings) {
    const triggers = settingsOfTriggers(body, 'cron').filter(({ fields }) => fields.value('timezone') !== undefined);
    if (triggers.length === 0) return;
    const zones = Intl.supportedValuesOf('timeZone');
    const known = new Set(zones);
    const suggest = createSuggester();
    for (const { fields } of triggers) {
      const constant = constantText(fields.value('timezone'));
      if (constant === undefined || known.has(constant.text) || isTimeZone(constant.text)) continue;
      const near = suggest(constant.text, zones);
      findings.report('invalid-timezone', constant.scalar.span, `there is no time zone ${JSON.stringify(constant.text)}`, {
        help: near === undefined ? 'write a name such as `Europe/Berlin` or `America/New_York`, or `UTC`' : `did you mean ${near}?`,
      });
    }
  },
};

/** Links and other spellings (`CET`, `europe/berlin`) are none of the supported values, and supported all the same. */
function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
