/** The last time that a Date can hold, epoch ms. */
const LAST_TIME = 8.64e15;
/** Numbers below are no epoch ms that anyone means (they lie before March 1973), but seconds, or a year. */
const FIRST_NUMBER = 1e11;
/** ISO 8601: a day, or a day and a time; a time without an offset is UTC, as a day alone is. */
const ISO_TIME = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/i;
const DAY_LENGTH = 'YYYY-MM-DD'.length;

/**
 * Epoch ms of a time as `wait` takes it in `until` (LANGUAGE §5): a number is epoch ms, and so is a text of digits; 0 is
 * long over. Other texts are ISO 8601. Undefined when it is none, or beyond what a Date holds.
 */
export function parseTime(value: string | number): number | undefined {
  const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  if (typeof number === 'number') return number === 0 || (number >= FIRST_NUMBER && number <= LAST_TIME) ? Math.round(number) : undefined;
  const found = ISO_TIME.exec(number.trim());
  if (found === null) return undefined;
  const [text, offset] = found;
  const time = Date.parse(text.replace(' ', 'T') + (text.length > DAY_LENGTH && offset === undefined ? 'Z' : ''));
  return Number.isNaN(time) ? undefined : time;
}
