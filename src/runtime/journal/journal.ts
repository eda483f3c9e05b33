import type { RunEvent } from '../../program/run-event.ts';

/**
 * Where a run's events are kept. Who announces events (a stream, a reporter) does so after `append` is done with them, so that nobody ever
 * hears of something that a crash can undo (DESIGN §3, rule 1).
 */
export interface Journal {
  /**
   * Writes the group wholly or not at all, after every group before it. Done when it returns, or when its promise resolves. A journal may also use the
   * promise to let the host breathe; the engine then waits before its next step.
   *
   * The group is redacted. `raw` are those of its events that redaction changed, as they really are: a resumed run needs them. No journal keeps them but under seal.
   */
  append(group: readonly RunEvent[], raw: readonly RunEvent[]): void | Promise<void>;
  /** Calls `write` once within a few milliseconds, so that events do not wait for a slow agent to end. Absent: they wait for the next effect or the end. */
  soon?(write: () => void): void;
}
