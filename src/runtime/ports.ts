import type { ApprovalAnswer } from '../program/approval.ts';
import type { JsonValue } from '../program/json.ts';
import type { LogLevel } from '../program/run-event.ts';
import type { StateObjectPort } from './state/state-object-port.ts';

/** Everything the engine reads from outside comes through these, so that a test can move the clock by hand and a replay can repeat a run. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Resolves after `ms`; rejects with the signal's reason when it fires first. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** The slice of Cloudflare's KVNamespace that ensembles use. */
export interface KvLike {
  get(key: string): Promise<string | null>;
  getWithMetadata(key: string): Promise<{ value: string | null; metadata: unknown }>;
  put(key: string, value: string, options?: { expirationTtl?: number; metadata?: unknown }): Promise<void>;
  delete(key: string): Promise<void>;
  list(options: {
    prefix?: string;
    limit?: number;
    cursor?: string;
  }): Promise<{ keys: { name: string; expiration?: number; metadata?: unknown }[]; list_complete: boolean; cursor?: string }>;
}

export interface D1StatementLike {
  bind(...values: unknown[]): D1StatementLike;
  all(): Promise<{ results: unknown[]; meta: Record<string, unknown>; success: boolean }>;
}
/** The slice of Cloudflare's D1Database that ensembles use. */
export interface D1Like {
  prepare(query: string): D1StatementLike;
  batch(statements: D1StatementLike[]): Promise<{ results: unknown[]; meta: Record<string, unknown>; success: boolean }[]>;
}

export interface R2ObjectLike {
  readonly key: string;
  readonly size: number;
  readonly etag: string;
  readonly uploaded: Date;
  readonly httpMetadata?: object;
  readonly customMetadata?: Record<string, string>;
}
/** The slice of Cloudflare's R2Bucket that ensembles use. */
export interface R2Like {
  get(key: string): Promise<(R2ObjectLike & { arrayBuffer(): Promise<ArrayBuffer> }) | null>;
  head(key: string): Promise<R2ObjectLike | null>;
  put(
    key: string,
    value: string | ArrayBuffer | ArrayBufferView,
    options?: { httpMetadata?: object; customMetadata?: Record<string, string> },
  ): Promise<R2ObjectLike | null>;
  delete(key: string): Promise<void>;
  list(options: {
    prefix?: string;
    limit?: number;
    cursor?: string;
  }): Promise<{ objects: R2ObjectLike[]; truncated: boolean; cursor?: string }>;
}

/**
 * The storage that the host bound. Without a name: the first binding of that kind in the host's configuration (LANGUAGE §4 `binding`).
 * Undefined when there is none: the caller fails with `BINDING_MISSING`, naming those of `names(kind)`.
 */
export interface Bindings {
  kv(name?: string): KvLike | undefined;
  d1(name?: string): D1Like | undefined;
  r2(name?: string): R2Like | undefined;
  names(kind: 'kv' | 'd1' | 'r2'): readonly string[];
  /** Workers AI's binding (`env.AI`), for `think` with `provider: workers-ai`; shaped as `{ run(model, input) }`. */
  ai(): object | undefined;
}

/** What one call of a code agent is given. All of it is JSON; nothing else of the run can be reached from the isolate. */
export interface CodeScope {
  readonly input: JsonValue;
  /** Only the keys that `use` declares. */
  readonly state: JsonValue;
  /** Empty unless the body reads `env`. */
  readonly env: Readonly<Record<string, string>>;
  /** The values of the holes, in the order of `CodeAction.holes`. An undefined value is `undefined`. */
  readonly holes: readonly (JsonValue | undefined)[];
  /** Results of the earlier agents that the body names: `{output, executed, …}` as LANGUAGE §2.1. */
  readonly agents: Readonly<Record<string, JsonValue>>;
  readonly config: JsonValue;
}

export interface CodeLog {
  readonly level: LogLevel;
  readonly message: string;
}

/** How a call ended; `error` is what the author's code threw. `setState` holds what the body passed to `setState({…})`, merged. */
export type CodeOutcome =
  | {
      readonly ok: true;
      readonly value: JsonValue | undefined;
      readonly setState: Readonly<Record<string, JsonValue>> | undefined;
      readonly logs: readonly CodeLog[];
    }
  | {
      readonly ok: false;
      readonly code: 'CODE_ERROR' | 'CODE_OUTPUT' | 'CODE_GONE' | 'OUTPUT_TOO_LARGE' | 'CANCELLED' | 'UNSUPPORTED';
      readonly message: string;
      /** `{line, column}` in the ensemble's file, where the body threw. */
      readonly details?: JsonValue;
      readonly logs: readonly CodeLog[];
    };

/** Runs code modules of one program in an isolate of their own (a Worker Loader; statically bundled modules where there is none). */
export interface CodeRunner {
  /**
   * `module` is a key of `Program.modules`. Rejects only for faults of the host; `signal` aborts the body's own `signal`.
   */
  call(module: string, scope: CodeScope, signal: AbortSignal, options?: CodeCallOptions): Promise<CodeOutcome>;
  /**
   * Where calls must begin one after another: waits for the next one's turn, and gives what ends it. The wait is no part of the call's time. Rejects with the signal's
   * reason when that fires first.
   */
  turn?(signal: AbortSignal): Promise<() => void>;
}

export interface CodeCallOptions {
  /** The path of the agent that calls. */
  readonly agent?: string;
  /**
   * Awaited before a call of which nobody knows yet whether it comes back: writes all that happened so far, since nothing is written while a body computes, and what is to be blamed for a call
   * that never came back has to be on record.
   */
  settle?(): Promise<void> | undefined;
  /** The isolate stays alive that long even when the body waits for nothing that can happen; without it such a body fails at once. */
  readonly timeoutMs?: number | undefined;
  /** What the call is part of (an agent file, the run) is out of time sooner than the call itself, then. */
  readonly dueInMs?: number | undefined;
  /** Gets what the body logs while it runs, once it takes longer than a moment; the outcome's `logs` are those that came after. Never called once the outcome is there. */
  onLogs?(logs: readonly CodeLog[]): void;
}

/** What an agent asks people. */
export interface Question {
  /** Its path. */
  readonly agent: string;
  /** Who alone may answer; absent = anyone. */
  readonly approvers?: readonly string[] | undefined;
}

export interface AnswersPort {
  /** Takes the question at once; resolves with its first answer, by someone who may give it. Rejects with the signal's reason when that fires first. */
  ask(question: Question, signal: AbortSignal): Promise<ApprovalAnswer>;
}

/** Where the signals come from that `wait: {for_signal}` waits for. */
export interface SignalsPort {
  /**
   * Takes the oldest signal of that name that nobody has taken, or the next one that comes; who waits longest gets it. It is taken for good. Rejects with the signal's reason when that fires
   * first: none is taken then. An agent whose attempt a crash cut short gets what had been given to it.
   */
  take(agent: string, name: string, signal: AbortSignal): Promise<TakenSignal>;
}

export interface TakenSignal {
  readonly data?: JsonValue | undefined;
}

/** One start of one agent: the same after a crash, and no other start of the run is called so. */
export type StartName = string;

/** What became of the tries of an agent so far. */
export type StepTry =
  /** `isSecret`: it holds what no log may show. */
  | { readonly type: 'end'; readonly end: JsonValue; readonly isSecret: boolean }
  /** The last try failed, which is on record. `message` holds no secret. */
  | { readonly type: 'failed'; readonly message: string }
  /** The same; another try is to follow after `afterMs`. */
  | { readonly type: 'again'; readonly afterMs: number; readonly message: string }
  /** What is around the agent was stopped: nobody waits for its end any more. */
  | { readonly type: 'stopped' };

export interface StepOptions {
  readonly maxAttempts: number;
  /** Of one try, which sees to it by itself. */
  readonly timeoutMs: number | undefined;
}

export interface StepWait {
  readonly start: StartName;
  /** The path of the agent. */
  readonly agent: string;
  /** Epoch ms; absent = it waits as long as it takes. */
  readonly until: number | undefined;
}

/** Of a host that keeps the work of each agent as a step of its own, and waits in its own way (`engine: workflows`). */
export interface StepsPort {
  /**
   * Calls `makeTry` until it does not ask for another, with the pauses that it asks for in between, and keeps the end that it gave: asked for the same start after a crash it gives that again, and
   * calls nothing. Rejects when there is no end.
   */
  tries(start: StartName, options: StepOptions, makeTry: () => Promise<StepTry>): Promise<JsonValue>;
  /** As the clock's. */
  sleep(start: StartName, ms: number, signal: AbortSignal): Promise<void>;
  /** The agent begins to wait for an answer or a signal, which come in as in any run; the host wakes the run for them. Until the signal fires. */
  listen(wait: StepWait, signal: AbortSignal): void;
}

/** Where requests must not go. */
export interface NetworkPolicy {
  /** Why nothing may be sent to the address, in words that complete "it is not sent: …"; undefined where it may. */
  refuse(url: URL): string | undefined;
}

export interface Ports {
  readonly clock: Clock;
  /** A uniform draw from [0, 1), for jitter. */
  random(): number;
  uuid(): string;
  fetch(request: Request): Promise<Response>;
  /** Absent where requests may go anywhere: on the machine of who runs the ensemble. */
  readonly network?: NetworkPolicy;
  readonly bindings: Bindings;
  readonly code: CodeRunner;
  /** Absent where the engine itself makes tries, pauses and waits. */
  readonly steps?: StepsPort;
  /** Where the answers of people come from, for `approval`. Absent where nobody can be asked. */
  readonly answers?: AnswersPort;
  /** Absent where no signal can come in. */
  readonly signals?: SignalsPort;
  /** The object that holds one state scope, for `backend: durable-object`. Absent where the host has none. */
  readonly stateObject?: (scope: string) => StateObjectPort;
  /** Variables and secrets (LANGUAGE §3.2 `env`). */
  readonly env: Readonly<Record<string, string>>;
  /** Names in `env` whose values are secret: redacted in every event. */
  readonly secrets: readonly string[];
}
