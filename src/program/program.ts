import type { Hole, Place, Template } from './expression.ts';
import type { JsonSchema, JsonValue } from './json.ts';
import type { TriggerPlan } from './trigger.ts';

/** The version of this data format. A reader refuses a newer one and keeps reading older ones. */
export const PROGRAM_FORMAT = 2;

/**
 * A compiled ensemble: frozen, plain JSON, all that the engine needs. It is hashed, stored with each run and shipped as it is.
 * The compiler (`language/`) makes it; the engine (`runtime/`) runs it; neither knows the other.
 */
export interface Program {
  readonly format: typeof PROGRAM_FORMAT;
  readonly ensemble: string;
  readonly version?: string;
  readonly description?: string;
  /** The file it was compiled from, relative to the project root, with forward slashes. */
  readonly file: string;
  readonly body: Body;
  /** The agent files and ensembles that it runs, each once, by their path: a file that runs itself again refers to itself here. */
  readonly files: Readonly<Record<string, CalledFile>>;
  readonly limits: Limits;
  readonly triggers: readonly TriggerPlan[];
  /** Absent = a Durable Object runs it. */
  readonly engine?: 'workflows';
  /** ES module sources of the code agents, by module name; each `export default`s `async (scope) => value` (see CodeScope in runtime). */
  readonly modules: Readonly<Record<string, CodeModule>>;
  /** Bindings that the ensemble names; `undefined` names (the defaults) are listed as kind alone. */
  readonly bindings: readonly BindingNeed[];
}

/** An agent file or an ensemble that a step of the program runs (LANGUAGE §6.5, §9). */
export interface CalledFile {
  readonly kind: 'agent' | 'ensemble';
  /** The name that the file gives itself. */
  readonly name: string;
  readonly version?: string;
  /** Relative to the project root, with forward slashes: what places inside refer to. */
  readonly file: string;
  readonly body: Body;
  /** Of an ensemble: they hold for what it does itself, beside those of whoever runs it. */
  readonly limits: Limits;
}

export interface CodeModule {
  readonly source: string;
  /** Module text is the author's own file (`script:`): its default export takes `(context)`; inline bodies too, generated. */
  readonly kind: 'inline' | 'script';
  readonly network: boolean;
  /** Inline only: lines of `source` before the author's first one, and where that one stands in the file. */
  readonly lineOffset?: number;
  readonly place?: Place;
}

export interface BindingNeed {
  readonly kind: 'kv' | 'd1' | 'r2' | 'durable-object';
  readonly name?: string;
}

/** A number, or a template that gives one (a duration text for `maxDurationMs`) once the state is open: limits may read everything (LANGUAGE §4.1). */
export type Limit = number | Template;

export interface Limits {
  readonly maxDurationMs?: Limit;
  readonly maxSteps?: Limit;
  readonly maxTokens?: Limit;
  readonly maxCostUsd?: Limit;
}

/** A sequence of steps over one state: the ensemble itself, an agent file, or an ensemble that another one runs. */
export interface Body {
  /** Expanded JSON Schema of type object with `properties`, `required` and `default`s; absent = any object. */
  readonly input?: JsonSchema;
  readonly state: StatePlan;
  readonly steps: readonly Step[];
  /** Absent = the last agent's output. */
  readonly output?: OutputPlan;
  /** How many of `steps` may be at work at once (LANGUAGE §6.3). */
  readonly concurrency: number;
  /** For each of `steps` the positions of the earlier ones that must be over before it begins. Present when `concurrency` is above 1. */
  readonly dependencies?: readonly (readonly number[])[];
}

export type OutputPlan =
  | { readonly type: 'value'; readonly value: Template }
  | { readonly type: 'responses'; readonly responses: readonly ResponsePlan[] };

export interface ResponsePlan {
  readonly when?: Template;
  readonly status?: Template;
  readonly headers?: Template;
  readonly body?: Template;
}

export type Reducer = 'replace' | 'append' | 'merge' | 'add' | 'min' | 'max' | 'union';
export type StateBackendName = 'memory' | 'kv' | 'd1' | 'durable-object';

export interface StatePlan {
  readonly backend: StateBackendName;
  /** The scope key (LANGUAGE §4 `key`); default a constant: the ensemble's name, `agent:<name>` in an agent file. */
  readonly key: Template;
  readonly binding?: string;
  /** Absent = every key is allowed. */
  readonly schema?: Readonly<Record<string, StateKeyPlan>>;
  readonly initial?: Template;
  readonly persist: 'on_success' | 'each' | 'always';
  readonly onConflict: 'merge' | 'fail' | 'overwrite';
}

export interface StateKeyPlan {
  readonly schema: JsonSchema;
  readonly default?: JsonValue;
  /** One written by the author reads the parameters `current` and `incoming`, and nothing else. */
  readonly reducer: Reducer | { readonly expression: Hole };
  readonly validForMs?: number;
  readonly secret: boolean;
}

/** A step of a body (LANGUAGE §6): an agent, or a flow step with steps of its own. */
export type Step = AgentStep | FlowStep;

export type FlowStep = ParallelStep | BranchStep | SwitchStep | ForeachStep | WhileStep | TryStep | MapReduceStep;
export type FlowKind = FlowStep['type'];

interface StepBase {
  /**
   * Unique in its body and stable across runs: the name, or for a flow step without one `foreach#2`, the second of its kind. With the body's path before it and the
   * iteration behind it (`outer[3]/inner`) it names the step in events, journal and idempotency keys.
   */
  readonly path: string;
  readonly place: Place;
  /**
   * True when a failure lets the run go on: `onError` is not `fail`, or some expression reads `.failed .error .failure .success` (LANGUAGE §2.2). In a `try` it is
   * the try that handles it.
   */
  readonly handlesFailure: boolean;
}

interface FlowStepBase extends StepBase {
  /** Its result is read by this name. */
  readonly name?: string;
}

/** Every step of the list is a branch; all run side by side. */
export interface ParallelStep extends FlowStepBase {
  readonly type: 'parallel';
  readonly steps: readonly Step[];
  /** `all` succeed · `any`: the first that succeeds · `first`: the first that ends. The rest is cancelled. */
  readonly waitFor: 'all' | 'any' | 'first';
}

export interface BranchStep extends FlowStepBase {
  readonly type: 'branch';
  readonly condition: Template;
  readonly then: readonly Step[];
  readonly else: readonly Step[];
}

export interface SwitchStep extends FlowStepBase {
  readonly type: 'switch';
  readonly value: Template;
  /** A case is the value as text: `String(value)` decides. */
  readonly cases: readonly { readonly value: string; readonly steps: readonly Step[] }[];
  readonly default: readonly Step[];
}

export interface ForeachStep extends FlowStepBase {
  readonly type: 'foreach';
  readonly items: Template;
  readonly steps: readonly Step[];
  readonly concurrency: number;
  /** Looked at after each iteration, in its scope; no iteration begins once it was truthy. */
  readonly breakWhen?: Template;
  /** A `loop` on an agent (LANGUAGE §6.2): `steps` is that agent alone, which has the name and the path of this step. */
  readonly loop: boolean;
  /** Of a `loop`: a condition that reads nothing of the iteration; falsy = the agent is skipped as a whole. */
  readonly condition?: Template;
}

export interface WhileStep extends FlowStepBase {
  readonly type: 'while';
  readonly condition: Template;
  readonly steps: readonly Step[];
  readonly maxIterations: number;
}

export interface TryStep extends FlowStepBase {
  readonly type: 'try';
  readonly steps: readonly Step[];
  readonly catch: readonly Step[];
  readonly finally: readonly Step[];
}

export interface MapReduceStep extends FlowStepBase {
  readonly type: 'map-reduce';
  readonly items: Template;
  readonly map: readonly Step[];
  readonly reduce: readonly Step[];
  readonly concurrency: number;
}

export interface AgentStep extends StepBase {
  readonly type: 'agent';
  /** Its result is read by this name: that of the agent, or the `id` of the entry of `flow:` that runs it. */
  readonly name: string;
  /** The name that `agents:` gives it, where `flow:` runs it by an `id`: its own expressions read its result by that name too. */
  readonly definedAs?: string;
  readonly action: Action;
  readonly condition?: Template;
  readonly input?: Template;
  readonly use: readonly string[];
  /** `use: [state]` without a schema key of that name: the whole object. */
  readonly useAll: boolean;
  readonly set: SetPlan;
  readonly retry: RetryPlan;
  /** Of each try. */
  readonly timeoutMs?: number;
  /** Of all tries and the pauses between them. */
  readonly totalTimeoutMs?: number;
  /** `onError` with a list: what runs, with `error` in scope, once the agent has failed. */
  readonly handlers?: readonly Step[];
  readonly cache?: CachePlan;
  /** Runs when the run fails after this agent succeeded (LANGUAGE §2.4). Its path is its own name, or `charge:compensate`. */
  readonly compensate?: AgentStep;
  readonly outputSchema?: JsonSchema;
  readonly rejectTainted: boolean;
  /** What the agent's condition, input, config and code read: for taint (LANGUAGE §4.5) and for what a code isolate is given. */
  readonly reads: Reads;
}

export interface Reads {
  readonly agents: readonly string[];
  readonly trigger: boolean;
  /** The roots of loops and handlers that it reads. */
  readonly locals: readonly ('item' | 'index' | 'loop' | 'error' | 'mapResults')[];
}

export type Action = OperationAction | CodeAction | BodyAction;

/** Runs an agent file or an ensemble with the agent's input; roots inside are its own. */
export interface BodyAction {
  readonly type: 'body';
  /** A key of `Program.files`. */
  readonly file: string;
}

export interface OperationAction {
  readonly type: 'operation';
  /** A key of the engine's operations table: `http`, `storage`, `data`, `think`, `transform`, `assert`, `log`. */
  readonly operation: string;
  readonly config: Template;
}

export interface CodeAction {
  readonly type: 'code';
  /** A key of `Program.modules`. */
  readonly module: string;
  /** The values of the body's holes, in order: bound, never spliced (LANGUAGE §5 `code:` bodies). */
  readonly holes: readonly Template[];
  /** Earlier agents that the body names outside its holes (in template literals or plainly); they are handed over by name. */
  readonly agents: readonly string[];
  readonly usesEnv: boolean;
  /** The variables that an inline body reads by name: only these are handed over. Absent = which ones it reads is not visible, it is given all of them. */
  readonly envNames?: readonly string[];
  readonly network: boolean;
  /** A `script:` reads its context's `config`: the agent's other config keys. */
  readonly config?: Template;
}

/** `fields`: `set: {key: expression}`; `same`: `set: [key]` takes same-named fields of the output, or what `setState` was given. */
export type SetPlan =
  | { readonly type: 'none' }
  | { readonly type: 'fields'; readonly fields: readonly { readonly key: string; readonly value: Template }[] }
  | { readonly type: 'same'; readonly keys: readonly string[] };

/** Where the output is kept in KV for later runs (LANGUAGE §2 `cache`). */
export interface CachePlan {
  /** Absent = kept until it is deleted. */
  readonly ttlMs?: number;
  /** Absent = the agent's evaluated config and input tell outputs apart. */
  readonly key?: Template;
  /** The KV binding; absent = the first. */
  readonly binding?: string;
}

export interface RetryPlan {
  readonly maxAttempts: number;
  readonly backoff: 'exponential' | 'linear' | 'fixed';
  readonly initialDelayMs: number;
  readonly maxDelayMs: number;
  readonly jitter: boolean;
  readonly retryOn: readonly number[];
}
