import { readCron } from './cron/cron-fields.ts';
import { zoneOffsets } from './cron/zone-offset.ts';
import type { CronTriggerPlan } from './trigger.ts';

/**
 * The crons that a cron trigger needs in the wrangler configuration. The platform knows only UTC, so that one of another time zone is asked for at all hours that its time can have there:
 * `0 9 * * MON-FRI` in Europe/Berlin at `0 7,8 * * MON-FRI`. Whether it is due then, `isCronDue` tells.
 */
export function platformCrons({ cron, timezone }: Pick<CronTriggerPlan, 'cron' | 'timezone'>): readonly string[] {
  const fields = readCron(cron);
  const [minuteText = '', hourText = '', ...dayTexts] = cron.trim().split(/\s+/);
  const asWritten = [minuteText, hourText, ...dayTexts].join(' ');
  const offsets = zoneOffsets(timezone).map((ms) => ms / 60_000);
  if (fields === undefined || offsets.every((offset) => offset === 0)) return [asWritten];
  const minutes = new Set<number>();
  const hours = new Set<number>();
  let isSameDay = true;
  for (const hour of fields.hours) {
    for (const minute of fields.minutes) {
      for (const offset of offsets) {
        const time = hour * 60 + minute - offset;
        isSameDay &&= time >= 0 && time < DAY_MINUTES;
        minutes.add((time + DAY_MINUTES) % 60);
        hours.add(Math.floor((time + DAY_MINUTES) / 60) % 24);
      }
    }
  }
  // When the time is on another day in UTC, the handler alone knows whether the day is right.
  const days = isSameDay ? dayTexts : ['*', '*', '*'];
  return [[render(minutes, fields.minutes, minuteText, 60), render(hours, fields.hours, hourText, 24), ...days].join(' ')];
}

const DAY_MINUTES = 24 * 60;

/** As it was written where the values are the same. */
function render(values: ReadonlySet<number>, written: ReadonlySet<number>, text: string, all: number): string {
  if (values.size === all) return '*';
  if (values.size === written.size && [...values].every((value) => written.has(value))) return text;
  return [...values].toSorted((a, b) => a - b).join(',');
}

/** What `scheduled` of the Worker takes in place of a cron, to start the runs of one trigger whatever the time is: `ensemble trigger cron` asks so. No platform's cron looks like that. */
export function forcedCron(ensemble: string, index: number): string {
  return `ensemble:${ensemble}:${index}`;
}
