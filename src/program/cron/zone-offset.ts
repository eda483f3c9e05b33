const formats = new Map<string, Intl.DateTimeFormat>();

/** How many ms the clocks of a time zone (an IANA name) are ahead of UTC at a time. */
export function zoneOffset(timezone: string, atMs: number): number {
  let format = formats.get(timezone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', { timeZone: timezone, timeZoneName: 'longOffset' });
    formats.set(timezone, format);
  }
  const name = format.formatToParts(atMs).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign, hours, minutes, seconds] = /GMT([+-])(\d\d):(\d\d)(?::(\d\d))?/.exec(name) ?? [];
  if (sign === undefined) return 0;
  const ms = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds ?? 0)) * 1000;
  return sign === '-' ? -ms : ms;
}

const FROM_YEAR = 2025;
const UNTIL_YEAR = 2040;
const STEP_MS = 7 * 86_400_000;

/** All that `zoneOffset` gives from 2025 to 2040, smallest first. The same for each build: nothing here asks for the time. */
export function zoneOffsets(timezone: string): readonly number[] {
  const offsets = new Set<number>();
  for (let at = Date.UTC(FROM_YEAR, 0); at < Date.UTC(UNTIL_YEAR, 0); at += STEP_MS) offsets.add(zoneOffset(timezone, at));
  return [...offsets].toSorted((a, b) => a - b);
}
