import type { Failure } from '../program/failure.ts';
import type { Program } from '../program/program.ts';
import type { RunEvent } from '../program/run-event.ts';
import type { RunRequest } from '../program/run-request.ts';
import type { Secret } from '../program/secret.ts';
import { runProgram } from '../runtime/engine/run-program.ts';
import type { Journal } from '../runtime/journal/journal.ts';
import type { Ports } from '../runtime/ports.ts';
import { RunInbox } from '../runtime/run-inbox.ts';

/** What comes to a run: the calls of `RunInbox`. */
export type LoopInbox = Pick<RunInbox, 'answer' | 'signal' | 'pause' | 'continue'>;

/** An engine at work on one run, here or elsewhere, and what can be asked of it meanwhile. */
export interface RunnerOfRun {
  readonly program: Program;
  readonly inbox: LoopInbox;
  /** Settles when nothing of it is at work any more: rejects only when it cannot go on. */
  readonly done: Promise<void>;
  /** The run's own events say how it ends. */
  cancel(reason: string): void;
  /** Stops it where it is: nothing of that can be written, so the journal is closed before. */
  abandon(): Promise<void>;
}

export interface RunLoopOptions {
  readonly program: Program;
  readonly hash: string;
  readonly request: RunRequest;
  readonly ports: Ports;
  readonly journal: Journal;
  /** What is in the journal already. */
  readonly recorded?: readonly RunEvent[];
  /** Variables that were secret while it was written. */
  readonly secretsBefore?: readonly Secret[];
  /** By the path of the agent whose attempt was cut short. */
  readonly verdicts?: ReadonlyMap<string, Failure>;
}

/** The engine at work on one run, and what can be asked of it meanwhile. */
export class RunLoop implements RunnerOfRun {
  readonly program: Program;
  readonly inbox = new RunInbox();
  /** Settles when nothing of it is at work any more: rejects only when the journal could not be written. */
  readonly done: Promise<void>;
  readonly #cancel = new AbortController();

  constructor({ program, hash, request, recorded, ...options }: RunLoopOptions) {
    this.program = program;
    const { run, input, trigger } = request;
    const isReplaced = recorded !== undefined && programOf(recorded) !== hash;
    const { inbox } = this;
    const { signal } = this.#cancel;
    this.done = runProgram({ ...options, program, programHash: hash, run, input, trigger, inbox, recorded, isReplaced, signal }).then(
      () => undefined,
    );
  }

  /** Its own events say how it ends. */
  cancel(reason: string): void {
    this.#cancel.abort(reason);
  }

  /** Stops it where it is: nothing of that can be written, so the journal is closed before. */
  async abandon(): Promise<void> {
    this.#cancel.abort();
    await this.done.catch(() => undefined);
  }
}

/** The hash of the program that wrote the end of the record. */
export function programOf(recorded: readonly RunEvent[]): string | undefined {
  let program: string | undefined;
  for (const event of recorded) {
    if (event.type === 'run.started' || event.type === 'run.resumed') program = event.program ?? program;
  }
  return program;
}
