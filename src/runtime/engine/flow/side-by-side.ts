import { FailureError } from '../../failure.ts';
import { onAbort } from '../../on-abort.ts';
import { BranchCancelled } from '../branch-cancelled.ts';
import { setDeadline } from '../deadline.ts';
import { RunStop } from '../run-stop.ts';

export interface SideBySidePlan {
  /** How many tasks there are. */
  readonly count: number;
  /** How many of them may be at work at once. */
  readonly concurrency: number;
  /** Ends them all, with its reason. */
  readonly signal: AbortSignal;
  /** Does something once all that had begun before it has begun: at once, but in a resumed run. */
  readonly hold?: ((act: () => void) => void) | undefined;
}

/** One of the tasks; `signal` fires when it is no longer waited for. What it throws ends those beside it. */
export type Task = (position: number, signal: AbortSignal, group: SideBySide) => Promise<void>;

/** Does one task after another. Where only one can be at work at a time nothing ever cancels it but the signal of all. */
interface Lane {
  /** The task that it is at. */
  position: number;
  readonly signal: AbortSignal;
  readonly controller?: AbortController;
}

/**
 * Runs tasks side by side, a bounded number at once.
 *
 * 1. They begin in the order of their positions, each as soon as one before it has ended.
 * 2. It is over only when every task that began has ended.
 * 3. When one fails, the rest is cancelled and none begins any more; of several that failed by themselves the one with the smallest position tells the failure.
 * 4. It holds nothing for a task but while that one is at work.
 */
export class SideBySide {
  readonly #signal: AbortSignal;
  readonly #hold: (act: () => void) => void;
  readonly #lanes: readonly Lane[];
  #next = 0;
  /** The last position whose task is still wanted. */
  #last: number;
  #failed: { readonly position: number; readonly error: FailureError } | undefined;
  /** The run is over, or there is a fault of ours. */
  #stopped: { readonly error: unknown } | undefined;

  private constructor({ count, concurrency, signal, hold = (act) => act() }: SideBySidePlan) {
    this.#signal = signal;
    // Where only one is at work at a time there is nothing that could have begun meanwhile.
    this.#hold = Math.min(concurrency, count) > 1 ? hold : (act) => act();
    this.#last = count - 1;
    const atOnce = Math.min(concurrency, count);
    this.#lanes = Array.from({ length: atOnce }, () => openLane(signal, atOnce));
  }

  /** Resolves when all is over. Throws the reason of the plan's signal once that fired, or what the tasks threw (see 3); a `RunStop` before anything else. */
  static async run(plan: SideBySidePlan, task: Task): Promise<void> {
    const group = new SideBySide(plan);
    const forget = group.#passOnAbort();
    // Lanes never reject.
    await Promise.all(group.#lanes.map((lane) => group.#work(lane, task)));
    forget();
    group.#check();
  }

  /** Tasks behind this position (-1: all) are no longer wanted: none begins any more, and those at work are cancelled. */
  stopAfter(position: number, why: BranchCancelled | RunStop): void {
    this.#hold(() => {
      if (position >= this.#last) return;
      this.#last = position;
      for (const lane of this.#lanes) if (lane.position > position) lane.controller?.abort(why);
    });
  }

  #passOnAbort(): () => void {
    const signal = this.#signal;
    const controllers = this.#lanes.flatMap(({ controller }) => controller ?? []);
    if (controllers.length === 0) return () => undefined;
    return onAbort(signal, () => {
      for (const controller of controllers) controller.abort(signal.reason);
    });
  }

  async #work(lane: Lane, task: Task): Promise<void> {
    while (this.#next <= this.#last && !this.#signal.aborted) {
      lane.position = this.#next++;
      try {
        await task(lane.position, lane.signal, this);
      } catch (error) {
        this.#note(lane, error);
      }
    }
    lane.position = -1;
  }

  #note({ position, signal }: Lane, error: unknown): void {
    // Cancelled: whoever did that knows why.
    if (signal.aborted && error === signal.reason) return;
    if (!(error instanceof FailureError)) {
      this.#stopped ??= { error };
      this.stopAfter(-1, error instanceof RunStop ? error : siblingFailed());
      return;
    }
    const wanted = this.#failed === undefined ? position <= this.#last : position < this.#failed.position;
    if (!wanted) return;
    this.#failed = { position, error };
    this.stopAfter(-1, siblingFailed());
  }

  #check(): void {
    if (this.#stopped !== undefined) throw this.#stopped.error;
    if (this.#signal.aborted) throw this.#signal.reason;
    if (this.#failed !== undefined) throw this.#failed.error;
  }
}

function openLane(signal: AbortSignal, atOnce: number): Lane {
  if (atOnce === 1) return { position: -1, signal };
  const controller = new AbortController();
  setDeadline(controller.signal, signal);
  return { position: -1, signal: controller.signal, controller };
}

function siblingFailed(): BranchCancelled {
  return new BranchCancelled('Cancelled, because what ran beside it failed.');
}
