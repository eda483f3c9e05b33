import type { Failure } from '../../../program/failure.ts';
import { FailureError } from '../../failure.ts';
import type { CodeLog } from '../../ports.ts';

/** A code body failed; what it logged until then is often what explains it. */
export class CodeFailure extends FailureError {
  readonly logs: readonly CodeLog[];
  constructor(failure: Failure, logs: readonly CodeLog[]) {
    super(failure);
    this.logs = logs;
  }
}
