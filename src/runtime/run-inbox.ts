import type { AnswerOutcome, ApprovalAnswer } from '../program/approval.ts';
import type { JsonValue } from '../program/json.ts';
import type { EventBody } from '../program/run-event.ts';
import { onAbort } from './on-abort.ts';
import { OpenQuestions } from './open-questions.ts';
import { OpenSignals } from './open-signals.ts';
import type { AnswersPort, SignalsPort } from './ports.ts';

/** Where the inbox writes what comes in. */
export interface InboxLog {
  add(...bodies: readonly EventBody[]): void;
  flush(): Promise<void> | undefined;
}

/**
 * What people and other programs send to a run while it is at work: answers, signals, and that it is to pause. The host makes one for each life of a run, gives it to `runProgram`, and calls it
 * when something comes. Each is in the journal before anything follows from it, and once a promise of this class has settled a crash does not undo it. A resumed run knows from its record what
 * had come in.
 *
 * It is also the run's `ports.answers` and `ports.signals`.
 */
export class RunInbox {
  readonly #questions = new OpenQuestions();
  readonly #signals = new OpenSignals();
  #log: InboxLog | undefined;
  #paused: { readonly reason?: string } | undefined;
  /** Of a run that is being stopped: what cleans up does not wait for anybody. */
  #isLifted = false;
  readonly #waiting = new Set<() => void>();

  get answers(): AnswersPort {
    return this.#questions;
  }

  get signals(): SignalsPort {
    return this.#signals;
  }

  /** The engine calls it when it begins, before anything else. */
  open(log: InboxLog, recorded: readonly EventBody[]): void {
    for (const event of recorded) {
      this.#questions.recall(event);
      this.#signals.recall(event);
      if (event.type === 'run.paused') this.#paused = event.reason === undefined ? {} : { reason: event.reason };
      if (event.type === 'run.continued') this.#paused = undefined;
    }
    this.#log = log;
  }

  /** The engine calls it when the run is over: nobody waits any more. */
  close(): void {
    this.#log = undefined;
  }

  /** Hands the answer to the agent that waits for it. Who answers is compared with `approvers` letter by letter. */
  async answer(agent: string, answer: ApprovalAnswer): Promise<AnswerOutcome> {
    if (this.#log === undefined) return { type: 'unknown' };
    const outcome = this.#questions.check(agent, answer);
    if (outcome.type !== 'taken') return outcome;
    const written = this.#post({ type: 'run.answered', agent, ...answer });
    this.#questions.answer(agent, answer);
    await written;
    return outcome;
  }

  /** Gives the signal to whoever waits longest for that name, or keeps it. False when the run is over. */
  async signal(name: string, data?: JsonValue): Promise<boolean> {
    if (this.#log === undefined) return false;
    const agent = this.#signals.taker(name);
    const written = this.#post({
      type: 'run.signalled',
      name,
      ...(data === undefined ? {} : { data }),
      ...(agent === undefined ? {} : { agent }),
    });
    this.#signals.give(name, data);
    await written;
    return true;
  }

  /** The agent that a signal of that name would go to now. */
  takerOf(name: string): string | undefined {
    return this.#signals.taker(name);
  }

  /** From now on no agent begins. False when the run is over; one that is paused stays it. */
  async pause(reason?: string): Promise<boolean> {
    if (this.#log === undefined) return false;
    if (this.#paused !== undefined) return true;
    this.#paused = reason === undefined ? {} : { reason };
    await this.#post({ type: 'run.paused', ...this.#paused });
    return true;
  }

  /** Lets agents begin again. False when the run is over. */
  async continue(): Promise<boolean> {
    if (this.#log === undefined) return false;
    if (this.#paused === undefined) return true;
    this.#paused = undefined;
    await this.#post({ type: 'run.continued' });
    this.#letGo();
    return true;
  }

  get isPaused(): boolean {
    return this.#paused !== undefined && !this.#isLifted;
  }

  /** The run is being stopped: what ends and undoes it is not held up by a pause. */
  lift(): void {
    this.#isLifted = true;
    this.#letGo();
  }

  /** Resolves once agents may begin; rejects with the signal's reason when that fires first. */
  whenContinued(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason);
        return;
      }
      const go = (): void => {
        forget();
        this.#waiting.delete(go);
        resolve();
      };
      const forget = onAbort(signal, () => {
        this.#waiting.delete(go);
        reject(signal.reason);
      });
      this.#waiting.add(go);
    });
  }

  #letGo(): void {
    if (this.isPaused) return;
    for (const go of [...this.#waiting]) go();
  }

  /** Whoever goes on with it meanwhile writes, and acts, only after it. */
  async #post(event: EventBody): Promise<void> {
    this.#log?.add(event);
    await this.#log?.flush();
  }
}
