import type { RunSummary } from '../../program/host-calls.ts';

/** A run that is at work and has said nothing for so long may be stuck, unless `--stalled-after` says otherwise. */
export const STALLED_AFTER_MS = 10 * 60_000;

/** Whether a run is stalled at `now` (epoch ms). One that waits or is paused is not: it says nothing because it has nothing to say. */
export function isStalled({ status, last_event_at }: Pick<RunSummary, 'status' | 'last_event_at'>, now: number, afterMs: number): boolean {
  return status === 'running' && now - last_event_at >= afterMs;
}
