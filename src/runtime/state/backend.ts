import type { JsonObject, JsonValue } from '../../program/json.ts';
import type { StatePlan } from '../../program/program.ts';

/**
 * What a scope held when it was read. `writtenAt` (epoch ms per key) feeds `valid_for`; a key that another program wrote (kv) has none: its
 * age is unknown, so it counts from when it was read.
 */
export interface Loaded {
  readonly values: JsonObject;
  /** Grows by one with each commit; 0 = never written. Absent for kv. */
  readonly version?: number;
  readonly writtenAt: Readonly<Record<string, number>>;
  /** Of kv alone, which has no history that would tell: when keys with `valid_for` expire, as their writer's ensemble had it. */
  readonly validUntil?: Readonly<Record<string, number>>;
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
  /** The attempt of the agent whose output was written, from 1. */
  readonly attempt?: number;
  /** Epoch ms of the last write. */
  readonly at: number;
  /** Epoch ms from which the value counts as expired (`valid_for`). */
  readonly validUntil?: number;
  /** The reducer is `replace`, or a person set it whatever the reducer: what stood there before, taint included, leaves no trace in the new value. */
  readonly replaces?: boolean;
  /** The key is no longer there; `value` and `writes` say nothing then. Only people delete keys. */
  readonly deleted?: true;
}

export interface Commit {
  readonly run: string;
  readonly base: Loaded;
  readonly changes: readonly StateChange[];
  readonly onConflict: StatePlan['onConflict'];
  /** Names this commit across crashes, so that sending it again applies it once. Absent: the backend draws one for each call. */
  readonly id?: string;
  /**
   * Joins a written value to the present one: the key's reducer, and the check of what comes out (throws STATE_TYPE). `currentAt` is when
   * the present value was written, if known: an expired one counts as absent.
   */
  reduce(key: string, current: JsonValue | undefined, write: JsonValue, currentAt?: number): JsonValue;
}

/** `merged`: others had changed the scope since `base`, so `loaded` may differ from what the run saw. */
export type Committed =
  | { readonly type: 'committed'; readonly loaded: Loaded; readonly merged: boolean }
  | { readonly type: 'conflict'; readonly version: number; readonly keys: readonly string[] };

/** One past value of a key, or its end. `validUntil` is epoch ms. */
export interface HistoryEntry {
  readonly key: string;
  readonly value: JsonValue;
  readonly deleted?: true;
  readonly version: number;
  readonly run: string;
  readonly agent: string;
  readonly attempt?: number;
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
