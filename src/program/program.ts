import type { Place, Template } from './expression.ts';
import type { JsonSchema, JsonValue } from './json.ts';

/** The version of this data format. A reader refuses a newer one and keeps reading older ones. */
export const PROGRAM_FORMAT = 1;

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
  readonly limits: Limits;
  readonly triggers: readonly Template[];
  /** ES module sources of the code agents, by module name; each `export default`s `async (scope) => value` (see CodeScope in runtime). */
  readonly modules: Readonly<Record<string, CodeModule>>;
  /** Bindings that the ensemble names; `undefined` names (the defaults) are listed as kind alone. */
  readonly bindings: readonly BindingNeed[];
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

/** A sequence of steps over one state: the ensemble itself, an agent file, or (issue 4) a sub-ensemble. */
export interface Body {
  /** Expanded JSON Schema of type object with `properties`, `required` and `default`s; absent = any object. */
  readonly input?: JsonSchema;
  readonly state: StatePlan;
  readonly steps: readonly Step[];
  /** Absent = the last agent's output. */
  readonly output?: OutputPlan;
  readonly concurrency: number;
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
  readonly reducer: Reducer | { readonly expression: Template };
  readonly validForMs?: number;
  readonly secret: boolean;
}

/**
 * A step of a body. Only `agent` is compiled today; the others are shaped for the flow issue (LANGUAGE §6) so that stored programs and
 * journals need no new waist. `path` is unique in the program and stable across runs: it names the step in events, journal and idempotency keys.
 */
export type Step =
  | AgentStep
  | {
      readonly type: 'parallel';
      readonly path: string;
      readonly name?: string;
      readonly steps: readonly Step[];
      readonly waitFor: 'all' | 'any' | 'first';
    }
  | {
      readonly type: 'branch';
      readonly path: string;
      readonly name?: string;
      readonly condition: Template;
      readonly then: readonly Step[];
      readonly else: readonly Step[];
    }
  | {
      readonly type: 'switch';
      readonly path: string;
      readonly name?: string;
      readonly value: Template;
      readonly cases: readonly { readonly value: JsonValue; readonly steps: readonly Step[] }[];
      readonly default: readonly Step[];
    }
  | {
      readonly type: 'foreach';
      readonly path: string;
      readonly name?: string;
      readonly items: Template;
      readonly steps: readonly Step[];
      readonly concurrency: number;
      readonly breakWhen?: Template;
    }
  | {
      readonly type: 'while';
      readonly path: string;
      readonly name?: string;
      readonly condition: Template;
      readonly steps: readonly Step[];
      readonly maxIterations: number;
    }
  | {
      readonly type: 'try';
      readonly path: string;
      readonly name?: string;
      readonly steps: readonly Step[];
      readonly catch: readonly Step[];
      readonly finally: readonly Step[];
    }
  | {
      readonly type: 'map-reduce';
      readonly path: string;
      readonly name?: string;
      readonly items: Template;
      readonly map: readonly Step[];
      readonly reduce: readonly Step[];
      readonly concurrency: number;
    };

export interface AgentStep {
  readonly type: 'agent';
  readonly name: string;
  /** `name` at top level, `outer/inner` inside an agent file. */
  readonly path: string;
  readonly place: Place;
  readonly action: Action;
  readonly condition?: Template;
  readonly input?: Template;
  readonly use: readonly string[];
  /** `use: [state]` without a schema key of that name: the whole object. */
  readonly useAll: boolean;
  readonly set: SetPlan;
  readonly retry: RetryPlan;
  readonly timeoutMs?: number;
  /** True when a failure lets the run go on: `onError: continue`, or some expression reads `.failed .error .failure .success` (LANGUAGE §2.2). */
  readonly handlesFailure: boolean;
  readonly outputSchema?: JsonSchema;
  readonly rejectTainted: boolean;
  /** What the agent's condition, input, config and code read: for taint (LANGUAGE §4.5) and for what a code isolate is given. */
  readonly reads: Reads;
}

export interface Reads {
  readonly agents: readonly string[];
  readonly trigger: boolean;
}

export type Action = OperationAction | CodeAction | BodyAction;

/** An agent file: its body runs with the agent's input; roots inside are its own. */
export interface BodyAction {
  readonly type: 'body';
  /** The name that the file gives itself. */
  readonly agentFile: string;
  /** Where the file lies, relative to the project root, with forward slashes: what places inside refer to. */
  readonly file: string;
  readonly version?: string;
  readonly body: Body;
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

export interface RetryPlan {
  readonly maxAttempts: number;
  readonly backoff: 'exponential' | 'linear' | 'fixed';
  readonly initialDelayMs: number;
  readonly maxDelayMs: number;
  readonly jitter: boolean;
  readonly retryOn: readonly number[];
}
