import { unlessAborted } from '../../unless-aborted.ts';
import type { CacheEntry } from './cache-entry.ts';

/** An agent at work on something that others would do too: they wait for it. */
export class CacheFlight {
  readonly #landed = Promise.withResolvers<CacheEntry | undefined>();

  /** What it gave; undefined when it failed or was cancelled: whoever waits tries by itself. Only the first call counts. */
  land(entry: CacheEntry | undefined): void {
    this.#landed.resolve(entry);
  }

  /** Rejects with the reason of `signal` when that fires first; the flight goes on without this one. */
  wait(signal: AbortSignal): Promise<CacheEntry | undefined> {
    return unlessAborted(this.#landed.promise, signal);
  }
}

/** The flights of one run, by binding and key, and what was warned of. */
export class CacheFlights {
  readonly #flights = new Map<string, CacheFlight>();
  readonly #warned = new Set<string>();

  find(id: string): CacheFlight | undefined {
    return this.#flights.get(id);
  }

  begin(id: string): CacheFlight {
    const flight = new CacheFlight();
    this.#flights.set(id, flight);
    return flight;
  }

  end(id: string): void {
    this.#flights.delete(id);
  }

  /** True the first time: a loop over 10,000 items says once that there is no cache. */
  warnsFirst(about: string): boolean {
    const first = !this.#warned.has(about);
    this.#warned.add(about);
    return first;
  }
}
