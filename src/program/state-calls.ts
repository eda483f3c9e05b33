import type { JsonSchema, JsonValue } from './json.ts';
import type { StateBackendName } from './program.ts';

/** Backends whose scopes outlast a run. */
export type LastingBackend = Exclude<StateBackendName, 'memory'>;

/** Where scopes lie. `binding`: of a KV namespace or a D1 database; absent = the first that is configured. */
export interface ScopePlace {
  readonly backend: LastingBackend;
  readonly binding?: string;
}

/** One scope. Its name is data: any text that is not empty. */
export interface ScopeAddress extends ScopePlace {
  readonly scope: string;
}

/** What an ensemble says of a key, as far as reading and writing it by hand needs it. */
export interface ScopeKeyPlan {
  readonly schema: JsonSchema;
  readonly valid_for_ms?: number;
  readonly secret: boolean;
}
export type ScopeSchema = Readonly<Record<string, ScopeKeyPlan>>;

/** What is known of a scope without reading it. */
export interface ScopeSummary extends ScopeAddress {
  /** Of the run that used it last. Absent: no run of this host is known to have used it. */
  readonly ensemble?: string;
  readonly run?: string;
  /** When it was last opened, epoch ms. */
  readonly last_at?: number;
  /** Absent = the ensemble declares no keys, or none is known. */
  readonly schema?: ScopeSchema;
  /** The host has no binding of that name at the moment. */
  readonly unreachable?: true;
}

/** What a key holds. `version`, `run`, `agent` and `attempt` are of its last write; kv knows none of them. Times are epoch ms. */
export interface ScopeKey {
  readonly key: string;
  readonly value: JsonValue;
  readonly tainted: boolean;
  readonly at?: number;
  /** From then on runs do not see the value any more. */
  readonly valid_until?: number;
  readonly version?: number;
  readonly run?: string;
  readonly agent?: string;
  readonly attempt?: number;
}

/** What a scope holds, or held, expired values included. */
export interface ScopeContent {
  /** Absent for kv. */
  readonly version?: number;
  /** When that version was written. */
  readonly committed_at?: number;
  readonly keys: readonly ScopeKey[];
}

/** One write of a key; without a `value` it was deleted then. */
export interface ScopeChange extends Omit<ScopeKey, 'value'> {
  readonly value?: JsonValue;
  readonly deleted?: true;
  readonly version: number;
  readonly run: string;
  readonly agent: string;
  readonly at: number;
  /** When the version was written; `at` is when the agent set it. */
  readonly committed_at?: number;
}

/** A moment in the life of a scope: a version, a time, before a run's first or after its last write, a snapshot. */
export type ScopePoint =
  | { readonly type: 'version'; readonly version: number }
  | { readonly type: 'time'; readonly at: number }
  | { readonly type: 'before-run' | 'after-run'; readonly run: string }
  | { readonly type: 'snapshot'; readonly name: string };

export interface ScopeSnapshot {
  readonly name: string;
  readonly at: number;
  readonly version?: number;
  readonly keys: number;
}

/** A key set or deleted by hand. */
export type ScopeEdit =
  | { readonly key: string; readonly value: JsonValue; readonly valid_until?: number }
  | { readonly key: string; readonly deleted: true };

/** Without `reveal`, values of the host's secret variables come as `[secret NAME]`, wherever they stand in what is read. */
export interface RevealWish {
  readonly reveal?: boolean;
}

/** What a host is asked about state across runs. */
export type StateAsk =
  /** The scopes that are known. */
  | { readonly action: 'scopes' }
  /** Where a scope of that name is. Looking creates nothing. */
  | { readonly action: 'find'; readonly scope: string; readonly place?: ScopePlace }
  /** `point`: as it was then; absent = now. */
  | ({ readonly action: 'read'; readonly address: ScopeAddress; readonly point?: ScopePoint } & RevealWish)
  /** Oldest first, in pages: `after` is the `next` of the page before. `since`: those of later versions only. */
  | ({
      readonly action: 'history';
      readonly address: ScopeAddress;
      readonly key?: string;
      readonly since?: number;
      readonly after?: number;
    } & RevealWish)
  /** One commit. `version`: only if that is still the scope's. */
  | {
      readonly action: 'edit';
      readonly address: ScopeAddress;
      readonly edits: readonly ScopeEdit[];
      readonly version?: number;
      readonly ensemble?: string;
      readonly schema?: ScopeSchema;
    }
  | { readonly action: 'snapshot'; readonly address: ScopeAddress; readonly name: string; readonly replace: boolean }
  /** Newest first. */
  | { readonly action: 'snapshots'; readonly address: ScopeAddress }
  /** Makes the scope what it was, in one commit. */
  | { readonly action: 'restore'; readonly address: ScopeAddress; readonly point: ScopePoint }
  | { readonly action: 'forget-snapshot'; readonly address: ScopeAddress; readonly name: string };

export type StateReply =
  | { readonly type: 'scopes'; readonly scopes: readonly ScopeSummary[] }
  /** `looked`: the places that were looked at. */
  | { readonly type: 'found'; readonly scopes: readonly ScopeSummary[]; readonly looked: readonly ScopePlace[] }
  /** `at`: the moment, epoch ms. */
  | { readonly type: 'content'; readonly content: ScopeContent; readonly at: number }
  | { readonly type: 'history'; readonly changes: readonly ScopeChange[]; readonly next?: number }
  /** `keys`: those that changed. None: it was that way already, and nothing was written. */
  | { readonly type: 'edited'; readonly version?: number; readonly keys: readonly string[] }
  /** The scope has another version than the one that was asked for. */
  | { readonly type: 'conflict'; readonly version: number; readonly keys: readonly string[] }
  | { readonly type: 'snapshot'; readonly snapshot: ScopeSnapshot }
  | { readonly type: 'snapshots'; readonly snapshots: readonly ScopeSnapshot[] }
  | { readonly type: 'done' }
  /** What was asked for is not there, or cannot be: a sentence. */
  | { readonly type: 'refused'; readonly message: string };
