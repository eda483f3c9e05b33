import type { ScopePoint, StateReply } from '../../../program/state-calls.ts';

/** A point that a scope's own history can answer; snapshots lie elsewhere. */
export type HistoryPoint = Exclude<ScopePoint, { readonly type: 'snapshot' }>;

export interface HistoryAsk {
  readonly key?: string;
  /** Those of later versions only. */
  readonly since?: number;
  /** The `next` of the page before. */
  readonly after?: number;
}

export type ReadReply = Extract<StateReply, { readonly type: 'content' | 'refused' }>;
export type HistoryReply = Extract<StateReply, { readonly type: 'history' | 'refused' }>;

/** How people look at one scope: what it holds with all that is known of it, what it held, who wrote it. Nothing of it writes or creates anything. */
export interface ScopeInspector {
  /** Whether anything was ever written there. */
  exists(): Promise<boolean>;
  /** `point`: as it was then; absent = now. */
  read(point?: HistoryPoint): Promise<ReadReply>;
  history(ask: HistoryAsk): Promise<HistoryReply>;
}
