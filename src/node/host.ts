import type { HostCallName, HostCalls } from '../program/host-calls.ts';
import type { Program } from '../program/program.ts';
import type { RunEvent } from '../program/run-event.ts';
import type { RunRequest } from '../program/run-request.ts';

export interface FollowOptions {
  /** The `seq` of the first event. Default 0. */
  readonly from?: number;
  /** Goes on with what comes, until `run.finished`; otherwise it ends with the last event that is written now. */
  readonly follow?: boolean;
}

/** Where runs live: one process a data folder (DESIGN §4), this one or one that all commands share. */
export interface Host {
  /** Of the deployed Worker that is asked; undefined for a host on this machine, whose runs are those of a project here. */
  readonly origin?: string;
  /** What a command line needs besides to mean this host, as the one does that opened it; undefined when it needs nothing. */
  readonly flags?: string;
  /** Starts a run and yields its events, each already in its journal; ends after `run.finished`. Who stops reading leaves the run alone. */
  run(program: Program, request: RunRequest): AsyncIterable<RunEvent>;
  /** One of the questions that every host answers. Throws `HostError` when it cannot be asked. */
  call<Name extends HostCallName>(name: Name, ask: HostCalls[Name]['ask']): Promise<HostCalls[Name]['reply']>;
  /** What is in the journal of a run; undefined when this data folder has none of that id. */
  events(run: string, options?: FollowOptions): Promise<AsyncIterable<RunEvent> | undefined>;
  /** What the run was started with, or goes on with; undefined when there is no such run, or an earlier version of Ensemble compiled it. */
  readProgram(run: string): Promise<Program | undefined>;
  close(): Promise<void>;
}
