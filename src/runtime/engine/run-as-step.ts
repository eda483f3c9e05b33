import type { JsonValue } from '../../program/json.ts';
import type { Usage } from '../../program/run-event.ts';
import { failure } from '../failure.ts';
import { onAbort } from '../on-abort.ts';
import type { StepsPort, StepTry } from '../ports.ts';
import { usageSince } from './add-usage.ts';
import type { AgentFrame } from './agent-frame.ts';
import type { AttemptsEnd, Pause } from './run-attempts.ts';

/**
 * Makes the tries of an agent as one step of the host. `work` is the engine's own loop over them, which the host drives: a pause hands the turn back to the host, whose next call ends it. So what
 * is journalled, and when, is the same as without a host that does so.
 *
 * After a crash the host may have the end of a step of which the journal knows nothing: it is taken from there, and nothing is done again. `used` is counted already.
 */
export async function runAsStep(
  steps: StepsPort,
  frame: AgentFrame,
  used: Usage | undefined,
  work: (pause: Pause) => Promise<AttemptsEnd>,
  ownPause: Pause,
): Promise<AttemptsEnd> {
  const { start, step, context, progress } = frame;
  const { run, signal } = context;
  signal.throwIfAborted();
  const turns = new Turns(frame, work);
  const options = { maxAttempts: step.retry?.maxAttempts ?? 1, timeoutMs: step.timeoutMs };
  const forget = onAbort(signal, () => turns.giveUp(signal.reason));
  let end: JsonValue;
  try {
    // The host's word is awaited too: only then is the end kept.
    end = await Promise.race([steps.tries(start, options, () => turns.next()), turns.stopped]);
  } catch (error) {
    if (turns.isStopped) throw error;
    if (turns.end !== undefined && !turns.end.ok) return turns.end;
    // The limit of steps may be what the run failed of: what it did is undone all the same.
    if (frame.undoes !== undefined && !turns.hasBegun) return work(ownPause);
    const why = error instanceof Error ? error.message : String(error);
    const given = failure('WORKFLOW', `Cloudflare Workflows gave up the step of this agent: ${run.redactor.text(why)}`);
    return { attempts: progress.attempts, ok: false, failure: given.failure, facts: {} };
  } finally {
    forget();
    turns.close();
  }
  if (turns.end !== undefined) return turns.end;
  // Only `Turns` gives ends to keep.
  const recalled = end as unknown as AttemptsEnd;
  const usage = recalled.ok ? recalled.result.usage : recalled.facts.usage;
  if (usage !== undefined) context.body.limits.countUsage(usageSince(usage, used));
  progress.attempts = recalled.attempts;
  return recalled;
}

/** The turns that the host gives the engine's loop. */
class Turns {
  /** Once there is one. */
  end: AttemptsEnd | undefined;
  isStopped = false;
  /** Rejects with what the loop threw. */
  readonly stopped: Promise<never>;
  readonly #frame: AgentFrame;
  readonly #work: (pause: Pause) => Promise<AttemptsEnd>;
  readonly #failed = Promise.withResolvers<never>();
  #turn: ((tried: StepTry) => void) | undefined;
  #begun = false;
  #closed = false;
  #goOn: (() => void) | undefined;

  constructor(frame: AgentFrame, work: (pause: Pause) => Promise<AttemptsEnd>) {
    this.#frame = frame;
    this.#work = work;
    this.stopped = this.#failed.promise;
    this.stopped.catch(() => undefined);
  }

  get hasBegun(): boolean {
    return this.#begun;
  }

  /** Goes on until the next pause, or to the end. */
  next(): Promise<StepTry> {
    return new Promise((resolve) => {
      // Nobody waits for it any more; or the host asks again for what it has not kept.
      if (this.#closed || this.isStopped) resolve({ type: 'stopped' });
      else if (this.end !== undefined) resolve(this.#tell(this.end));
      else {
        this.#turn = resolve;
        if (this.#begun) this.#goOn?.();
        else this.#begin();
      }
    });
  }

  /** What is around the agent was stopped. A try that is at work ends by itself. */
  giveUp(reason: unknown): void {
    if (this.#begun && this.end === undefined) return;
    this.isStopped = true;
    this.#failed.reject(reason);
  }

  close(): void {
    this.#closed = true;
    this.#turn?.({ type: 'stopped' });
  }

  #begin(): void {
    this.#begun = true;
    this.#work((ms, signal, _frame, { code, message }) => this.#pause(ms, signal, `${code}: ${message}`)).then(
      (end) => {
        this.end = end;
        this.#turn?.(this.#tell(end));
      },
      (error: unknown) => {
        this.isStopped = true;
        this.#failed.reject(error);
        this.#turn?.({ type: 'stopped' });
      },
    );
  }

  #pause(afterMs: number, signal: AbortSignal, message: string): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason);
        return;
      }
      const forget = onAbort(signal, () => {
        this.#goOn = undefined;
        reject(signal.reason);
      });
      this.#goOn = () => {
        this.#goOn = undefined;
        forget();
        resolve();
      };
      this.#turn?.({ type: 'again', afterMs, message: this.#clean(message) });
    });
  }

  #tell(end: AttemptsEnd): StepTry {
    if (!end.ok) return { type: 'failed', message: this.#clean(`${end.failure.code}: ${end.failure.message}`) };
    // Its parts are JSON, but for properties without a value, which JSON leaves out.
    const { attempts, ok, result } = end;
    const value = { attempts, ok, result } as unknown as JsonValue;
    const { redactor } = this.#frame.context.run;
    return { type: 'end', end: value, isSecret: redactor.data(value) !== value };
  }

  #clean(message: string): string {
    return this.#frame.context.run.redactor.text(message);
  }
}
