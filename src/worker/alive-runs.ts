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
