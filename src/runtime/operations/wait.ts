import { parseTime } from '../../program/time.ts';
import { Config } from './config.ts';
import type { Operation } from './operation.ts';

/** LANGUAGE §5 `wait`: goes on after `for`, or at `until` (at once when that is over). Gives the milliseconds that it really waited. */
export const wait: Operation = {
  name: 'wait',
  effect: true,
  taints: false,
  async run(given, context) {
    const config = new Config('wait', given, ['for', 'until']);
    const { clock } = context.ports;
    const from = clock.now();
    const until = readEnd(config, from);
    if (until > from) {
      await context.waits({ reason: 'time', until });
      await clock.sleep(until - clock.now(), context.signal);
    }
    return { output: { waited_ms: clock.now() - from } };
  },
};

/** Epoch ms. */
function readEnd(config: Config, now: number): number {
  const forMs = config.durationMs('for');
  const until = config.value('until');
  if (forMs !== undefined && until !== undefined) throw config.invalid('takes "for" or "until", not both');
  if (forMs !== undefined) return now + forMs;
  if (until === undefined) throw config.invalid('needs "for", a duration such as 10m, or "until", a time');
  const end = typeof until === 'string' || typeof until === 'number' ? parseTime(until) : undefined;
  if (end === undefined) throw config.mismatch('until', 'a time such as 2026-11-02T08:00:00Z, or epoch milliseconds');
  return end;
}
