import type { RunEvent } from '../../program/run-event.ts';

/**
 * Where a run's events are kept. Who announces events (a stream, a reporter) does so after `append` is done with them, so that nobody ever
 * hears of something that a crash can undo (DESIGN §3, rule 1).
 */
export interface Journal {
  /**
   * Writes the group wholly or not at all, after every group before it. Done when it returns, or when its promise resolves. A journal may also use the
   * promise to let the host breathe; the engine then waits before its next step.
   */
  append(group: readonly RunEvent[]): void | Promise<void>;
  /** Calls `write` once within a few milliseconds, so that events do not wait for a slow agent to end. Absent: they wait for the next effect or the end. */
  soon?(write: () => void): void;
}
