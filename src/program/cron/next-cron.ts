import type { CronTriggerPlan } from '../trigger.ts';
import { hasDay, isDue, MINUTE_MS } from './cron-due.ts';
import { readCron } from './cron-fields.ts';
import { zoneOffset, zoneOffsets } from './zone-offset.ts';

const DAY_MS = 86_400_000;
/** The 29th of February comes every four years, and every eight around 2100. */
const LONGEST_WAIT_DAYS = 8 * 366;

/** When a cron trigger fires next after `afterMs`, in epoch ms; undefined when it never does. */
export function nextCron({ cron, timezone }: Pick<CronTriggerPlan, 'cron' | 'timezone'>, afterMs: number): number | undefined {
  const fields = readCron(cron);
  if (fields === undefined) return undefined;
  const offsets = zoneOffsets(timezone);
  const times = [...fields.hours].flatMap((hour) => [...fields.minutes].map((minute) => (hour * 60 + minute) * MINUTE_MS));
  // Of the clocks of the time zone, as if they showed UTC. What they skip on the day before may fire on this one.
  const today = Math.floor((afterMs + zoneOffset(timezone, afterMs)) / DAY_MS) * DAY_MS;
  for (let day = today - DAY_MS; day < today + LONGEST_WAIT_DAYS * DAY_MS; day += DAY_MS) {
    if (!hasDay(fields, new Date(day))) continue;
    const candidates = times.flatMap((time) => offsets.map((offset) => day + time - offset)).filter((at) => at > afterMs);
    const found = candidates.toSorted((a, b) => a - b).find((at) => isDue(fields, timezone, at));
    if (found !== undefined) return found;
  }
  return undefined;
}
