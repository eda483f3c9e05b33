import type { RunEvent } from '../program/run-event.ts';

interface Announcement {
  readonly group: readonly RunEvent[];
  readonly text: string;
}

/** Nobody sees the difference, and each time costs a wait for the disk and a piece of every answer: a tenth of an agent with a quick effect. */
const GAP_MS = 10;

/** What somebody may be waiting for. */
const URGENT: ReadonlySet<RunEvent['type']> = new Set(['run.finished', 'run.waiting', 'run.paused']);

type SetTimer = (call: () => void, ms: number) => void;

/** Where announcements go. */
export interface Listeners {
  send(group: readonly RunEvent[], text: string): void;
  fail(error: unknown): void;
}

/**
 * Hands groups of events on once they are on disk, in their order; those that follow at once, GAP_MS later all together, unless one of them is urgent. The platform's output gate holds back requests and answers, but not what is written to an answer that has begun: without
 * this a follower could hear of something that a crash, or a full disk, undoes.
 */
export class Announcements {
  readonly #sync: () => Promise<void>;
  readonly #listeners: Listeners;
  readonly #setTimer: SetTimer;
  /** Ends the gap that there is at the moment. */
  #hurry: () => void = () => {};
  #waiting: Announcement[] = [];
  #isSyncing = false;

  /** `sync` resolves once all that was written before it is on disk. */
  constructor(sync: () => Promise<void>, listeners: Listeners, setTimer: SetTimer = (call, ms) => void setTimeout(call, ms)) {
    this.#sync = sync;
    this.#listeners = listeners;
    this.#setTimer = setTimer;
  }

  add(group: readonly RunEvent[], text: string): void {
    this.#waiting.push({ group, text });
    if (!this.#isSyncing) void this.#announce();
    else if (isUrgent(group)) this.#hurry();
  }

  async #announce(): Promise<void> {
    this.#isSyncing = true;
    try {
      while (this.#waiting.length > 0) {
        const written = this.#waiting;
        this.#waiting = [];
        await this.#sync();
        for (const { group, text } of written) this.#listeners.send(group, text);
        if (written.at(-1)?.group.at(-1)?.type !== 'run.finished' && !this.#waiting.some(({ group }) => isUrgent(group))) await this.#gap();
      }
    } catch (error) {
      this.#waiting = [];
      this.#listeners.fail(error);
    }
    this.#isSyncing = false;
  }

  #gap(): Promise<void> {
    return new Promise((resolve) => {
      this.#hurry = resolve;
      this.#setTimer(resolve, GAP_MS);
    });
  }
}

function isUrgent(group: readonly RunEvent[]): boolean {
  return group.some(({ type }) => URGENT.has(type));
}
