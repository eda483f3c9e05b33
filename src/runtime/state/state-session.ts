import type { JsonObject, JsonValue } from '../../program/json.ts';
import type { FailureError } from '../failure.ts';
import type { Clock } from '../ports.ts';
import type { Loaded, StateBackend } from './backend.ts';

export interface StateOptions {
  /** The evaluated `key`, through `parseScope`. */
  readonly scope: string;
  readonly run: string;
  readonly backend: StateBackend;
  readonly clock: Pick<Clock, 'now'>;
  /** The evaluated `initial`; a key whose value is undefined is left out. */
  readonly initial?: unknown;
  /** `initial` read a tainted value: its keys start tainted. */
  readonly initialTainted?: boolean;
  /**
   * Makes commits safe to repeat after a crash: a name for this session that is the same when the run is resumed, and another for every session
   * that may be open at the same time (run, step and, in a loop, iteration). Absent: a commit whose reply was lost may be applied twice.
   */
  readonly commitId?: string;
}

/** One write of `set`; undefined leaves the key as it was. */
export interface StateWrite {
  readonly key: string;
  readonly value: JsonValue | undefined;
}

/** What one agent's writes did: the data of a `state.set` event. */
export interface StateSet {
  /** The new values, after the reducers. */
  readonly values: JsonObject;
  /** The written ones. */
  readonly writes: JsonObject;
  /** Those of the written keys that are tainted now. */
  readonly tainted: readonly string[];
  /** Keys whose written value was undefined: left as they were. Worth a `state-undefined` warning, never a failure. */
  readonly untouched: readonly string[];
}

/** What a step that runs several things side by side has written. */
export interface SideBySideWrites {
  /**
   * The step is over. Each key that was not written in the order of the positions is worked out again in that order, from what it held before, and told: the data of a
   * `state.set` event of the step. `writes` has then only the keys that replace. Undefined when nothing changed. Throws STATE_TYPE when the values
   * do not fit in that order; what does fit has changed then.
   */
  end(): StateSet | undefined;
}

/** `agent`: after each agent that set state; `succeeded`/`failed`: the run (or the agent file's body) is over; cancelled counts as failed. */
export type CommitMoment = 'agent' | 'succeeded' | 'failed';

/** The data of a `state.committed` event. */
export interface StateCommit {
  readonly version?: number;
  readonly keys: readonly string[];
  /** Others had changed the scope meanwhile. */
  readonly merged: boolean;
  /** What the scope holds now; after a merge in the middle of a run worth another `state.loaded` event, so that the journal stays whole. */
  readonly loaded: Loaded;
}

/** A secret value that the state held: to be redacted as `name`, the state key. */
export interface StateSecret {
  readonly name: string;
  readonly value: string;
}

/**
 * One run's view of one scope (LANGUAGE §4). Everything but `commit` is synchronous.
 *
 * A key's first value is what the backend holds, else what `initial` says, else the schema's `default`; only what agents set is written
 * back. A key with `valid_for` is read as undefined once that long has passed since it was written; its default does not come back then, and
 * a reducer finds nothing there. Defaults and `initial` values have no age.
 */
export interface StateSession {
  readonly scope: string;
  /** What the backend held: the data of a `state.loaded` event. */
  readonly loaded: Loaded;
  /** A frozen null-prototype object of the keys in `use` (all keys with `useAll`) that have a value now; the same object while nothing changed. */
  view(use: readonly string[], useAll: boolean): JsonObject;
  /** All keys: for the ensemble's `output` and `limits`. */
  snapshot(): JsonObject;
  /** True when a key that `view` would show is tainted. */
  isTainted(use: readonly string[], useAll: boolean): boolean;
  readonly taintedKeys: readonly string[];
  /**
   * Sets all the keys or none. Throws STATE_TYPE, with the state as it was, when a key is not declared or a value, once joined by the key's
   * reducer, does not match its schema. `at` is epoch ms; `order` the positions in the steps around that run several things side by side, `attempt` which one of the agent's it was.
   */
  apply(agent: string, writes: readonly StateWrite[], tainted: boolean, at: number, order?: readonly number[], attempt?: number): StateSet;
  /**
   * A step begins to run several things side by side, each with its position after `order`, which is the step's own. What they set can be read at once; `end` makes it
   * what it is when they run one after another (LANGUAGE §4.4). Not so under `persist: each` with a backend that lasts, which has it already, nor for a key into which a
   * merge brought what others wrote meanwhile.
   */
  sideBySide(step: string, order: readonly number[]): SideBySideWrites;
  /** Whether `commit` at this moment would write (LANGUAGE §4 `persist`). */
  due(moment: CommitMoment): boolean;
  /**
   * Writes what is due now; what is set while it, or one before it, is under way is not part of it. Undefined when nothing is due. Throws STATE_CONFLICT (`on_conflict: fail`), STATE_BACKEND,
   * STATE_TYPE (a merge gave a value of the wrong type). `recall` is asked, when it is this one's turn, whether the journal says how it ended; then nothing is written.
   */
  commit(moment: CommitMoment, recall?: Recall): Promise<StateCommit | undefined>;
  /** Strings of keys with `secret: true` that this session ever held; the same array until there is a new one. */
  secretValues(): readonly StateSecret[];
  /** Folds the `state.set` event of an agent: neither checked nor reduced again. `order` as for `apply`. */
  replaySet(agent: string, set: RecordedSet, at: number, order?: readonly number[], attempt?: number): void;
  /** Puts these values over what the keys hold, whatever their reducers, as if an agent without a name had set them. Throws STATE_TYPE for a key or a value that the schema does not allow. */
  replace(values: JsonObject, at: number): void;
}

/** The data of a `state.set` event. */
export type RecordedSet = Pick<StateSet, 'values' | 'writes' | 'tainted'>;

/** Given the keys that the commit writes. */
export type Recall = (keys: readonly string[]) => Promise<RecordedCommit | undefined>;

/** How a commit ended, as the journal says: what the scope held when a merge brought that in in the middle of a run; or `error`. */
export type RecordedCommit =
  | { readonly type: 'committed'; readonly merged: boolean; readonly version?: number | undefined; readonly loaded?: Loaded | undefined }
  | { readonly type: 'failed'; readonly error: FailureError };
