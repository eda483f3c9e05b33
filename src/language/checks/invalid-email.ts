import type { Check } from './check.ts';
import { constantText } from './settings/constant-text.ts';
import { settingsOfTriggers, valuesOf } from './settings/trigger-settings.ts';

/** Before the `@` anything but white space and brackets, behind it a name with a dot; `*@example.com` is every address there. */
const ADDRESS = /^[^\s@<>(),;:[\]]+@(?:[\p{L}\d](?:[\p{L}\d-]*[\p{L}\d])?\.)+[\p{L}\d-]+$/u;

/** Addresses that no mail can be sent to. */
export const invalidEmail: Check = {
  codes: ['invalid-email'],
  check(body, findings) {
    for (const { fields } of settingsOfTriggers(body, 'email')) {
      for (const value of valuesOf(fields.value('addresses'))) {
        const constant = constantText(value);
        if (constant === undefined || ADDRESS.test(constant.text)) continue;
        findings.report('invalid-email', constant.scalar.span, `${JSON.stringify(constant.text)} is no email address`, {
          help: 'write the address alone, such as `orders@example.com`',
        });
      }
    }
  },
};
