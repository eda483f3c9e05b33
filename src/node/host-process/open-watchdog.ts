import { readRss } from './read-rss.ts';
import type { CreateGuard, RuntimeGuard } from './runtime-guard.ts';
import { LOOK_EVERY_MS, Watchdog } from './watchdog.ts';

/** A watchdog that looks by itself until it is closed. */
export const openWatchdog: CreateGuard = (runtime): RuntimeGuard => {
  const watchdog = new Watchdog(runtime, { now: () => performance.now(), readRss });
  const timer = setInterval(() => watchdog.look(), LOOK_EVERY_MS);
  timer.unref();
  return {
    onRuntimeLine: (line) => watchdog.onRuntimeLine(line),
    onStart: (pid) => watchdog.onStart(pid),
    onExit: (pid) => watchdog.onExit(pid),
    variables: () => watchdog.variables(),
    close: () => clearInterval(timer),
  };
};
