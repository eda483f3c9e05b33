import type { JsonValue } from '../../program/json.ts';
import type { EventBody, HttpResponseInfo, LogLevel, RunEvent, Usage } from '../../program/run-event.ts';
import type { Ports } from '../ports.ts';

/** What a `run.waiting` says beside the agent. */
export type Waiting = Omit<Extract<EventBody, { readonly type: 'run.waiting' }>, 'type' | 'agent'>;

/** What an operation may use while it runs. */
export interface OperationContext {
  readonly ports: Ports;
  /** The agent's path, as events name it. */
  readonly agent: string;
  /** Which start of the agent it is: for `ports.steps`. */
  readonly start: string;
  /** Fires when the attempt times out or the run is cancelled; an operation must really stop then. */
  readonly signal: AbortSignal;
  /** `run/step`, the same for every attempt: sent as `Idempotency-Key` on non-GET requests. */
  readonly idempotencyKey: string;
  /** The agent's `schema.output`, expanded (think asks the model for it). */
  readonly outputSchema: JsonValue | undefined;
  /** The text without any secret that the run knows. Needed only before a text is cut: events are redacted anyway, but half a secret would not be found. */
  redact(text: string): string;
  log(level: LogLevel, message: string): void;
  warn(code: string, message: string): void;
  /** The `run.waiting` of this very attempt, when a crash cut it short: it goes on waiting for the same, until the same time, and tells of it no more. */
  readonly waited?: Extract<RunEvent, { readonly type: 'run.waiting' }> | undefined;
  /** Journals that the run waits, and what for. Wait only once this is done: what led here is written then (DESIGN §1). */
  waits(waiting: Waiting): Promise<void> | undefined;
}

/** What an operation hands back. `failed` carries what is known (usage, response) beside the failure. */
export interface OperationResult {
  readonly output: JsonValue | undefined;
  readonly response?: HttpResponseInfo;
  readonly usage?: Usage;
  readonly model?: string;
}

/**
 * One kind of work. `config` arrives with all expressions evaluated; it is untrusted data, so `run` checks it and throws
 * `failure('CONFIG_INVALID', …)` naming the key, what was found and what is expected. Errors are `FailureError`s; a failed http or
 * think call attaches what is known by throwing `OperationFailure`.
 */
export interface Operation {
  readonly name: string;
  /** True when it acts on or reads the outside: the journal is written before it starts. */
  readonly effect: boolean;
  /** It does nothing but wait, for which a host may have its own way. */
  readonly waits?: boolean;
  /** True for `http think tools email` (LANGUAGE §4.5): its output is tainted. */
  readonly taints: boolean;
  run(config: JsonValue, context: OperationContext): Promise<OperationResult> | OperationResult;
}
