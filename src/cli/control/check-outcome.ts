import type { Host } from '../../node/host.ts';
import { ProjectProblem } from '../../node/project-problem.ts';
import type { ControlOutcome } from '../../program/host-calls.ts';
import { unknownRun } from './read-run.ts';

/**
 * Returns when the host did what it was asked.
 * @throws UsageProblem for a run that it does not have; ProjectProblem when the run's status does not allow it.
 */
export function checkOutcome(run: string, outcome: ControlOutcome, host: Pick<Host, 'origin'>): void {
  if (outcome.type === 'unknown') throw unknownRun(run, host);
  if (outcome.type === 'impossible') throw new ProjectProblem(outcome.message);
}
