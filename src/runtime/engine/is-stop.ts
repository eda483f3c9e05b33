import { FailureError } from '../failure.ts';
import { BranchCancelled } from './branch-cancelled.ts';
import type { StepContext } from './step-context.ts';

/**
 * Whether the error ends what runs in the context from outside: the run is over, the agent around the body ran out of time, the branch is no longer waited for; or it
 * is a fault of ours. No `try`, no `onError` and no read of `.failed` handles that.
 */
export function isStop(error: unknown, { signal }: StepContext): boolean {
  return !(error instanceof FailureError) || error instanceof BranchCancelled || (signal.aborted && error === signal.reason);
}
