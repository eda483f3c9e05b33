/** A cron expression of five fields, read as Cloudflare reads it (https://github.com/cloudflare/saffron): 1 is Sunday, ranges may run over the end (`FRI-MON`). */
export interface CronFields {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  /** The hours are not named one by one (`*`, every second one): the hour that a clock shows twice counts twice. */
  readonly anyHour: boolean;
  readonly months: ReadonlySet<number>;
  /** Undefined: any. When days and weekdays are both restricted, one of the two is enough. */
  readonly days: readonly DayTest[] | undefined;
  readonly weekdays: readonly DayTest[] | undefined;
}

/** A day of some month. */
export interface CalendarDay {
  /** From 1. */
  readonly day: number;
  /** 1 is Sunday. */
  readonly weekday: number;
  /** The last day of its month. */
  readonly last: number;
}
export type DayTest = (date: CalendarDay) => boolean;

interface Range {
  readonly min: number;
  readonly max: number;
  /** The name of `min` first. */
  readonly names?: readonly string[];
}

const MINUTE: Range = { min: 0, max: 59 };
const HOUR: Range = { min: 0, max: 23 };
const DAY: Range = { min: 1, max: 31 };
const MONTH: Range = { min: 1, max: 12, names: ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'] };
const WEEKDAY: Range = { min: 1, max: 7, names: ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'] };

/** Undefined for what is no cron expression (`invalid-cron` says what is wrong with it). */
export function readCron(text: string): CronFields | undefined {
  const fields = text.trim().split(/\s+/);
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = fields;
  const minutes = readValues(minute, MINUTE);
  const hours = readValues(hour, HOUR);
  const months = readValues(month, MONTH);
  const days = isAny(day) ? [] : readDays(day, readDay);
  const weekdays = isAny(weekday) ? [] : readDays(weekday, readWeekday);
  if (fields.length !== 5 || !minutes || !hours || !months || !days || !weekdays) return undefined;
  return {
    ...{ minutes, hours, months, anyHour: /^[*?]/.test(hour) },
    days: isAny(day) ? undefined : days,
    weekdays: isAny(weekday) ? undefined : weekdays,
  };
}

function isAny(field: string): boolean {
  return field === '*' || field === '?';
}

function readValues(field: string, range: Range): ReadonlySet<number> | undefined {
  const items = field.split(',').map((item) => readItem(item, range));
  return items.every((item) => item !== undefined) ? new Set(items.flat()) : undefined;
}

/** The values of `*`, `5`, `2-8` and `22-2`, each also with a step: `*` by 15, from 5 on by 10. */
function readItem(item: string, range: Range): readonly number[] | undefined {
  const [, base = '', until, stepText] = /^(\*|\?|\w+)(?:-(\w+))?(?:\/(\d+))?$/.exec(item) ?? [];
  const any = isAny(base);
  const from = any ? range.min : readValue(base, range);
  const open = any || (until === undefined && stepText !== undefined);
  const to = until === undefined ? (open ? range.max : from) : readValue(until, range);
  const step = stepText === undefined ? 1 : Number(stepText);
  if (from === undefined || to === undefined || step === 0 || (any && until !== undefined)) return undefined;
  const size = range.max - range.min + 1;
  const length = to >= from ? to - from : to - from + size;
  const values: number[] = [];
  for (let offset = 0; offset <= length; offset += step) values.push(range.min + ((from - range.min + offset) % size));
  return values;
}

function readValue(text: string, { min, max, names }: Range): number | undefined {
  const named = names?.indexOf(text.toUpperCase()) ?? -1;
  if (named !== -1) return min + named;
  const value = /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN;
  return value >= min && value <= max ? value : undefined;
}

function readDays(field: string, read: (item: string) => DayTest | undefined): readonly DayTest[] | undefined {
  const tests = field.split(',').map(read);
  return tests.every((test) => test !== undefined) ? tests : undefined;
}

/** `L` the last day, `L-3` three days before it, `15W` the working day nearest to the 15th. */
function readDay(item: string): DayTest | undefined {
  const [, before, near] = /^L(?:-(\d{1,2}))?(W?)$/i.exec(item) ?? [];
  if (near !== undefined) {
    const back = Number(before ?? 0);
    return near === '' ? ({ day, last }) => day === last - back : (date) => date.day === nearestWorkday(date.last - back, date);
  }
  const [, of] = /^(\d{1,2})W$/i.exec(item) ?? [];
  if (of !== undefined) return (date) => date.day === nearestWorkday(Number(of), date);
  const values = readValues(item, DAY);
  return values && (({ day }) => values.has(day));
}

/** The working day nearest to a day of the month in which `date` lies; it stays in that month. */
function nearestWorkday(target: number, { day, weekday, last }: CalendarDay): number {
  if (target < 1 || target > last) return Number.NaN;
  const targetWeekday = ((((weekday - 1 + target - day) % 7) + 7) % 7) + 1;
  if (targetWeekday === 7) return target === 1 ? 3 : target - 1;
  if (targetWeekday === 1) return target === last ? last - 2 : target + 1;
  return target;
}

/** `FRIL` the last Friday of the month, `MON#2` the second Monday; `L` alone is Saturday. */
function readWeekday(item: string): DayTest | undefined {
  if (/^L$/i.test(item)) return ({ weekday }) => weekday === 7;
  const [, name = '', end, count] = /^(\w+?)(?:(L)|#([1-5]))$/i.exec(item) ?? [];
  if (end !== undefined || count !== undefined) {
    const wanted = readValue(name, WEEKDAY);
    if (wanted === undefined) return undefined;
    const fits: DayTest = end === undefined ? ({ day }) => Math.ceil(day / 7) === Number(count) : ({ day, last }) => day > last - 7;
    return (date) => date.weekday === wanted && fits(date);
  }
  const values = readValues(item, WEEKDAY);
  return values && (({ weekday }) => values.has(weekday));
}
