import { harmlessLine } from '../terminal/harmless.ts';

interface Writer {
  readonly run?: string;
  readonly agent?: string;
  readonly attempt?: number;
}

/** `2026-11-21 16:04:05Z` */
export function formatTime(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')}Z`;
}

/** `count of 01m7z5cdz229wsr8855hbdka21, attempt 2`; `state set` for what was done by hand; empty when nobody knows. */
export function describeWriter({ run, agent, attempt }: Writer): string {
  if (run === undefined || agent === undefined) return '';
  if (run === BY_HAND) return harmlessLine(agent);
  const which = attempt === undefined || attempt === 1 ? '' : `, attempt ${attempt}`;
  return `${harmlessLine(agent)} of ${harmlessLine(run)}${which}`;
}

/** What stands in the history in place of a run for what people did. */
const BY_HAND = 'cli';

/** `1 key`, `3 keys` */
export function countKeys(count: number): string {
  return `${count} ${count === 1 ? 'key' : 'keys'}`;
}
