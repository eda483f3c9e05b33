import type { Clock } from '../../ports.ts';
import type { RecordedRun } from './recorded-run.ts';

/**
 * The clock of a run that goes on from its record: it shows the time of what is taken from there, so that durations, deadlines and ages are what they were, and the real one once the run is live.
 * Nothing wakes up before: a sleep that began in the record lasts for what is then left of it.
 */
export function createReplayClock(real: Clock, record: RecordedRun): Clock {
  const now = (): number => (record.isLive ? real.now() : record.now);
  return {
    now,
    async sleep(ms, signal) {
      if (record.isLive) return real.sleep(ms, signal);
      const until = record.now + ms;
      await record.live(signal);
      return real.sleep(Math.max(0, until - real.now()), signal);
    },
  };
}
