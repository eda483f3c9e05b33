import type { Clock } from '../ports.ts';

/** Milliseconds since `startedAt` (epoch ms), never below 0: the clock of a machine may be set back meanwhile, and no duration is negative to whoever reads it. */
export function elapsedMs(clock: Pick<Clock, 'now'>, startedAt: number): number {
  return Math.max(0, clock.now() - startedAt);
}
