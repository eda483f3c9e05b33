import type { CodeLog } from '../runtime/ports.ts';
import type { HarnessPort } from './code-harness/protocol.ts';

/** Most bodies are over by then and cost nothing more. */
const FIRST_AFTER_MS = 150;
const EVERY_MS = 250;

export interface LogFollower {
  /** Resolves when nothing more will come: what was asked for last has been handed on. */
  stop(): Promise<void>;
}

/** Hands on what a call logs while it runs, in pieces: so that whoever watches a long body sees how far it is. An aborted call is not asked any more. */
export function followLogs(
  isolate: Pick<HarnessPort, 'takeLogs'>,
  id: string,
  signal: AbortSignal,
  onLogs: (logs: readonly CodeLog[]) => void,
): LogFollower {
  let stopped = false;
  let asking: Promise<void> | undefined;
  const ask = async (): Promise<void> => {
    try {
      const logs = JSON.parse(await isolate.takeLogs(id)) as readonly CodeLog[];
      if (logs.length > 0) onLogs(logs);
    } catch {
      // The isolate is gone: the call itself says why.
    }
    if (!stopped && !signal.aborted) timer = setTimeout(next, EVERY_MS);
  };
  const next = (): void => {
    if (!signal.aborted) asking = ask();
  };
  let timer = setTimeout(next, FIRST_AFTER_MS);
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await asking;
    },
  };
}
