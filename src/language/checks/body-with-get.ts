import type { Check } from './check.ts';
import { settingsOf } from './settings/agent-settings.ts';
import { constantText, isOneExpression } from './settings/constant-text.ts';

/** GET and HEAD carry no body. One that is a whole expression may turn out to be nothing, which is fine. */
export const bodyWithGet: Check = {
  codes: ['body-with-get'],
  check(body, findings) {
    for (const { name, fields } of settingsOf(body, 'http')) {
      const method = constantText(fields.value('method'))?.text.toUpperCase();
      const entry = fields.entry('body');
      const value = fields.value('body');
      if ((method !== 'GET' && method !== 'HEAD') || entry === undefined || value === undefined) continue;
      if (value.kind === 'scalar' && isOneExpression(String(value.value))) continue;
      findings.report('body-with-get', entry.key.span, `"${name}" cannot send a \`body\` with ${method}`, {
        help: 'use POST, PUT or PATCH, or give the values under `query:`',
      });
    }
  },
};
