import type { JsonValue } from '../../program/json.ts';

/** What `ensemble trigger` asks of `ensemble dev`. */
export type FireAsk =
  /** `ensemble`: its id; its cron triggers fire, whatever the time. */
  | { readonly type: 'cron'; readonly ensemble: string }
  | { readonly type: 'queue'; readonly queue: string; readonly messages: readonly JsonValue[] }
  /** `raw` is the whole message, headers first, in base64. */
  | { readonly type: 'email'; readonly from: string; readonly to: string; readonly raw: string };

export type FireReply =
  /** `expected`: so many runs should have begun; fewer = the messages were refused, or are tried again later. */
  | { readonly type: 'fired'; readonly runs: readonly FiredRun[]; readonly expected?: number }
  /** Nothing in the project answers to that, or the Worker would not have it. */
  | { readonly type: 'refused'; readonly message: string };

export interface FiredRun {
  readonly run: string;
  readonly ensemble: string;
}
