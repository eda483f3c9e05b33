import type { CronTriggerPlan } from '../trigger.ts';
import { type CronFields, readCron } from './cron-fields.ts';
import { zoneOffset } from './zone-offset.ts';

export const MINUTE_MS = 60_000;
/** No clock is set forward or back by more than this. */
const LONGEST_SHIFT_MS = 3 * 3_600_000;

/**
 * Whether a cron trigger fires in the minute of `atMs` (epoch ms), by the clocks of its time zone. A time that they skip, when they are set forward, fires as many minutes after they are set as
 * it lies behind the last time before: 2:30 at 3:30. A time that they show twice fires the first time; both times where the expression does not name hours (`*`), since work that is done
 * every few minutes shall not rest for an hour.
 */
export function isCronDue(trigger: Pick<CronTriggerPlan, 'cron' | 'timezone'>, atMs: number): boolean {
  const fields = readCron(trigger.cron);
  return fields !== undefined && isDue(fields, trigger.timezone, Math.floor(atMs / MINUTE_MS) * MINUTE_MS);
}

/** Like `isCronDue`, for the start of a minute. */
export function isDue(fields: CronFields, timezone: string, at: number): boolean {
  const offset = zoneOffset(timezone, at);
  const earlier = zoneOffset(timezone, at - LONGEST_SHIFT_MS);
  const forward = offset - earlier;
  if (forward > 0 && zoneOffset(timezone, at - forward) === earlier && matches(fields, at + earlier)) return true;
  if (!matches(fields, at + offset)) return false;
  const isSecondTime = forward < 0 && zoneOffset(timezone, at + forward) === earlier;
  return !isSecondTime || fields.anyHour;
}

/** Whether clocks that show this time, as if it was of UTC, show one of the expression. */
function matches(fields: CronFields, shownMs: number): boolean {
  const shown = new Date(shownMs);
  return fields.minutes.has(shown.getUTCMinutes()) && fields.hours.has(shown.getUTCHours()) && hasDay(fields, shown);
}

/** Whether the expression names the day of a time, as if it was of UTC. */
export function hasDay({ months, days, weekdays }: CronFields, shown: Date): boolean {
  if (!months.has(shown.getUTCMonth() + 1)) return false;
  if (days === undefined && weekdays === undefined) return true;
  const last = new Date(Date.UTC(shown.getUTCFullYear(), shown.getUTCMonth() + 1, 0)).getUTCDate();
  const date = { day: shown.getUTCDate(), weekday: shown.getUTCDay() + 1, last };
  return [...(days ?? []), ...(weekdays ?? [])].some((test) => test(date));
}
