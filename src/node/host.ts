import type { AnswerOutcome, ApprovalAnswer } from '../program/approval.ts';
import type { Program } from '../program/program.ts';
import type { RunEvent } from '../program/run-event.ts';
import type { RunRequest } from '../program/run-request.ts';

/** A run as its journal has it. */
export interface RecordedRun {
  /** What it was started with; absent when an earlier version of Ensemble compiled it. */
  readonly program?: Program;
  /** From the first event to the last that is written now. */
  readonly events: AsyncIterable<RunEvent>;
}

/**
 * Where runs live. Today one in-process Miniflare that holds the data folder's lock; issue 5 puts a shared process behind the same interface.
 */
export interface Host {
  /** Starts a run and yields its events, each already in its journal; ends after `run.finished`. */
  run(program: Program, request: RunRequest): AsyncIterable<RunEvent>;
  /** Asks the run to stop; its `run.finished` with status `cancelled` comes through `run`'s events. */
  cancel(run: string, reason: string): Promise<void>;
  /** What is recorded of a run, whether it is over or not; undefined when this data folder has none of that id. */
  readRun(run: string): Promise<RecordedRun | undefined>;
  /** Answers what an agent of the run asks (`run.waiting` with reason `approval`). */
  answer(run: string, agent: string, answer: ApprovalAnswer): Promise<AnswerOutcome>;
  close(): Promise<void>;
}
