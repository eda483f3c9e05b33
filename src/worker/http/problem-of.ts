import { warnOperator } from '../warn-operator.ts';
import { problem } from './problem.ts';
import { RefusedRequest } from './refused-request.ts';

/** How soon a client may try again when an object could not be reached, in seconds. */
const RETRY_AFTER_S = 1;

/**
 * What becomes of whatever a request's handler throws. A defect is told to the operator with its stack, and to the client by nothing but the id that stands there too: what went wrong may have anything
 * in its message.
 */
export function problemOf(error: unknown): Response {
  if (error instanceof RefusedRequest) return error.toResponse();
  const id = crypto.randomUUID();
  warnOperator(`Error ${id}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  if (isPassing(error)) {
    const options = { headers: { 'retry-after': String(RETRY_AFTER_S) }, members: { error_id: id } };
    return problem('unavailable', 'The run or the index could not be reached just now. Try again.', options);
  }
  return problem('internal', `The request could not be answered. The log of the Worker has it under the id ${id}.`, {
    members: { error_id: id },
  });
}

/** What the platform says of calls to an object that is overloaded, or was moved meanwhile. */
function isPassing(error: unknown): boolean {
  const { retryable, overloaded } = Object(error) as { readonly retryable?: unknown; readonly overloaded?: unknown };
  return retryable === true || overloaded === true;
}
