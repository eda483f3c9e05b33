/** Begins something later, unless it is called off; the host's `setTimeout`, or a test's. */
export type Later = (run: () => void, delayMs: number) => { cancel(): void };

export const later: Later = (run, delayMs) => {
  const timer = setTimeout(run, delayMs);
  return { cancel: () => clearTimeout(timer) };
};

/** Puts off what is asked for again and again until nothing was asked for a while, each key by itself. */
export class Debounce {
  readonly #later: Later;
  readonly #delayMs: number;
  readonly #waiting = new Map<string, { cancel(): void }>();

  constructor(delayMs: number, begin: Later) {
    this.#delayMs = delayMs;
    this.#later = begin;
  }

  ask(key: string, run: () => void): void {
    this.#waiting.get(key)?.cancel();
    this.#waiting.set(
      key,
      this.#later(() => {
        this.#waiting.delete(key);
        run();
      }, this.#delayMs),
    );
  }

  cancel(key: string): void {
    this.#waiting.get(key)?.cancel();
    this.#waiting.delete(key);
  }

  cancelAll(): void {
    for (const key of [...this.#waiting.keys()]) this.cancel(key);
  }
}
