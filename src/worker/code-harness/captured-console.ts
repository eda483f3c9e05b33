import type { LogLevel } from '../../program/run-event.ts';
import { renderLogLine } from './log-text.ts';
import type { HarnessLog } from './protocol.ts';

/** A body that logs in a loop fills neither memory nor journal: what comes after these limits is counted, not kept. */
const MAX_LINES = 10_000;
const MAX_LENGTH = 1024 * 1024;

export interface CapturedConsole {
  readonly console: Readonly<Record<string, (...values: unknown[]) => void>>;
  /** What was logged so far, and how much was left out. */
  logs(): readonly HarnessLog[];
}

const LEVELS: Readonly<Record<string, LogLevel>> = {
  debug: 'debug',
  trace: 'debug',
  log: 'info',
  info: 'info',
  dir: 'info',
  table: 'info',
  group: 'info',
  warn: 'warn',
  error: 'error',
};
const SILENT = ['groupEnd', 'groupCollapsed', 'time', 'timeEnd', 'timeLog', 'count', 'countReset', 'clear'] as const;

/** The `console` of one call: keeps levels and texts for the agent's logs. */
export function captureConsole(): CapturedConsole {
  const kept: HarnessLog[] = [];
  let length = 0;
  let dropped = 0;
  const add = (level: LogLevel, values: readonly unknown[]): void => {
    if (kept.length >= MAX_LINES || length >= MAX_LENGTH) {
      dropped += 1;
      return;
    }
    const text = renderLogLine(values);
    const room = MAX_LENGTH - length;
    const message = text.length <= room ? text : `${text.slice(0, room)}… (${text.length - room} characters left out)`;
    length += message.length;
    kept.push({ level, message });
  };
  const console: Record<string, (...values: unknown[]) => void> = {};
  for (const [name, level] of Object.entries(LEVELS)) console[name] = (...values) => add(level, values);
  for (const name of SILENT) console[name] = () => {};
  console.assert = (holds, ...values) => {
    if (!holds) add('error', ['Assertion failed:', ...values]);
  };
  return {
    console: Object.freeze(console),
    logs: () => (dropped === 0 ? kept : [...kept, { level: 'warn', message: `… and ${dropped} more lines that were not kept` }]),
  };
}
