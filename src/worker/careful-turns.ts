/** A body that has not stopped the worker by then most likely never will: the next one begins beside it. */
const TURN_MS = 2_000;
const POLL_MS = 5;

/**
 * Lets calls begin one after another: the next one when the one before is over, or has been at work for a while without stopping everything. Each waits on timers of its
 * own, since what waits for another object of the Worker would wait forever once that one is gone.
 */
export class CarefulTurns {
  #queue: { seenAt: number }[] = [];

  /** Resolves when it is the caller's turn, with what ends that turn. Rejects with the signal's reason when that fires first. */
  async take(signal: AbortSignal): Promise<() => void> {
    const turn = { seenAt: Date.now() };
    const leave = (): void => {
      this.#queue = this.#queue.filter((other) => other !== turn);
    };
    this.#queue.push(turn);
    try {
      while (this.#first() !== turn) {
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
        signal.throwIfAborted();
        turn.seenAt = Date.now();
        // A body that computed for long kept it from being seen, and the next one in the queue took it for gone.
        if (!this.#queue.includes(turn)) this.#queue.push(turn);
      }
    } catch (error) {
      leave();
      throw error;
    }
    return leave;
  }

  #first(): object | undefined {
    const now = Date.now();
    // One that is not seen any more has had its turn, or belongs to an object that is gone.
    this.#queue = this.#queue.filter(({ seenAt }) => now - seenAt < TURN_MS);
    return this.#queue[0];
  }
}
