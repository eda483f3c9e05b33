import type { JsonValue } from '../../program/json.ts';
import type { HistoryEntry } from './backend.ts';

/**
 * A place that counts each scope's writes and swaps only when the count is still what the writer read: the one thing that a backend needs
 * so that no update is lost. How changes are joined after a lost race is the same for all of them (`versioned-backend.ts`).
 */
export interface VersionedStore {
  /** As in `state.backend`, for messages. */
  readonly name: string;
  /** Version 0 and no keys when nothing was ever written. */
  read(scope: string): Promise<StoredScope>;
  /** All of `writes` or nothing, in one transaction. */
  write(scope: string, write: ScopeWrite): Promise<ScopeReply>;
  history?(scope: string, since: number): Promise<readonly HistoryEntry[]>;
}

export interface StoredKey {
  readonly key: string;
  readonly value: JsonValue;
  /** The scope's version when this key was last written. */
  readonly version: number;
  /** Epoch ms. */
  readonly at: number;
  readonly tainted: boolean;
}

export interface StoredScope {
  readonly version: number;
  readonly keys: readonly StoredKey[];
}

export interface KeyWrite {
  readonly key: string;
  readonly value: JsonValue;
  readonly agent: string;
  readonly attempt: number | null;
  readonly at: number;
  readonly validUntil: number | null;
  readonly tainted: boolean;
  /** The key goes; `value` says nothing then, and the history keeps that it went. */
  readonly deleted: boolean;
}

export interface ScopeWrite {
  /** Names this commit: a second one with the same id changes nothing. */
  readonly id: string;
  readonly run: string;
  /** The version that the writer has read. */
  readonly base: number;
  readonly writes: readonly KeyWrite[];
}

/** `changed`: the scope is no longer at `base`. `repeated`: a commit with this id was applied before. */
export type ScopeReply =
  | { readonly type: 'written'; readonly version: number }
  | { readonly type: 'changed' | 'repeated'; readonly present: StoredScope };
