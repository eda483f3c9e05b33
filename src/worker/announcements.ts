import type { RunEvent } from '../program/run-event.ts';

/** A group of events that is in the journal, without what is in them. */
export interface Told {
  /** The `seq` of the first one, and the one after the last. */
  readonly from: number;
  readonly to: number;
  /** The run is over with it. */
  readonly isEnd: boolean;
  /** As NDJSON; undefined where too much waited already: whoever needs it reads it from the journal. */
  readonly text: string | undefined;
}

interface Announcement extends Told {
  readonly isUrgent: boolean;
}

/** Nobody sees the difference, and each time costs a wait for the disk and a piece of every answer: a tenth of an agent with a quick effect. */
const GAP_MS = 10;

/** What somebody may be waiting for. */
const URGENT: ReadonlySet<RunEvent['type']> = new Set(['run.finished', 'run.waiting', 'run.paused']);

/** Characters that may wait for the disk: a run can be faster, and what a hundred of its agents gave is more than an isolate may hold. */
const MAX_WAITING = 4 * 1024 * 1024;

type SetTimer = (call: () => void, ms: number) => void;

/** Where announcements go. */
export interface Listeners {
  send(told: Told): void;
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
  /** Characters of those that wait or are about to be sent. */
  #held = 0;
  #isSyncing = false;

  /** `sync` resolves once all that was written before it is on disk. */
  constructor(sync: () => Promise<void>, listeners: Listeners, setTimer: SetTimer = (call, ms) => void setTimeout(call, ms)) {
    this.#sync = sync;
    this.#listeners = listeners;
    this.#setTimer = setTimer;
  }

  add(group: readonly RunEvent[], text: string): void {
    const from = group[0]?.seq ?? 0;
    const isKept = this.#held + text.length <= MAX_WAITING;
    if (isKept) this.#held += text.length;
    const announcement: Announcement = {
      from,
      to: from + group.length,
      isEnd: group.at(-1)?.type === 'run.finished',
      isUrgent: isUrgent(group),
      text: isKept ? text : undefined,
    };
    this.#waiting.push(announcement);
    if (!this.#isSyncing) void this.#announce();
    else if (announcement.isUrgent) this.#hurry();
  }

  async #announce(): Promise<void> {
    this.#isSyncing = true;
    try {
      while (this.#waiting.length > 0) {
        const written = this.#waiting;
        this.#waiting = [];
        await this.#sync();
        for (const told of written) {
          this.#listeners.send(told);
          this.#held -= told.text?.length ?? 0;
        }
        if (written.at(-1)?.isEnd !== true && !this.#waiting.some(({ isUrgent }) => isUrgent)) await this.#gap();
      }
    } catch (error) {
      this.#waiting = [];
      this.#held = 0;
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
