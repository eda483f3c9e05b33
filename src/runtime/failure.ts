import type { Failure, FailureCode } from '../program/failure.ts';

/** A failure on its way to the engine, which alone catches it. Anything else that is thrown is a defect of ours. */
export class FailureError extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.message);
    this.name = 'FailureError';
    this.failure = failure;
  }
}

/** Builds a failure that is ready to throw. Not retryable unless `extra.retryable` says so. */
export function failure(code: FailureCode, message: string, extra: Partial<Omit<Failure, 'code' | 'message'>> = {}): FailureError {
  return new FailureError({ code, message, retryable: false, ...extra });
}
