import type { Failure } from '../../program/failure.ts';

/**
 * Ends the run from wherever it is: it was cancelled or went beyond one of its `limits`. Passes every `onError`, retry and agent file, for none of them
 * may handle it. It is also the reason with which the run's signal fires.
 */
export class RunStop extends Error {
  readonly status: 'failed' | 'cancelled';
  readonly failure: Failure;
  constructor(status: 'failed' | 'cancelled', failure: Failure) {
    super(failure.message);
    this.name = 'RunStop';
    this.status = status;
    this.failure = failure;
  }
}
