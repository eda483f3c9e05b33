import type { Limits } from '../../program/program.ts';

type LimitsOf<Value> = { readonly [Name in keyof Limits]?: Value };

/** The same limits with each value changed; absent ones stay absent. */
export function mapLimits<From, To>(limits: LimitsOf<From>, change: (limit: From) => To): LimitsOf<To> {
  return Object.fromEntries(Object.entries(limits).map(([name, limit]) => [name, change(limit)]));
}
