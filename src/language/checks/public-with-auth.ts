import type { Check } from './check.ts';
import { settingsOfTriggers } from './settings/trigger-settings.ts';

/** `public: true` says that anyone may, `auth` that they may not. */
export const publicWithAuth: Check = {
  codes: ['public-with-auth'],
  check(body, findings) {
    for (const { fields } of settingsOfTriggers(body, 'http', 'webhook', 'email')) {
      const entry = fields.entry('public');
      if (fields.value('auth') === undefined || fields.scalar('public')?.value !== true || entry === undefined) continue;
      findings.report('public-with-auth', entry.key.span, 'the trigger has `auth` and is `public` all the same', {
        help: 'leave `public` out if callers must prove themselves, else `auth`',
      });
    }
  },
};
