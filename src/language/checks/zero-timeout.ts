import { parseDuration } from '../../program/duration.ts';
import type { Located } from '../document/located.ts';
import { Fields } from '../model/fields.ts';
import type { Check } from './check.ts';
import { settingsOf } from './settings/agent-settings.ts';
import { constantText } from './settings/constant-text.ts';
import { writtenTimeouts } from './settings/written-timeouts.ts';

/** A timeout of zero does not mean "none": it is over before anything has answered. */
export const zeroTimeout: Check = {
  codes: ['zero-timeout'],
  check(body, findings) {
    const limits = new Fields(new Fields(body.model.source).value('limits'));
    const places: readonly (readonly [string, string, Located | undefined])[] = [
      ...writtenTimeouts(body).flatMap(({ name, entry, fields }) => [
        [`"${name}"`, 'timeout', entry.value] as const,
        ...['attempt', 'total'].map((key) => [`"${name}"`, `timeout.${key}`, fields.value(key)] as const),
      ]),
      ...settingsOf(body, 'http', 'wait', 'approval', 'hitl').map(
        ({ name, fields }) => [`the config of "${name}"`, 'timeout', fields.value('timeout')] as const,
      ),
      ['`limits`', 'max_duration', limits.value('max_duration')],
    ];
    for (const [owner, key, value] of places) {
      const constant = constantText(value);
      if (constant === undefined || parseDuration(constant.text) !== 0) continue;
      findings.report('zero-timeout', constant.scalar.span, `\`${key}\` of ${owner} is 0, so nothing can finish in time`, {
        help: 'for no limit, leave it out',
      });
    }
  },
};
