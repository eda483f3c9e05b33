import type { Checking, Judged } from '../checking.ts';

/** Whether `value` satisfies a schema, or one keyword of it. `at` is where the value is, `by` where the schema is: JSON pointers, empty unless faults are collected. */
export type Judge = (value: unknown, at: string, by: string, checking: Checking, judged: Judged | undefined) => boolean;

/** What a keyword can ask for beside its own value. */
export interface KeywordContext {
  /** The schema that the keyword is in. */
  readonly schema: object;
  judgeOf(schema: unknown): Judge;
  /** The schema that a `$ref` names; throws when there is none. */
  resolve(schema: object): unknown;
}

/** Prepares a keyword; `limit` is its value in the schema. Throws for one that cannot be used. */
export type Keyword = (limit: unknown, context: KeywordContext) => Judge;

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
