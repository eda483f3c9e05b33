import type { Failure } from '../program/failure.ts';
import type { Program } from '../program/program.ts';
import type { RunEvent } from '../program/run-event.ts';
import type { RunRequest } from '../program/run-request.ts';
import { runProgram } from '../runtime/engine/run-program.ts';
import type { Journal } from '../runtime/journal/journal.ts';
import { OpenQuestions } from '../runtime/open-questions.ts';
import type { Ports } from '../runtime/ports.ts';

export interface RunLoopOptions {
  readonly program: Program;
  readonly hash: string;
  readonly request: RunRequest;
  readonly ports: Ports;
  readonly journal: Journal;
  /** What is in the journal already. */
  readonly recorded?: readonly RunEvent[];
  /** The run begins paused, or cancelled, for this reason. */
  readonly paused: string | undefined;
  readonly cancelled: string | undefined;
  /** By the path of the agent whose attempt was cut short. */
  readonly verdicts?: ReadonlyMap<string, Failure>;
}

/** The engine at work on one run, and what can be asked of it meanwhile. */
export class RunLoop {
  /** Settles when nothing of it is at work any more: rejects only when the journal could not be written. */
  readonly done: Promise<void>;
  readonly #cancel = new AbortController();
  readonly questions = new OpenQuestions();

  constructor({ program, hash, request, ports, journal, paused, cancelled, ...rest }: RunLoopOptions) {
    if (cancelled !== undefined) this.cancel(cancelled);
    const { run, input, trigger } = request;
    const options = {
      ...rest,
      program,
      programHash: hash,
      run,
      input,
      trigger,
      journal,
      ports: { ...ports, answers: this.questions },
      signal: this.#cancel.signal,
    };
    this.done = runProgram(options).then(() => undefined);
  }

  cancel(reason: string): void {
    this.#cancel.abort(reason);
  }

  /** Stops it where it is: nothing of that is written, so the journal must be closed before. */
  async abandon(): Promise<void> {
    this.#cancel.abort();
    await this.done.catch(() => undefined);
  }
}
