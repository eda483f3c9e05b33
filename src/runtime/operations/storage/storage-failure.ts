import { type FailureError, failure } from '../../failure.ts';
import type { OperationContext } from '../operation.ts';
import { snippet } from '../snippet.ts';

/**
 * Faults that pass by themselves. The platform's storage APIs throw plain errors, so their texts are all there is to tell them by: those that Cloudflare's D1 documentation
 * lists as retryable, KV's and R2's overload answers, and SQLite's lock errors.
 */
const PASSING =
  /network connection lost|internal error|storage operation exceeded timeout|object to be reset|storage caused object|connection was reset|too many requests|failed: (?:429|5\d\d)\b|SQLITE_BUSY|SQLITE_LOCKED|database is locked|overloaded|\(10001\)|\(10043\)|\(10054\)|\(10058\)/i;

/** Turns what a binding threw into `STORAGE`; `what` names the call (`D1 query "SELECT …"`). Retryable only for faults of network and load. */
export function storageFailure(what: string, error: unknown, context: OperationContext): FailureError {
  const message = error instanceof Error ? error.message : String(error);
  return failure('STORAGE', `${what} failed: ${snippet(message, context, 500)}`, { retryable: PASSING.test(message) });
}

/** Runs one call of a binding; what it throws becomes a failure. */
export async function attempt<Result>(what: string, context: OperationContext, call: () => Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    throw storageFailure(what, error, context);
  }
}
