import type { CodeMarks } from '../../program/code-marks.ts';

/** How long a code body may compute without a pause when its agent has no `timeout`: as long as a deployed Worker may by default. */
export const CPU_LIMIT_MS = 30_000;
/** And with a `timeout` however long: what a deployed Worker may be given at most. Everything else stands still meanwhile. */
export const MAX_CPU_LIMIT_MS = 5 * 60_000;
/** How far workerd may grow beyond what it held when it was idle. */
export const MEMORY_LIMIT_BYTES = 1024 ** 3;
/**
 * What the JavaScript values of one isolate may take. workerd sets V8 no limit of the heap, and without one V8 collects large values only once they come to some gigabytes (measured on 2026-11-22: a
 * loop that makes 120 texts of 8 MiB one after another and keeps none took 4.1 GB, with this limit 0.6 GB): what nobody holds any more would count against MEMORY_LIMIT_BYTES.
 */
export const HEAP_MIB = 384;

/** A body that pauses in time is ended by its timeout, in order: that comes first. */
const AFTER_DUE_MS = 200;
/** Less is no standstill: the machine may be busy, or the worker with a large value. */
const LEAST_STANDSTILL_MS = 1_000;

export interface Standstill {
  /** For how long the worker has not answered. */
  readonly ms: number;
  /** What was last said to be in flight; undefined = never anything. */
  readonly marks: CodeMarks | undefined;
  /** How long ago that was. */
  readonly marksAgeMs: number;
}

/**
 * Whether what stops the worker has had its time: the timeout of the first of the calls in flight, or CPU_LIMIT_MS where one has none, or is not told.
 */
export function isOverdue({ ms, marks, marksAgeMs }: Standstill): boolean {
  if (ms < LEAST_STANDSTILL_MS) return false;
  const { calls = 0, untimed = false, dueInMs = Number.POSITIVE_INFINITY } = marks ?? {};
  if (marksAgeMs >= dueInMs + AFTER_DUE_MS) return true;
  return ms >= (calls === 0 || untimed ? CPU_LIMIT_MS : MAX_CPU_LIMIT_MS);
}
