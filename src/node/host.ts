import type { JsonValue } from '../program/json.ts';
import type { Program } from '../program/program.ts';
import type { RunEvent } from '../program/run-event.ts';

export interface RunRequest {
  /** Chosen by the caller: 26 characters of [0-9a-z], sortable by time. */
  readonly run: string;
  readonly input: JsonValue;
  readonly trigger?: JsonValue;
  /** `--var K=V`: over the configuration's variables, for this run only. */
  readonly vars: Readonly<Record<string, string>>;
  /** Those of `vars` that must be redacted. */
  readonly secretVars: readonly string[];
}

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
