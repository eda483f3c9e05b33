import { nextCron } from '../../program/cron/next-cron.ts';

export interface CronClock {
  /** These fire from now on, and no others. */
  set(crons: readonly string[]): void;
  close(): void;
}

/** Of a process; a test brings its own. */
export interface Timers {
  /** Epoch ms. */
  now(): number;
  /** Calls back once after `ms`; the returned function takes that back. */
  after(ms: number, callback: () => void): () => void;
}

/** A machine that slept has its timers fire late; so it is looked at the clock at least so often. */
const LONGEST_SLEEP_MS = 30_000;

const PROCESS_TIMERS: Timers = {
  now: () => Date.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

/** Fires crons by time, in UTC as the platform does. `scheduledTime` is the minute that it was due in, epoch ms; what came due while the machine slept fires once, late. */
export function openCronClock(fire: (cron: string, scheduledTime: number) => void, timers: Timers = PROCESS_TIMERS): CronClock {
  let due = new Map<string, number>();
  let cancel = () => {};
  const schedule = (cron: string, afterMs: number): void => {
    const next = nextCron({ cron, timezone: 'UTC' }, afterMs);
    if (next === undefined) due.delete(cron);
    else due.set(cron, next);
  };
  const tick = (): void => {
    const now = timers.now();
    for (const [cron, at] of [...due]) {
      if (at > now) continue;
      schedule(cron, now);
      fire(cron, at);
    }
    sleep();
  };
  const sleep = (): void => {
    cancel();
    if (due.size === 0) return;
    const wait = Math.max(0, Math.min(...due.values()) - timers.now());
    cancel = timers.after(Math.min(wait, LONGEST_SLEEP_MS), tick);
  };
  return {
    set(crons) {
      due = new Map();
      for (const cron of crons) schedule(cron, timers.now());
      sleep();
    },
    close() {
      cancel();
      due.clear();
    },
  };
}
