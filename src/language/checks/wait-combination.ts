import type { Fields } from '../model/fields.ts';
import type { Findings } from '../model/findings.ts';
import type { Check } from './check.ts';
import { settingsOf } from './settings/agent-settings.ts';

const WAYS = ['for', 'until', 'for_signal'] as const;

/** `wait` waits for one thing; a `timeout` or an `on_timeout` needs what it is about. With any other combination the agent fails whenever it runs. */
export const waitCombination: Check = {
  codes: ['wait-combination'],
  check(body, findings) {
    for (const { name, fields } of settingsOf(body, 'wait')) {
      const [first, second] = WAYS.filter((way) => fields.value(way) !== undefined);
      if (first !== undefined && second !== undefined) {
        report(findings, fields, second, `"${name}" waits with \`${first}\` and with \`${second}\``, 'leave one of the two out');
      } else if (first !== undefined && first !== 'for_signal') {
        const help = 'leave it out, or wait for a signal: `for_signal`';
        report(findings, fields, 'timeout', `"${name}" has a \`timeout\`, and a \`${first}\` that ends by itself`, help);
      }
    }
    for (const { name, fields } of settingsOf(body, 'approval', 'hitl')) {
      if (fields.value('timeout') !== undefined) continue;
      report(
        findings,
        fields,
        'on_timeout',
        `"${name}" has an \`on_timeout\` and no \`timeout\``,
        'add a `timeout` such as 2h, or leave it out',
      );
    }
  },
};

function report(findings: Findings, fields: Fields, key: string, message: string, help: string): void {
  if (fields.value(key) === undefined) return;
  const entry = fields.entry(key);
  if (entry !== undefined) findings.report('wait-combination', entry.key.span, message, { help });
}
