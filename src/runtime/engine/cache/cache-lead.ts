import type { CacheEntry } from './cache-entry.ts';
import type { CacheFlight, CacheFlights } from './cache-flights.ts';
import type { CacheStore } from './cache-store.ts';

/** The agent that looks for an output, or works on it, while others may wait for it. Ends in one of three ways, and always in one. */
export class CacheLead {
  readonly #flights: CacheFlights;
  readonly #flight: CacheFlight;
  readonly #store: CacheStore;
  readonly #id: string;

  constructor(flights: CacheFlights, id: string, store: CacheStore) {
    this.#flights = flights;
    this.#flight = flights.begin(id);
    this.#store = store;
    this.#id = id;
  }

  /** The store had it: whoever waits goes on with that. */
  pass(entry: CacheEntry): void {
    this.#flights.end(this.#id);
    this.#flight.land(entry);
  }

  /** The agent succeeded: whoever waits goes on, and later runs find the entry. */
  async share(entry: CacheEntry): Promise<void> {
    this.#flight.land(entry);
    // Until it is in the store, who comes now takes it from the flight.
    await this.#store.write(entry);
    this.#flights.end(this.#id);
  }

  /** The agent failed or was cancelled, which nobody else is made to do. */
  giveUp(): void {
    this.#flights.end(this.#id);
    this.#flight.land(undefined);
  }
}
