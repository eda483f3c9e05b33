import type { Failure } from '../../program/failure.ts';
import type { JsonObject, JsonValue } from '../../program/json.ts';
import type { HttpResponseInfo, RunEvent, RunStatus, Usage } from '../../program/run-event.ts';

/** How far an agent is, by its latest events. An agent file that is retried starts its inner agents anew: the latest result counts. */
export interface AgentSnapshot {
  readonly status: 'running' | 'finished' | 'failed' | 'skipped';
  /** Tries begun, 0 for a skipped agent. */
  readonly attempts: number;
  /** Epoch ms of its `agent.started` or `agent.skipped`. */
  readonly at: number;
  readonly duration_ms?: number;
  readonly output?: JsonValue;
  readonly failure?: Failure;
  readonly handled?: boolean;
  readonly tainted: boolean;
  readonly cached?: boolean;
  readonly response?: HttpResponseInfo;
  readonly usage?: Usage;
  readonly model?: string;
  /** The agent that this one undoes. */
  readonly compensates?: string;
}

/** What a flow step has decided, as its `step.decided` says: of a while each round, of a loop only that it ended early. */
export type Decision = Pick<Extract<RunEvent, { readonly type: 'step.decided' }>, 'took' | 'saw' | 'round'>;

/** How far a flow step is, by its latest events. What lies in it is listed by its own path, with the position in the loop: `fetch[3]`. */
export interface StepSnapshot {
  readonly status: 'running' | 'finished' | 'failed';
  readonly kind: Extract<RunEvent, { readonly type: 'step.started' }>['kind'];
  /** Epoch ms of its `step.started`. */
  readonly at: number;
  /** What a loop goes over. */
  readonly items?: readonly JsonValue[];
  readonly branches?: number;
  readonly decided: readonly Decision[];
  readonly duration_ms?: number;
  readonly output?: JsonValue;
  readonly rounds?: number;
  readonly failure?: Failure;
  /** The agent whose failure it is. */
  readonly failedAgent?: string;
  readonly handled?: boolean;
  readonly tainted: boolean;
}

/** One write of an agent that no commit has covered yet: what a resumed run hands to its state session again. */
export interface PendingSet {
  readonly agent: string;
  readonly at: number;
  readonly values: JsonObject;
  readonly writes: JsonObject;
  readonly tainted: readonly string[];
}

/** The state of one body as it stood. `values` holds what was loaded and what agents set since. */
export interface StateSnapshot {
  readonly scope: string;
  readonly backend: string;
  readonly version?: number;
  readonly values: JsonObject;
  /** Epoch ms by key, for `valid_for`. */
  readonly writtenAt: Readonly<Record<string, number>>;
  readonly tainted: readonly string[];
  readonly pending: readonly PendingSet[];
}

/** What an agent waits for, as its `run.waiting` says. `at`: since when, epoch ms. */
export interface WaitingSnapshot
  extends Pick<Extract<RunEvent, { readonly type: 'run.waiting' }>, 'reason' | 'until' | 'prompt' | 'signal'> {
  readonly at: number;
}

/** All that a journal says about a run: what status pages show and what a resumed run starts from. Plain data. */
export interface RunSnapshot {
  readonly run: string;
  /** The `seq` that the next event will have. */
  readonly nextSeq: number;
  readonly status: RunStatus;
  readonly format: number;
  readonly ensemble: string;
  readonly file: string;
  /** The program's hash. */
  readonly program: string;
  readonly input: JsonValue;
  readonly trigger?: JsonValue;
  /** Top-level agents in order, whether they ran or not. */
  readonly order: readonly string[];
  readonly attempt: number;
  /** No agent begins until it is resumed, whatever it waits for. */
  readonly paused: boolean;
  readonly startedAt: number;
  readonly finishedAt?: number;
  /** The agents that wait, by path, in the order in which they began to. The run's status is `waiting` while there are any, unless it is paused. */
  readonly waiting: ReadonlyMap<string, WaitingSnapshot>;
  /** By step path, in the order in which they first appeared. */
  readonly agents: ReadonlyMap<string, AgentSnapshot>;
  /** Flow steps, by their path. */
  readonly flow: ReadonlyMap<string, StepSnapshot>;
  /** What is undone since a body failed, in this order, by the path of the agent whose file it is; the ensemble's own is `''`. */
  readonly compensating: ReadonlyMap<string, readonly string[]>;
  /** By the path of the agent whose file it belongs to; the ensemble's own is `''`. */
  readonly states: ReadonlyMap<string, StateSnapshot>;
  readonly output?: JsonValue;
  readonly response?: { readonly status?: number; readonly headers?: JsonObject };
  readonly failure?: Failure;
  /** The agent whose failure ended the run. */
  readonly failedAgent?: string;
  readonly steps?: number;
  readonly usage?: Usage;
}
