import { parseTime } from '../../program/time.ts';

import { type FailureError, failure } from '../failure.ts';
import { withDeadline } from './abort.ts';
import { Config } from './config.ts';
import type { Operation, OperationContext, OperationResult, Waiting } from './operation.ts';

/**
 * LANGUAGE §5 `wait`: goes on after `for`, at `until` (at once when that is over), or with the signal that `for_signal` names. Gives the milliseconds that it really waited, and the signal's
 * data (null when it had none).
 */
export const wait: Operation = {
  name: 'wait',
  effect: true,
  taints: false,
  waits: true,
  run(given, context) {
    const config = new Config('wait', given, ['for', 'until', 'for_signal', 'timeout']);
    const ways = ['for', 'until', 'for_signal'].filter((key) => config.has(key));
    if (ways.length > 1) throw config.invalid(`takes one of "for", "until" and "for_signal", found ${ways.join(' and ')}`);
    if (ways[0] === 'for_signal') return waitForSignal(config, context);
    if (config.has('timeout')) throw config.invalid('takes "timeout" only with "for_signal"');
    return waitForTime(config, context);
  },
};

async function waitForTime(config: Config, context: OperationContext): Promise<OperationResult> {
  const { ports, waited } = context;
  const { clock } = ports;
  const from = waited?.at ?? clock.now();
  const until = waited?.until ?? readEnd(config, from);
  // The clock goes on between two looks at it.
  if (until <= from) return { output: { waited_ms: 0 } };
  if (waited === undefined) await context.waits({ reason: 'time', until });
  const leftMs = Math.max(0, until - clock.now());
  await (ports.steps?.sleep(context.start, leftMs, context.signal) ?? clock.sleep(leftMs, context.signal));
  return { output: { waited_ms: clock.now() - from } };
}

/** Epoch ms. */
function readEnd(config: Config, now: number): number {
  const forMs = config.durationMs('for');
  if (forMs !== undefined) return now + forMs;
  const until = config.value('until');
  if (until === undefined) throw config.invalid('needs "for", a duration such as 10m, "until", a time, or "for_signal", a name');
  const end = typeof until === 'string' || typeof until === 'number' ? parseTime(until) : undefined;
  if (end === undefined) throw config.mismatch('until', 'a time such as 2026-11-02T08:00:00Z, or epoch milliseconds');
  return end;
}

async function waitForSignal(config: Config, context: OperationContext): Promise<OperationResult> {
  const { ports, waited, agent } = context;
  const { clock, signals } = ports;
  const name = config.requiredText('for_signal', 'payment-received');
  const timeoutMs = config.durationMs('timeout');
  if (signals === undefined) throw failure('UNSUPPORTED', 'This host has no way to send a signal to a run.');
  const from = waited?.at ?? clock.now();
  const until = waited === undefined ? (timeoutMs === undefined ? undefined : from + timeoutMs) : waited.until;
  const waiting: Waiting = { reason: 'signal', signal: name, ...(until === undefined ? {} : { until }) };
  const leftMs = until === undefined ? undefined : Math.max(0, until - clock.now());
  const { data } = await withDeadline({ clock, signal: context.signal }, leftMs, late(name, timeoutMs), async (signal) => {
    // Taken before it is told: a signal may come as soon as somebody hears that it is waited for.
    const taken = signals.take(agent, name, signal);
    taken.catch(() => undefined);
    // Told even when the signal is there already: by it a resumed run knows who took it.
    if (waited === undefined) await context.waits(waiting);
    ports.steps?.listen({ start: context.start, agent, until }, signal);
    return taken;
  });
  return { output: { waited_ms: clock.now() - from, data: data ?? null } };
}

const late = (name: string, timeoutMs: number | undefined) => (): FailureError =>
  failure('SIGNAL_TIMEOUT', `The signal "${name}" did not come within the ${timeoutMs} ms that \`timeout\` allows.`);
