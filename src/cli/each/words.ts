import { formatDuration } from '../terminal/format-duration.ts';
import type { Tally } from './tally.ts';

/** `1,204` */
export const count = (number: number): string => number.toLocaleString('en-US');

/** `1 row`, `1,204 rows` */
export const rows = (number: number): string => `${count(number)} ${number === 1 ? 'row' : 'rows'}`;

/** How far a batch is: `1,204 of 10,000 rows`, `12 failed`, `85 a second`, `1 m 43 s left`. */
export function progressFacts(tally: Tally, now: number): string[] {
  const { total, over, skipped, ended } = tally;
  const rate = tally.rate(now);
  const leftMs = tally.leftMs(now);
  return [
    total === undefined ? rows(over) : `${count(over)} of ${rows(total)}`,
    ...(skipped === 0 ? [] : [`${count(skipped)} done before`]),
    ...(ended.failed === 0 ? [] : [`${count(ended.failed)} failed`]),
    ...(ended.waiting === 0 ? [] : [`${count(ended.waiting)} waiting`]),
    ...(ended.cancelled === 0 ? [] : [`${count(ended.cancelled)} cancelled`]),
    ...(rate === 0 ? [] : [`${rate >= 10 ? count(Math.round(rate)) : rate.toFixed(1)} a second`]),
    ...(leftMs === undefined || over === total ? [] : [`${formatDuration(leftMs)} left`]),
  ];
}
