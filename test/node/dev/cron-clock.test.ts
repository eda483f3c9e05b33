import { describe, expect, test } from 'vitest';
import { openCronClock, type Timers } from '../../../src/node/dev/cron-clock.ts';

/** A clock that is moved by hand; timers fire in order as it passes them. */
class Hands implements Timers {
  #now: number;
  #timers: { readonly at: number; readonly callback: () => void }[] = [];

  constructor(start: string) {
    this.#now = Date.parse(start);
  }

  get waiting(): number {
    return this.#timers.length;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { at: this.#now + ms, callback };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  moveTo(time: string): void {
    const until = Date.parse(time);
    for (;;) {
      const next = this.#timers.toSorted((a, b) => a.at - b.at).find(({ at }) => at <= until);
      if (next === undefined) break;
      this.#timers = this.#timers.filter((other) => other !== next);
      this.#now = Math.max(this.#now, next.at);
      next.callback();
    }
    this.#now = until;
  }

  /** The machine sleeps: no timer fires until it wakes. */
  sleepUntil(time: string): void {
    this.#now = Date.parse(time);
    this.moveTo(time);
  }
}

function open(start: string, crons: readonly string[]) {
  const hands = new Hands(start);
  const fired: string[] = [];
  const clock = openCronClock((cron, at) => fired.push(`${cron} at ${new Date(at).toISOString().slice(11, 16)}`), hands);
  clock.set(crons);
  return { hands, fired, clock };
}

describe('crons by time', () => {
  test('each fires in its minute, once', () => {
    const { hands, fired } = open('2026-11-21T10:00:30Z', ['*/15 * * * *', '20 10 * * *']);
    hands.moveTo('2026-11-21T10:31:00Z');
    expect(fired).toEqual(['*/15 * * * * at 10:15', '20 10 * * * at 10:20', '*/15 * * * * at 10:30']);
  });

  test('weekdays count from Sunday, as on the platform', () => {
    // The 22nd is a Sunday.
    const { hands, fired } = open('2026-11-21T00:00:00Z', ['0 9 * * 1']);
    hands.moveTo('2026-11-24T00:00:00Z');
    expect(fired).toEqual(['0 9 * * 1 at 09:00']);
  });

  test('what came due while the machine slept fires once, late', () => {
    const { hands, fired } = open('2026-11-21T10:00:00Z', ['*/10 * * * *']);
    hands.sleepUntil('2026-11-21T11:05:00Z');
    expect(fired).toEqual(['*/10 * * * * at 10:10']);
    hands.moveTo('2026-11-21T11:10:00Z');
    expect(fired).toHaveLength(2);
  });

  test('other crons take the place of the ones before; once it is closed none fires', () => {
    const { hands, fired, clock } = open('2026-11-21T10:00:00Z', ['5 * * * *']);
    clock.set(['6 * * * *']);
    hands.moveTo('2026-11-21T10:07:00Z');
    expect(fired).toEqual(['6 * * * * at 10:06']);
    clock.close();
    expect(hands.waiting).toBe(0);
  });

  test('without crons it waits for nothing', () => {
    expect(open('2026-11-21T10:00:00Z', []).hands.waiting).toBe(0);
  });
});
