import type { LogLevel } from '../../program/run-event.ts';
import type { CallLog } from './call-log.ts';

const LEVELS: Readonly<Record<string, LogLevel>> = {
  debug: 'debug',
  trace: 'debug',
  log: 'info',
  info: 'info',
  dir: 'info',
  table: 'info',
  group: 'info',
  groupCollapsed: 'info',
  warn: 'warn',
  error: 'error',
};
const SILENT = ['groupEnd', 'time', 'timeEnd', 'timeLog', 'count', 'countReset', 'clear'] as const;

export type CapturedConsole = Readonly<Record<string, (...values: unknown[]) => void>>;

/** A `console` whose lines go to the log of the call that is running: the one of `context`, and the isolate's global one, for scripts that use that. */
export function buildConsole(current: () => CallLog | undefined): CapturedConsole {
  const console: Record<string, (...values: unknown[]) => void> = {};
  for (const [name, level] of Object.entries(LEVELS)) console[name] = (...values) => current()?.add(level, values);
  for (const name of SILENT) console[name] = () => {};
  console.assert = (holds, ...values) => {
    if (!holds) current()?.add('error', ['Assertion failed:', ...values]);
  };
  return Object.freeze(console);
}
