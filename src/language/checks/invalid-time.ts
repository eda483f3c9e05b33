import { parseTime } from '../../program/time.ts';
import type { Check } from './check.ts';
import { settingsOf } from './settings/agent-settings.ts';
import { constantText } from './settings/constant-text.ts';

/** `wait` goes on at a time; one that cannot be read fails the agent whenever it runs. */
export const invalidTime: Check = {
  codes: ['invalid-time'],
  check(body, findings) {
    for (const { name, fields } of settingsOf(body, 'wait')) {
      const constant = constantText(fields.value('until'));
      if (constant === undefined || parseTime(constant.text) !== undefined) continue;
      findings.report('invalid-time', constant.scalar.span, `\`until\` of "${name}" is no time: ${constant.text}`, {
        help: 'write it as 2026-11-02T08:00:00Z (without an offset it is UTC), or as epoch milliseconds; a duration goes into `for`',
      });
    }
  },
};
