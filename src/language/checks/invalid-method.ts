import { suggest } from '../../program/suggest.ts';
import type { Check } from './check.ts';
import { constantText } from './settings/constant-text.ts';
import { settingsOfTriggers, valuesOf } from './settings/trigger-settings.ts';

/** What a Worker can be asked with. That of an http agent is for the shape check. */
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** An http trigger that waits for a method which nobody can send. */
export const invalidMethod: Check = {
  codes: ['invalid-method'],
  check(body, findings) {
    for (const { fields } of settingsOfTriggers(body, 'http')) {
      const methods = fields.entry('methods');
      for (const value of valuesOf(methods?.value)) {
        const method = constantText(value)?.text;
        if (method === undefined || METHODS.includes(method.toUpperCase())) continue;
        const near = suggest(method.toUpperCase(), METHODS);
        findings.report('invalid-method', value.span, `there is no method ${JSON.stringify(method)}`, {
          help: near === undefined ? `methods are ${METHODS.join(', ')}` : `did you mean ${near}?`,
        });
      }
    }
  },
};
