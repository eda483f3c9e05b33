import type { Alive } from '../program/host-calls.ts';

interface AliveRun {
  /** Nothing of it is at work but waits. */
  readonly waiting: boolean;
  readonly wakesAt?: number | undefined;
}

/** The runs of this isolate that a loop runs: what a host wants to know before it ends the runtime, or itself. */
const runs = new Map<string, () => AliveRun>();

/** `look` says how the run stands whenever it is called. */
export function noteAlive(run: string, look: () => AliveRun): void {
  runs.set(run, look);
}

export function noteGone(run: string): void {
  runs.delete(run);
  const now = Date.now();
  for (const [earlier, at] of gone) if (now - at > EVICTED_AFTER_MS) gone.delete(earlier);
  gone.set(run, now);
}

/** After so long without a call the platform has put an object away by itself (measured locally: 10 s). */
const EVICTED_AFTER_MS = 20_000;
/** Runs whose loop ended, and when: their objects are still there. */
const gone = new Map<string, number>();

/** Nothing is left of the run: asking for it would make a file. */
export function noteForgotten(run: string): void {
  gone.delete(run);
}

/** The runs whose loop ended a moment ago. */
export function listGone(): readonly string[] {
  return [...gone.keys()];
}

export function listAlive(): Alive {
  const working: string[] = [];
  const waiting: string[] = [];
  let wakesAt: number | undefined;
  for (const [run, look] of runs) {
    const alive = look();
    (alive.waiting ? waiting : working).push(run);
    if (alive.wakesAt !== undefined) wakesAt = Math.min(wakesAt ?? alive.wakesAt, alive.wakesAt);
  }
  return { working, waiting, ...(wakesAt === undefined ? {} : { wakes_at: wakesAt }) };
}
