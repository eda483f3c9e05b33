import type { JsonObject, JsonValue } from '../../program/json.ts';
import type { StatePlan } from '../../program/program.ts';

/** What a scope held when it was read. `writtenAt` (epoch ms per key) feeds `valid_for`; kv, which stores the plain object only, has none. */
export interface Loaded {
  readonly values: JsonObject;
  /** Grows by one with each commit; 0 = never written. Absent for memory and kv. */
  readonly version?: number;
  readonly writtenAt: Readonly<Record<string, number>>;
  readonly tainted: readonly string[];
}

/** One written key of a run, kept so that `merge` can apply it again to a value that another run has changed. */
export interface StateChange {
  readonly key: string;
  /** The value after the reducer, as this run saw it. */
  readonly value: JsonValue;
  /** What was written, in order, before the reducer: re-applied on conflict. */
  readonly writes: readonly JsonValue[];
  readonly tainted: boolean;
  readonly agent: string;
  /** Epoch ms of the last write. */
  readonly at: number;
}

export interface Commit {
  readonly run: string;
  readonly base: Loaded;
  readonly changes: readonly StateChange[];
  readonly onConflict: StatePlan['onConflict'];
  /** Joins a written value to the present one: the key's reducer. */
  reduce(key: string, current: JsonValue | undefined, write: JsonValue): JsonValue;
}

export type Committed =
  | { readonly type: 'committed'; readonly loaded: Loaded; readonly merged: boolean }
  | { readonly type: 'conflict'; readonly version: number; readonly keys: readonly string[] };

/** One past value of a key. `validUntil` is epoch ms. */
export interface HistoryEntry {
  readonly key: string;
  readonly value: JsonValue;
  readonly version: number;
  readonly run: string;
  readonly agent: string;
  readonly at: number;
  readonly validUntil?: number;
  readonly tainted: boolean;
}

/** Where a scope lives. One instance a scope; a scope key is data: it never reaches another scope by any trick. */
export interface StateBackend {
  load(scope: string): Promise<Loaded>;
  commit(scope: string, commit: Commit): Promise<Committed>;
  /** d1 and durable-object only; oldest first, `since` epoch ms. */
  history?(scope: string, since: number): Promise<readonly HistoryEntry[]>;
}
