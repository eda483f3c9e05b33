import type { JsonObject } from './json.ts';

/** What a host is asked about the state of a scope. */
export type StateAsk = JsonObject;
export type StateReply = JsonObject;
