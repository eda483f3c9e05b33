import type { RunEvent } from '../program/run-event.ts';

interface Announcement {
  readonly group: readonly RunEvent[];
  readonly text: string;
}

/** Where announcements go. */
export interface Listeners {
  send(group: readonly RunEvent[], text: string): void;
  fail(error: unknown): void;
}

/**
 * Hands groups of events on once they are on disk, in their order. The platform's output gate holds back requests and answers, but not what is written to an answer that has begun: without
 * this a follower could hear of something that a crash, or a full disk, undoes.
 */
export class Announcements {
  readonly #sync: () => Promise<void>;
  readonly #listeners: Listeners;
  #waiting: Announcement[] = [];
  #isSyncing = false;

  /** `sync` resolves once all that was written before it is on disk. */
  constructor(sync: () => Promise<void>, listeners: Listeners) {
    this.#sync = sync;
    this.#listeners = listeners;
  }

  add(group: readonly RunEvent[], text: string): void {
    this.#waiting.push({ group, text });
    if (!this.#isSyncing) void this.#announce();
  }

  async #announce(): Promise<void> {
    this.#isSyncing = true;
    try {
      while (this.#waiting.length > 0) {
        const written = this.#waiting;
        this.#waiting = [];
        await this.#sync();
        for (const { group, text } of written) this.#listeners.send(group, text);
      }
    } catch (error) {
      this.#waiting = [];
      this.#listeners.fail(error);
    }
    this.#isSyncing = false;
  }
}
