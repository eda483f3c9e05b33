import type { Failure } from './failure.ts';
import type { JsonObject, JsonValue } from './json.ts';
import type { FlowKind } from './program.ts';

/** The version of the event format; `run.started` carries it. An old journal stays readable. */
export const EVENT_FORMAT = 1;

/** What every event has: `seq` counts from 0 without gaps within a run; `at` is epoch milliseconds. */
export interface EventHeader {
  readonly seq: number;
  readonly at: number;
  readonly run: string;
}

export interface Usage {
  readonly input_tokens: number;
  readonly output_tokens: number;
  /** Absent when the model's price is not known. */
  readonly cost_usd?: number;
}

/** `{status, ok, headers, url}` of the last response of an http agent (LANGUAGE §2.1 `.response`). */
export interface HttpResponseInfo {
  readonly status: number;
  readonly ok: boolean;
  readonly headers: Readonly<Record<string, string>>;
  readonly url: string;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
/** `paused`: no agent begins until it is resumed. */
export type RunStatus = 'running' | 'waiting' | 'paused' | 'succeeded' | 'failed' | 'cancelled';

/**
 * The part of an event that is its own. `agent` and `step` are paths: the step's own, behind those of the agents whose files it lies in (`outer/inner`), with the position
 * in each loop around it (`fetch[3]`, `outer[3]/inner[0]`). Property names are those of the NDJSON that users read.
 */
export type EventBody =
  | {
      readonly type: 'run.started';
      readonly format: number;
      readonly ensemble: string;
      readonly file: string;
      readonly program: string;
      readonly input: JsonValue;
      readonly trigger?: JsonValue;
      readonly agents: readonly string[];
      readonly attempt: number;
    }
  /**
   * The run goes on from its journal after a crash, or is a fork that begins. What follows comes after all that stands before it; agents that had not ended are tried again. With the
   * properties of a program: from here on it is that one (`--with-current`).
   */
  | { readonly type: 'run.resumed'; readonly attempt: number; readonly program?: string; readonly agents?: readonly string[] }
  /** Events before this one, but the first, are those of the run `from` until its agent `agent` began. `values` replace what the ensemble's state held then. */
  | { readonly type: 'run.forked'; readonly from: string; readonly agent: string; readonly values?: JsonObject }
  /** No agent begins any more; what is at work goes on. */
  | { readonly type: 'run.paused'; readonly reason?: string }
  | { readonly type: 'run.continued' }
  /**
   * What is at work is stopped from outside, before it is: the run is cancelled or beyond a limit (no `agent`), or the agent of that path, which runs a file, is out of time or its ensemble
   * beyond a limit of its own. A resumed run stops the same things at the same place.
   */
  | { readonly type: 'run.stopping'; readonly agent?: string; readonly status: 'cancelled' | 'failed'; readonly failure: Failure }
  /**
   * An agent waits; its `agent.finished` or `agent.failed` says that it does no more. `until` (epoch ms) is when it goes on by itself, or when an approval or a signal is
   * given up. `prompt`, `data` and `approvers` (who alone may answer) are an approval's; `signal` is the name that a `wait` with `for_signal` waits for.
   */
  | {
      readonly type: 'run.waiting';
      readonly agent: string;
      readonly reason: 'time' | 'approval' | 'signal';
      readonly until?: number;
      readonly prompt?: string;
      readonly data?: JsonValue;
      readonly approvers?: readonly string[];
      readonly signal?: string;
    }
  /** A person answered the approval of an agent; written before the agent goes on. */
  | {
      readonly type: 'run.answered';
      readonly agent: string;
      readonly approved: boolean;
      readonly feedback?: string;
      readonly approver?: string;
      readonly data?: JsonValue;
    }
  /**
   * A signal came in. `agent`: who waits for it and goes on with it; absent = nobody waits by now, it is kept for the first `run.waiting` that names it. Each is taken once.
   */
  | { readonly type: 'run.signalled'; readonly name: string; readonly data?: JsonValue; readonly agent?: string }
  | {
      readonly type: 'run.finished';
      readonly status: 'succeeded' | 'failed' | 'cancelled';
      readonly output?: JsonValue;
      readonly response?: { readonly status?: number; readonly headers?: JsonObject };
      readonly failure?: Failure;
      readonly agent?: string;
      readonly duration_ms: number;
      readonly steps: number;
      readonly usage?: Usage;
    }
  /** `compensates`: the agent that this one undoes. */
  | { readonly type: 'agent.started'; readonly agent: string; readonly operation: string; readonly compensates?: string }
  | { readonly type: 'attempt.started'; readonly agent: string; readonly attempt: number }
  | {
      readonly type: 'attempt.failed';
      readonly agent: string;
      readonly attempt: number;
      readonly failure: Failure;
      readonly retry_in_ms?: number;
      readonly usage?: Usage;
    }
  | {
      readonly type: 'agent.finished';
      readonly agent: string;
      readonly output?: JsonValue;
      readonly attempts: number;
      readonly duration_ms: number;
      readonly tainted: boolean;
      readonly cached?: boolean;
      readonly response?: HttpResponseInfo;
      readonly usage?: Usage;
      readonly model?: string;
      readonly log_count?: number;
    }
  /**
   * `stopped`: not its own failure; what it was a part of was stopped from outside (`run.stopping`) or is no longer waited for. `handled`: by its own `onError`, or by an expression that reads its failure (LANGUAGE §2.2). A
   * `try` around it says by its `step.decided` that it caught it.
   */
  | {
      readonly type: 'agent.failed';
      readonly agent: string;
      readonly failure: Failure;
      readonly attempts: number;
      readonly duration_ms: number;
      readonly handled: boolean;
      readonly stopped?: true;
      readonly tainted: boolean;
      readonly response?: HttpResponseInfo;
      readonly usage?: Usage;
      readonly model?: string;
    }
  /** A flow step begins. `items`: what a foreach, loop or map-reduce goes over; `branches`: how many a parallel has. */
  | {
      readonly type: 'step.started';
      readonly step: string;
      readonly kind: FlowKind | 'loop';
      readonly items?: readonly JsonValue[];
      readonly branches?: number;
    }
  /**
   * What a flow step decided, and what its expression was: a resumed run never decides twice (DESIGN §3, rule 2). `took` is `then` or `else` of a branch; the case, or
   * `default`, of a switch; `catch` of a try (`saw` is its `error`); `again` or `stop` of a while (`round` from 0) and of a foreach's `breakWhen` (`round` is the iteration); the position of the
   * branch whose end decided a parallel that does not wait for all.
   */
  | { readonly type: 'step.decided'; readonly step: string; readonly took: string; readonly saw?: JsonValue; readonly round?: number }
  | {
      readonly type: 'step.finished';
      readonly step: string;
      readonly output?: JsonValue;
      readonly duration_ms: number;
      readonly tainted: boolean;
      /** Iterations that ended, of a loop. */
      readonly rounds?: number;
    }
  /** `agent`: the agent whose failure it is; absent when it is the step's own. */
  | {
      readonly type: 'step.failed';
      readonly step: string;
      readonly failure: Failure;
      readonly agent?: string;
      readonly duration_ms: number;
      readonly handled: boolean;
      readonly tainted: boolean;
    }
  /** The run failed or was cancelled: the agents that are undone now, in this order (LANGUAGE §2.4). */
  | { readonly type: 'run.compensating'; readonly agents: readonly string[]; readonly agent?: string }
  | { readonly type: 'agent.skipped'; readonly agent: string; readonly condition: string; readonly saw: JsonValue }
  | {
      readonly type: 'state.loaded';
      readonly scope: string;
      readonly backend: string;
      /** The KV or D1 binding that the ensemble names; absent = the first. */
      readonly binding?: string;
      readonly agent?: string;
      readonly version?: number;
      /** What the backend held. */
      readonly values: JsonObject;
      /** Keys that it did not hold, with their values from `initial` or `default`. */
      readonly initial?: JsonObject;
      readonly written_at?: Readonly<Record<string, number>>;
      readonly tainted?: readonly string[];
    }
  /**
   * All the state changes of one agent; written together with its `agent.finished`. `values` are the new values after the reducers; `writes` the written ones. Before the end of
   * a flow step that ran several things side by side, with the step's path as `agent`: what the keys hold once the writes are in order; `writes` has only the keys that replace.
   */
  | {
      readonly type: 'state.set';
      readonly agent: string;
      readonly values: JsonObject;
      readonly writes: JsonObject;
      readonly tainted: readonly string[];
    }
  | {
      readonly type: 'state.committed';
      readonly scope: string;
      readonly backend: string;
      readonly agent?: string;
      readonly version?: number;
      readonly keys: readonly string[];
      readonly merged: boolean;
    }
  /** The state could not be written, which fails what wanted it, or could not be read: a resumed run does not try that again. */
  | { readonly type: 'state.failed'; readonly scope: string; readonly backend: string; readonly agent?: string; readonly failure: Failure }
  /** An expression asked for something that chance or the clock decides; a resumed run gives it the same again. `now` is epoch ms. */
  | { readonly type: 'value.drawn'; readonly agent?: string; readonly source: 'now' | 'random' | 'uuid'; readonly value: number | string }
  | { readonly type: 'log'; readonly agent: string; readonly level: LogLevel; readonly message: string }
  /** Nothing fails, but the author should look: `missing-value` (an expression in text yielded nothing), `usage-unknown` … */
  | { readonly type: 'warning'; readonly code: string; readonly message: string; readonly agent?: string };

/** One event of a run: the journal's record, the NDJSON line of `--json`, what every reporter reads. A closed union. */
export type RunEvent = EventHeader & EventBody;
export type RunEventType = EventBody['type'];
