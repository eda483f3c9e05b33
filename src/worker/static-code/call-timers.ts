/** As many as the platform allows one request; here all calls of a run share what it allows. */
const MAX_TIMERS = 5_000;

type Callback = (...values: unknown[]) => unknown;

/** The timers of one call: they end with it, as they do where each call is a request of its own. */
export class CallTimers {
  readonly #ids = new Set<number>();
  #over = false;

  get over(): boolean {
    return this.#over;
  }

  set(kind: 'setTimeout' | 'setInterval', callback: unknown, ms: unknown, values: readonly unknown[]): number {
    if (typeof callback !== 'function') throw new TypeError(`${kind} takes a function`);
    if (this.#ids.size >= MAX_TIMERS) {
      throw new DOMException(
        `You have exceeded the number of active timeouts you may set. max active timeouts: ${MAX_TIMERS}`,
        'QuotaExceededError',
      );
    }
    // Called by this function, and so without the global object as its `this`.
    const id: number =
      kind === 'setInterval'
        ? setInterval(() => (callback as Callback)(...values), Number(ms ?? 0))
        : setTimeout(
            () => {
              this.#ids.delete(id);
              (callback as Callback)(...values);
            },
            Number(ms ?? 0),
          );
    this.#ids.add(id);
    return id;
  }

  clear(id: unknown): void {
    // Only the call's own: the numbers of others can be guessed.
    if (typeof id === 'number' && this.#ids.delete(id)) clearTimeout(id);
  }

  end(): void {
    this.#over = true;
    for (const id of this.#ids) clearTimeout(id);
    this.#ids.clear();
  }
}
