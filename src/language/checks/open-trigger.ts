import type { Check } from './check.ts';
import { settingsOfTriggers } from './settings/trigger-settings.ts';

/** An open door must be said to be open (LANGUAGE §8): whoever finds its address could start runs at the owner's cost. */
export const openTrigger: Check = {
  codes: ['open-trigger'],
  check(body, findings) {
    for (const { type, fields } of settingsOfTriggers(body, 'http', 'webhook', 'email')) {
      const open = fields.scalar('public');
      if (fields.entry('auth') !== undefined || (open !== undefined && open.value !== false)) continue;
      findings.report('open-trigger', open?.span ?? type.span, `anyone can start a run by this \`${type.text}\` trigger`, {
        help: 'give it `auth: { type: bearer, secret: ${env.TRIGGER_SECRET} }`, or say `public: true`',
      });
    }
  },
};
