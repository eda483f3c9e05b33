import type { Miniflare as MiniflareInstance } from 'miniflare';
import { HEAP_MIB } from './host-process/watchdog-limits.ts';
import { buildMiniflareOptions, type LocalWorker } from './miniflare-options.ts';

/**
 * Starts a Worker in Miniflare. The one place that loads it (0.2–0.4 s), and only when called.
 * Miniflare ends the process on SIGINT and SIGTERM by itself; those handlers are taken away, since a signal first cancels the run. Its handler of `exit`, which ends workerd, stays.
 */
export async function openMiniflare(worker: LocalWorker): Promise<MiniflareInstance> {
  const { Log, LogLevel, Miniflare } = await import('miniflare');
  const signals = ['SIGINT', 'SIGTERM'] as const;
  const before = new Map(signals.map((signal) => [signal, process.listeners(signal)]));
  // Miniflare (4.20260730) takes V8's flags from nowhere else, at each start of workerd.
  process.env['MINIFLARE_WORKERD_V8_FLAGS'] ??= `--max-old-space-size=${HEAP_MIB}`;
  const { onEmulatorLine } = worker;
  const log = new Log(onEmulatorLine === undefined ? LogLevel.NONE : LogLevel.INFO);
  if (onEmulatorLine !== undefined) Object.assign(log, { log: (line: string) => onEmulatorLine(line) });
  const miniflare = new Miniflare({ ...buildMiniflareOptions(worker), log });
  for (const signal of signals) {
    for (const listener of process.listeners(signal)) {
      if (before.get(signal)?.includes(listener) !== true) process.removeListener(signal, listener);
    }
  }
  return miniflare;
}
