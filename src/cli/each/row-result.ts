import { createHash } from 'node:crypto';
import type { Failure } from '../../program/failure.ts';
import { canonicalJson } from '../../program/hash.ts';
import type { JsonValue } from '../../program/json.ts';

/** One line of the results: how the run of a row ended. Property names are those of the file. */
export interface RowResult {
  /** Of the rows, counted from 1. */
  readonly line: number;
  /** The same for the same ensemble and input: by it a later batch knows what is done. */
  readonly key: string;
  /** The run's id; absent when the row could not be run. */
  readonly run?: string;
  /** `waiting`: an agent of its run (`run`, `agent`) waits for an approval; a later batch looks how it went on. */
  readonly status: 'succeeded' | 'failed' | 'cancelled' | 'waiting';
  readonly output?: JsonValue;
  readonly failure?: Failure;
  /** Path of the agent whose failure it is. */
  readonly agent?: string;
  readonly duration_ms: number;
}

/**
 * 32 hexadecimal digits that tell rows apart. It knows the ensemble's name and the input as the run gets it, defaults included; not the program: a row that
 * succeeded is done even when the ensemble is changed afterwards.
 */
export function rowKey(ensemble: string, input: JsonValue): string {
  return createHash('sha256').update(canonicalJson({ ensemble, input })).digest('hex').slice(0, 32);
}

/** What a later batch must know of a line of the results; undefined for a line that is none. */
export function parseRowResult(text: string): Pick<RowResult, 'key' | 'status' | 'run'> | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || !('line' in value) || !('key' in value) || !('status' in value)) return undefined;
  const { line, key, status } = value;
  const known = status === 'succeeded' || status === 'failed' || status === 'cancelled' || status === 'waiting';
  const run = 'run' in value && typeof value.run === 'string' ? { run: value.run } : {};
  return typeof line === 'number' && typeof key === 'string' && known ? { key, status, ...run } : undefined;
}
