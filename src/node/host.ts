import type { Program } from '../program/program.ts';
import type { RunEvent } from '../program/run-event.ts';
import type { RunRequest } from '../program/run-request.ts';

/**
 * Where runs live. Today one in-process Miniflare that holds the data folder's lock; issue 5 puts a shared process behind the same interface.
 */
export interface Host {
  /** Starts a run and yields its events, each already in its journal; ends after `run.finished` or `run.waiting`. */
  run(program: Program, request: RunRequest): AsyncIterable<RunEvent>;
  /** Asks the run to stop; its `run.finished` with status `cancelled` comes through `run`'s events. */
  cancel(run: string, reason: string): Promise<void>;
  close(): Promise<void>;
}
