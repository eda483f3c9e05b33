import type { ControlOutcome } from '../../program/host-calls.ts';
import { refuse } from './refused-request.ts';

/** Throws RefusedRequest for a wish about a run that was not taken: 404 when there is no such run, 409 when its status does not allow it. */
export function checkOutcome(outcome: ControlOutcome, run: string): void {
  if (outcome.type === 'unknown') refuse('not-found', `There is no run ${run}.`);
  if (outcome.type === 'impossible') refuse('conflict', outcome.message, { members: { run_status: outcome.status } });
}
