import { FailureError, failure } from '../failure.ts';

/**
 * STATE_BACKEND for an error that a database or the network threw: names backend and scope and keeps the driver's own words. Worth another
 * attempt. A failure that knows its code stays as it is.
 */
export function stateBackendFailure(backend: string, scope: string, verb: 'read' | 'written', error: unknown): FailureError {
  if (error instanceof FailureError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return failure('STATE_BACKEND', `The state scope "${scope}" could not be ${verb} (${backend}): ${reason}`, { retryable: true });
}
