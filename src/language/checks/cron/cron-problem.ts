import { CronPattern } from 'croner';
import { readCron } from '../../../program/cron/cron-fields.ts';

/** What is wrong with a cron expression, and the stretch of it. */
export interface CronProblem {
  readonly start: number;
  readonly end: number;
  /** Completes "the cron expression …". */
  readonly what: string;
  readonly help: string;
}

interface Field {
  readonly name: string;
  readonly takes: string;
  /** What Cloudflare takes besides what croner does (https://github.com/cloudflare/saffron). */
  readonly also?: RegExp;
}

const FIELDS: readonly Field[] = [
  { name: 'minute', takes: 'minutes go from 0 to 59' },
  { name: 'hour', takes: 'hours go from 0 to 23' },
  {
    name: 'day',
    takes: 'days go from 1 to 31; `L` is the last one, `15W` the working day nearest to the 15th',
    also: /^L-(?:[1-9]|[12]\d|30)W?$/i,
  },
  { name: 'month', takes: 'months go from 1 to 12, or from JAN to DEC' },
  {
    name: 'weekday',
    takes: 'weekdays go from SUN to SAT (1 to 7); `FRIL` is the last Friday of the month, `MON#2` the second Monday',
    also: /^L$/i,
  },
];
const ORDER = 'the five fields are minute, hour, day, month and weekday, such as `30 9 * * MON-FRI`';

const NICKNAMES: ReadonlyMap<string, string> = new Map([
  ['@yearly', '0 0 1 1 *'],
  ['@annually', '0 0 1 1 *'],
  ['@monthly', '0 0 1 * *'],
  ['@weekly', '0 0 * * SUN'],
  ['@daily', '0 0 * * *'],
  ['@midnight', '0 0 * * *'],
  ['@hourly', '0 * * * *'],
]);

/** Longer than five fields that list each of their values. */
const MAX_LENGTH = 1_000;

/** A field of a cron expression, and where it stands. */
export interface CronField {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** What white space parts. */
export function readCronFields(text: string): readonly CronField[] {
  return [...text.matchAll(/\S+/g)].map((match) => ({ text: match[0], start: match.index, end: match.index + match[0].length }));
}

/** The first problem of a cron expression of five fields, as Cloudflare's cron triggers take it; undefined when there is none. */
export function findCronProblem(text: string): CronProblem | undefined {
  const whole = { start: 0, end: text.length };
  if (text.length > MAX_LENGTH) return { ...whole, what: `is longer than ${MAX_LENGTH} characters`, help: ORDER };
  const fields = readCronFields(text);
  if (fields.length !== FIELDS.length) {
    const nickname = NICKNAMES.get(text.trim().toLowerCase());
    const what = fields.length === 0 ? 'is empty' : `has ${fields.length} field${fields.length === 1 ? '' : 's'} in place of five`;
    const seconds = fields.length === 6 ? `there are no seconds; ${ORDER}` : ORDER;
    return { ...whole, what, help: nickname === undefined ? seconds : `write \`${nickname}\`` };
  }
  const pattern = parseCron(text);
  const isRead = readCron(text) !== undefined;
  for (const [index, { name, takes, also }] of pattern && isRead ? [] : FIELDS.entries()) {
    const field = fields[index];
    if (field === undefined || (isValid(field.text, index, also) && isReadAlone(field.text, index))) continue;
    return { start: field.start, end: field.end, what: `has \`${field.text}\` as ${name}`, help: takes };
  }
  if (pattern === undefined || !neverComes(pattern)) return undefined;
  return {
    start: fields[2]?.start ?? 0,
    end: fields[3]?.end ?? text.length,
    what: 'names a day that never comes',
    help: 'no such month has that many days',
  };
}

/** Each item of the list alone; a range may run over the end (`22-2`, `FRI-MON`), which croner does not take. */
function isValid(field: string, index: number, also: RegExp | undefined): boolean {
  return field.split(',').every((item) => {
    if (also?.test(item) || isPart(item, index)) return true;
    const [, from, to, step] = /^(\w+)-(\w+)(?:\/(\d+))?$/.exec(item) ?? [];
    return [from, to, step === undefined ? '*' : `*/${step}`].every((part) => part !== undefined && isPart(part, index));
  });
}

/** croner passes over some slips (`/5`, `007`), and takes 0 for Sunday: what a deployed Worker would not read must not pass here. */
function isReadAlone(field: string, index: number): boolean {
  return readCron(FIELDS.map((_, at) => (at === index ? field : '*')).join(' ')) !== undefined;
}

/** What `isPart` found; the parts of all crons in the world are few. */
const knownParts = new Map<string, boolean>();
const MAX_KNOWN_PARTS = 1_000;

function isPart(part: string, index: number): boolean {
  const pattern = FIELDS.map((_, at) => (at === index ? part : '*')).join(' ');
  const valid = knownParts.get(pattern) ?? parseCron(pattern) !== undefined;
  if (knownParts.size < MAX_KNOWN_PARTS) knownParts.set(pattern, valid);
  return valid;
}

function parseCron(pattern: string): CronPattern | undefined {
  try {
    return new CronPattern(pattern, undefined, { mode: '5-part', sloppyRanges: true });
  } catch {
    return undefined;
  }
}

/** Of January to December, in a leap year. */
const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether none of the months has any of the days, and nothing but the days counts. */
function neverComes({ day, month, starDOW, lastDayOfMonth, lastWeekday, nearestWeekdays }: CronPattern): boolean {
  if (!starDOW || lastDayOfMonth || lastWeekday || nearestWeekdays.includes(1)) return false;
  return !DAYS.some((days, index) => month[index] === 1 && day.slice(0, days).includes(1));
}
