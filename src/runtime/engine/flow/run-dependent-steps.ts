import type { Step } from '../../../program/program.ts';
import { FailureError } from '../../failure.ts';
import { onAbort } from '../../on-abort.ts';
import { BranchCancelled } from '../branch-cancelled.ts';
import { setDeadline } from '../deadline.ts';
import { journalPause } from '../journal-pause.ts';
import { RunStop } from '../run-stop.ts';
import type { StepContext } from '../step-context.ts';
import { NO_VALUE, type StepValue } from '../step-value.ts';
import { PositionQueue } from './position-queue.ts';
import { runStep } from './run-step.ts';

export interface DependentSteps {
  readonly steps: readonly Step[];
  /** For each step the positions of earlier ones that must be over before it begins. */
  readonly dependencies: readonly (readonly number[])[];
  /** How many of them may be at work at once. */
  readonly concurrency: number;
}

/**
 * Runs steps side by side (LANGUAGE §6.3) and gives the value of the last one in the list.
 *
 * 1. A step begins when all that it depends on is over; of several that may, the first in the list.
 * 2. When one fails and nothing handles that, those behind it are cancelled or do not begin. Those before it go on, for one of them may fail as well: the failure that is
 *    thrown is that of the first in the list, the one which ends a run in order.
 * 3. It is over only when every step that began has ended.
 *
 * Throws the reason of the context's signal once that fires: no step begins after it.
 */
export async function runDependentSteps(plan: DependentSteps, context: StepContext): Promise<StepValue> {
  const running = new RunningSteps(plan, context);
  await running.finish();
  return running.value;
}

class RunningSteps {
  readonly #plan: DependentSteps;
  readonly #context: StepContext;
  /** Does something once all that had begun before it has begun: at once, but in a resumed run. */
  readonly #hold: (act: () => void) => void;
  readonly #ready = new PositionQueue();
  /** For each step, how many of those that it depends on are not over. */
  readonly #waits: number[];
  readonly #dependents: number[][];
  readonly #atWork = new Map<number, AbortController>();
  #value = NO_VALUE;
  /** Steps from this position on are no longer wanted. */
  #end: number;
  #failed: { readonly position: number; readonly error: unknown } | undefined;
  /** The run is over, or there is a fault of ours. */
  #stopped: { readonly error: unknown } | undefined;
  #whenOver: () => void = () => undefined;

  constructor(plan: DependentSteps, context: StepContext) {
    const { steps, dependencies } = plan;
    this.#plan = plan;
    this.#context = context;
    this.#hold = context.run.replay?.hold ?? ((act) => act());
    this.#end = steps.length;
    this.#waits = steps.map((_, position) => dependencies[position]?.length ?? 0);
    this.#dependents = steps.map(() => []);
    for (const [position, list] of dependencies.entries()) for (const earlier of list) this.#dependents[earlier]?.push(position);
  }

  get value(): StepValue {
    return this.#value;
  }

  async finish(): Promise<void> {
    const { signal } = this.#context;
    const forget = onAbort(signal, () => {
      for (const controller of this.#atWork.values()) controller.abort(signal.reason);
    });
    try {
      for (const [position, waits] of this.#waits.entries()) if (waits === 0) this.#ready.add(position);
      await new Promise<void>((resolve) => {
        this.#whenOver = resolve;
        this.#begin();
      });
    } finally {
      forget();
    }
    if (this.#stopped !== undefined) throw this.#stopped.error;
    if (signal.aborted) throw signal.reason;
    if (this.#failed !== undefined) throw this.#failed.error;
  }

  #begin(): void {
    const { concurrency } = this.#plan;
    while (this.#atWork.size < concurrency && !this.#context.signal.aborted) {
      const position = this.#ready.take();
      if (position === undefined || position >= this.#end) break;
      const controller = new AbortController();
      setDeadline(controller.signal, this.#context.signal);
      this.#atWork.set(position, controller);
      void this.#run(position, controller.signal);
    }
    if (this.#atWork.size === 0) this.#whenOver();
  }

  async #run(position: number, signal: AbortSignal): Promise<void> {
    const { steps } = this.#plan;
    const { order } = this.#context;
    try {
      const step = steps[position];
      const context = { ...this.#context, signal, order: [...order, position] };
      const value = step === undefined ? NO_VALUE : await runStep(step, context);
      if (position === steps.length - 1) this.#value = value;
      const pause = journalPause(context);
      if (pause !== undefined) await pause;
      for (const dependent of this.#dependents[position] ?? []) {
        const waits = (this.#waits[dependent] ?? 0) - 1;
        this.#waits[dependent] = waits;
        if (waits === 0) this.#ready.add(dependent);
      }
    } catch (error) {
      this.#note(position, signal, error);
    }
    this.#atWork.delete(position);
    this.#begin();
  }

  #note(position: number, signal: AbortSignal, error: unknown): void {
    // Cancelled: whoever did that knows why.
    if (signal.aborted && error === signal.reason) return;
    if (error instanceof FailureError) {
      if (position >= this.#end || (this.#failed !== undefined && position > this.#failed.position)) return;
      this.#failed = { position, error };
      this.#stopFrom(position, new BranchCancelled('Cancelled, because a step before it failed.'));
    } else {
      this.#stopped ??= { error };
      this.#stopFrom(0, error instanceof RunStop ? error : new BranchCancelled('Cancelled, because the run is over.'));
    }
  }

  #stopFrom(end: number, why: BranchCancelled | RunStop): void {
    this.#hold(() => {
      this.#end = Math.min(this.#end, end);
      for (const [position, controller] of this.#atWork) if (position >= end) controller.abort(why);
    });
  }
}
