/** Holds all who come until it is opened. */
export class Turnstile {
  readonly #opened = Promise.withResolvers<void>();
  readonly #awaited = new Map<number, PromiseWithResolvers<void>>();
  #came = 0;

  /** Resolves when so many are held. */
  reached(count: number): Promise<void> {
    const awaited = this.#awaited.get(count) ?? Promise.withResolvers<void>();
    this.#awaited.set(count, awaited);
    if (this.#came >= count) awaited.resolve();
    return awaited.promise;
  }

  /** Resolves when it is opened. */
  pass(): Promise<void> {
    this.#came += 1;
    this.#awaited.get(this.#came)?.resolve();
    return this.#opened.promise;
  }

  open(): void {
    this.#opened.resolve();
  }
}
