import type { RunEvent } from '../../program/run-event.ts';
import type { Io } from '../io.ts';

/** A cancelled run that says nothing for this long is not waited for. */
const SILENCE_MS = 5_000;
/** The same while something that cleans up is at work: a refund should not be cut off because it is slow. */
const CLEANING_SILENCE_MS = 30_000;

/** How long a cancelled run is waited for: as long as it goes on telling how it cleans up (`finally`, compensations). */
export class Patience {
  readonly #io: Io;
  /** Agents that began after the run was cancelled: none but those that clean up do. */
  readonly #cleaning = new Set<string>();
  #until = Number.POSITIVE_INFINITY;

  constructor(io: Io) {
    this.#io = io;
  }

  /** The run is cancelled now. Resolves once it was silent for too long; does not keep the process alive. */
  async run(): Promise<void> {
    this.#until = this.#io.now() + SILENCE_MS;
    for (let left = SILENCE_MS; left > 0; left = this.#until - this.#io.now()) await this.#io.delay(left);
  }

  hear(event: RunEvent): void {
    if (this.#until === Number.POSITIVE_INFINITY) return;
    if (event.type === 'agent.started') this.#cleaning.add(event.agent);
    else if (event.type === 'agent.finished' || event.type === 'agent.failed') this.#cleaning.delete(event.agent);
    const pauseMs = event.type === 'attempt.failed' ? (event.retry_in_ms ?? 0) : 0;
    this.#until = this.#io.now() + pauseMs + (this.#cleaning.size > 0 ? CLEANING_SILENCE_MS : SILENCE_MS);
  }
}
