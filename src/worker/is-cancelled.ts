import type { RunEvent } from '../program/run-event.ts';

/** Whether by this event the run as a whole is being cancelled. */
export function isCancelled(event: RunEvent): boolean {
  return event.type === 'run.stopping' && event.agent === undefined && event.status === 'cancelled';
}
