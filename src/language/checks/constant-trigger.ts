import { hasExpression } from '../model/fields.ts';
import type { Check } from './check.ts';
import { settingsOfTriggers, valuesOf } from './settings/trigger-settings.ts';

/** What the platform, or a router, has to know of a trigger while nothing runs; `public` and the types are held to their values by the shape check. */
const FIXED: Readonly<Record<string, readonly string[]>> = {
  http: ['path', 'methods', 'cors'],
  webhook: ['path'],
  cron: ['cron', 'timezone'],
  queue: ['queue', 'batch_size'],
  email: ['addresses'],
};

/** A deployment is told what starts its runs when it is made: an expression has no value then. */
export const constantTrigger: Check = {
  codes: ['constant-required'],
  check(body, findings) {
    for (const { type, fields } of settingsOfTriggers(body, ...Object.keys(FIXED))) {
      for (const key of FIXED[type.text] ?? []) {
        for (const value of valuesOf(fields.value(key))) {
          if (value.kind !== 'scalar' || typeof value.value !== 'string' || !hasExpression(value.value)) continue;
          findings.report(
            'constant-required',
            value.span,
            `\`${key}\` is fixed when the ensemble is deployed: no expression can stand here`,
            {
              help: 'write the value itself',
            },
          );
        }
      }
    }
  },
};
