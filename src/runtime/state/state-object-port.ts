/**
 * How the `durable-object` backend talks to the object that holds one scope (`worker/state-object.ts` implements it, over RPC). Values cross
 * as JSON text: the object stores them as they are, and no structured clone gets to interpret a key such as `__proto__`.
 */
export interface StateObjectPort {
  load(): Promise<StoredScopeText>;
  /** Compare and swap in one transaction: writes only when the scope's version is still `base`. */
  commit(write: ScopeWriteText): Promise<ScopeReplyText>;
  /** Oldest first, those written at `since` (epoch ms) or later. */
  history(since: number): Promise<readonly HistoryRowText[]>;
}

export interface StoredKeyText {
  readonly key: string;
  readonly text: string;
  /** The scope's version when this key was last written. */
  readonly version: number;
  readonly at: number;
  readonly tainted: boolean;
}

export interface StoredScopeText {
  readonly version: number;
  readonly keys: readonly StoredKeyText[];
}

export interface KeyWriteText {
  readonly key: string;
  /** JSON; empty = the key is deleted. */
  readonly text: string;
  readonly agent: string;
  readonly attempt: number | null;
  readonly at: number;
  readonly validUntil: number | null;
  readonly tainted: boolean;
}

export interface ScopeWriteText {
  /** Names this commit: a second one with the same id changes nothing. */
  readonly id: string;
  readonly run: string;
  readonly base: number;
  readonly writes: readonly KeyWriteText[];
}

/** `repeated`: a commit with this id had been applied before. `full`: the scope would exceed `limit` bytes; nothing was written. */
export type ScopeReplyText =
  | { readonly type: 'written'; readonly version: number }
  | { readonly type: 'changed' | 'repeated'; readonly present: StoredScopeText }
  | { readonly type: 'full'; readonly bytes: number; readonly limit: number };

export interface HistoryRowText extends KeyWriteText {
  readonly version: number;
  readonly run: string;
}
