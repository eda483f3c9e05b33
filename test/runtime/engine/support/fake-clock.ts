import type { Clock } from '../../../../src/runtime/ports.ts';

interface Sleeper {
  readonly until: number;
  wake(): void;
}

/** A clock that moves only by hand. */
export class FakeClock implements Clock {
  #now: number;
  #sleepers: Sleeper[] = [];
  /** How long each sleep was asked for, in order. */
  readonly asked: number[] = [];

  constructor(now = 1_000) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    this.asked.push(ms);
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason);
        return;
      }
      const sleeper: Sleeper = { until: this.#now + ms, wake: resolve };
      this.#sleepers.push(sleeper);
      signal.addEventListener('abort', () => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        reject(signal.reason);
      });
    });
  }

  get sleeping(): number {
    return this.#sleepers.length;
  }

  /** Moves the time and wakes, in order, whoever slept until then; others run before the next is woken. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      await settle();
      const [next] = this.#sleepers.filter(({ until }) => until <= end).toSorted((a, b) => a.until - b.until);
      if (next === undefined) break;
      this.#sleepers = this.#sleepers.filter((other) => other !== next);
      this.#now = Math.max(this.#now, next.until);
      next.wake();
    }
    this.#now = end;
    await settle();
  }

  /** The same, but nobody runs before all are woken. */
  jump(ms: number): void {
    this.#now += ms;
    const due = this.#sleepers.filter(({ until }) => until <= this.#now).toSorted((a, b) => a.until - b.until);
    this.#sleepers = this.#sleepers.filter((sleeper) => !due.includes(sleeper));
    for (const { wake } of due) wake();
  }
}

/** Lets what waits for nothing but promises go on for so many turns of theirs, and no further. */
export async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await undefined;
}

/** Lets everything run that waits for nothing but promises. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
