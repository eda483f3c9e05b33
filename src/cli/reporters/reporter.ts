import type { RunEvent } from '../../program/run-event.ts';

/** Shows a run while it goes on. One file each; `index.ts` says which one a command line gets. */
export interface Reporter {
  /** Something of the host's, before or between events: waiting for the data folder, migrations applied. */
  notice(text: string): void;
  /** Events arrive in order, each once. */
  event(event: RunEvent): void;
  /**
   * Writes nothing more until the returned function is called, because a person is being asked something; what happens meanwhile is shown then. Absent where
   * nothing is written that could stand in the way.
   */
  hold?(): () => void;
  /** Nothing more will come: leaves the terminal as a plain log. */
  close(): void;
}
