import { parseDuration } from '../../program/duration.ts';
import { parseTime } from '../../program/time.ts';
import { UsageProblem } from '../usage-problem.ts';

/**
 * Epoch ms of what an option like `--since` takes: a duration (`2h`, `7d`: so long before `now`) or a time (`2026-11-21`, `2026-11-21T16:00Z`; UTC where it says nothing else).
 * @throws UsageProblem for a text that is neither.
 */
export function readMoment(option: string, text: string, now: number): number {
  const time = parseTime(text);
  if (time !== undefined) return time;
  const ms = /^\d+$/.test(text) ? undefined : parseDuration(text);
  if (ms !== undefined) return now - ms;
  throw new UsageProblem(`${option} takes a duration (30m, 2h, 7d: so long ago) or a time (2026-11-21, 2026-11-21T16:00Z), not "${text}"`);
}

/**
 * Milliseconds of an option that takes a duration.
 * @throws UsageProblem for a text that is none.
 */
export function readSpan(option: string, text: string): number {
  const ms = /^\d+$/.test(text) && text !== '0' ? undefined : parseDuration(text);
  if (ms !== undefined) return ms;
  throw new UsageProblem(`${option} takes a duration (90s, 10m, 2h, 30d), not "${text}"`);
}
