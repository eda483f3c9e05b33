import type { RunEvent } from '../../program/run-event.ts';

/** Shows a run while it goes on. One file each; `index.ts` says which one a command line gets. */
export interface Reporter {
  /** Something of the host's, before or between events: waiting for the data folder, migrations applied. */
  notice(text: string): void;
  /** Events arrive in order, each once. */
  event(event: RunEvent): void;
  /** Nothing more will come: leaves the terminal as a plain log. */
  close(): void;
}
