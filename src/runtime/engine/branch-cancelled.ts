import type { Failure } from '../../program/failure.ts';
import { FailureError } from '../failure.ts';

/** The reason with which the signal of a branch or iteration fires that is not waited for any longer: one beside it failed, or ended first. Nobody handles it. */
export class BranchCancelled extends FailureError {
  constructor(message: string) {
    const cancelled: Failure = { code: 'CANCELLED', message, retryable: false };
    super(cancelled);
    this.name = 'BranchCancelled';
  }
}
