import type { Span } from '../../program/diagnostic.ts';
import type { Located } from '../document/located.ts';
import { Fields } from '../model/fields.ts';
import type { Check } from './check.ts';

/** Roots that belong to a run; what is known only inside of steps, `out-of-place-root` reports. */
const OF_A_RUN: ReadonlySet<string> = new Set(['input', 'state', 'run', 'trigger']);

/** A secret is compared, and the input of a cron worked out, before there is a run. */
export const triggerRead: Check = {
  codes: ['trigger-read'],
  check({ model, triggers }, findings) {
    for (const [index, { reads }] of triggers.entries()) {
      const fields = new Fields(model.triggers[index]);
      const secret = new Fields(fields.value('auth')).value('secret');
      const input = fields.value('input');
      for (const { kind, name, span } of reads) {
        if (kind !== 'root' || !OF_A_RUN.has(name)) continue;
        if (holds(secret, span)) {
          findings.report('trigger-read', span, `the secret of a trigger cannot read \`${name}\`: it is compared before there is a run`, {
            help: 'write `${env.NAME}`',
          });
        } else if (name !== 'trigger' && holds(input, span)) {
          findings.report('trigger-read', span, `the input that a trigger gives cannot read \`${name}\`: there is no run yet`, {
            help: 'it can read `env`, and `trigger` (`trigger.scheduled_time` is when the cron fires)',
          });
        }
      }
    }
  },
};

function holds(value: Located | undefined, { start, end }: Span): boolean {
  return value !== undefined && value.span.start <= start && end <= value.span.end;
}
