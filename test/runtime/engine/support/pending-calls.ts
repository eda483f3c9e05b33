import { settle } from './fake-clock.ts';

/** Calls that are under way until the test lets one of them go on, in whatever order it likes. */
export class PendingCalls {
  readonly #open: (() => void)[] = [];
  /** The most that were under way at once. */
  peak = 0;

  /** Resolves once the test picks this call. */
  wait(): Promise<void> {
    return new Promise((resolve) => {
      this.#open.push(resolve);
      this.peak = Math.max(this.peak, this.#open.length);
    });
  }

  /** Lets one call after another go on until `done` has settled; `choose(n)` says which of n. */
  async drive<Result>(done: Promise<Result>, choose: (count: number) => number): Promise<Result> {
    let over = false;
    const ended = done.finally(() => {
      over = true;
    });
    ended.catch(() => undefined);
    for (;;) {
      await settle();
      if (over) return ended;
      const [picked] = this.#open.splice(choose(this.#open.length), 1);
      if (picked === undefined) throw new Error('nothing is under way, and the run is not over');
      picked();
    }
  }
}
