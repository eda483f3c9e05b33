import type { CodeLog } from '../runtime/ports.ts';
import type { HarnessPort } from './code-harness/protocol.ts';

/** Most bodies are over by then and cost nothing more. */
const FIRST_AFTER_MS = 150;
const EVERY_MS = 250;

export interface LogFollower {
  /** Nothing more is asked for. A promise when something has been asked for: it resolves when that was handed on. */
  stop(): Promise<void> | undefined;
}

/** Follows the logs of the calls of one run, with one timer for them all: one for each, set and cleared, would cost a fifth of a quick call inside workerd. */
export class LogFollowers {
  /** What is to be asked, and when. */
  readonly #due = new Map<() => void, number>();
  /** When the next timer fires. */
  #nextAt = Number.POSITIVE_INFINITY;

  /** Hands on what a call logs while it runs, in pieces: so that whoever watches a long body sees how far it is. An aborted call is not asked any more. */
  follow(isolate: Pick<HarnessPort, 'takeLogs'>, id: string, signal: AbortSignal, onLogs: (logs: readonly CodeLog[]) => void): LogFollower {
    let stopped = false;
    let asking: Promise<void> | undefined;
    const ask = async (): Promise<void> => {
      try {
        const logs = JSON.parse(await isolate.takeLogs(id)) as readonly CodeLog[];
        if (logs.length > 0) onLogs(logs);
      } catch {
        // The isolate is gone: the call itself says why.
      }
      if (!stopped && !signal.aborted) this.#callIn(EVERY_MS, next);
    };
    const next = (): void => {
      if (!signal.aborted) asking = ask();
    };
    this.#callIn(FIRST_AFTER_MS, next);
    return {
      stop: () => {
        stopped = true;
        this.#due.delete(next);
        return asking;
      },
    };
  }

  #callIn(ms: number, call: () => void): void {
    const now = Date.now();
    this.#due.set(call, now + ms);
    // A timer that did not fire when it should have went with the request that it was set in.
    if (now + ms < this.#nextAt || this.#nextAt < now) this.#wait(now + ms, ms);
  }

  #wait(at: number, ms: number): void {
    this.#nextAt = at;
    setTimeout(() => this.#callDue(at), ms);
  }

  /** One that was set for later than the next one brings no further timer: each would live as long as there are calls, and be joined by more. */
  #callDue(setFor: number): void {
    const now = Date.now();
    if (setFor === this.#nextAt) this.#nextAt = Number.POSITIVE_INFINITY;
    for (const [call, at] of [...this.#due]) {
      if (at > now) continue;
      this.#due.delete(call);
      call();
    }
    const first = Math.min(...this.#due.values());
    if (first < this.#nextAt) this.#wait(first, first - now);
  }
}
