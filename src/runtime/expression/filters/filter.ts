/**
 * `input | name(args)`. Filters never fail for a missing input: what makes no sense for a value gives undefined (or the value, unchanged, where a
 * filter only touches up). Throws `FailureError` for a wrong argument or beyond a limit.
 */
export type Filter = (input: unknown, args: readonly unknown[]) => unknown;
