import type { EngineName } from '../../program/deployment.ts';
import type { Span } from '../../program/diagnostic.ts';
import type { JsonSchema, JsonValue } from '../../program/json.ts';
import type { Limits, Reducer, RetryPlan, StateBackendName, StatePlan } from '../../program/program.ts';
import type { Located, LocatedMapping, LocatedScalar } from '../document/located.ts';
import type { Word } from './fields.ts';
import type { StepModel } from './step-model.ts';

/** An ensemble or an agent file, typed: aliases resolved, durations in milliseconds, short-form schemas expanded, every part in its place. */
export interface BodyModel {
  readonly kind: 'ensemble' | 'agent';
  readonly file: string;
  /** Where the whole file is meant. */
  readonly span: Span;
  /** The file's root as the author wrote it, for rules about spelling and layout. */
  readonly source: LocatedMapping;
  readonly name: Word;
  readonly version?: string;
  readonly description?: string;
  readonly input?: JsonSchema;
  readonly state: StateModel;
  /**
   * Every agent, in the order of the file: those inside flow steps, in `onError` lists, in `compensate` and in `flow:` as well, each after the
   * agent or step that holds it. `agents[index]` is the agent of that `index`.
   */
  readonly agents: readonly AgentModel[];
  /** `agents:` or `operations:` as the tree that it is (see `blocksOf`). What runs, in which order, is `flow` if there is one, else this. */
  readonly steps: readonly StepModel[];
  /** `flow:`: its entries run the agents that `agents:` defines. */
  readonly flow?: readonly StepModel[];
  /** How many agents at the top level may run side by side (LANGUAGE §6.3). */
  readonly concurrency: number;
  /** Of an ensemble that says it. */
  readonly engine?: EngineName;
  /** A single-operation agent file: its one agent is the file itself. */
  readonly single: boolean;
  readonly output?: Located;
  readonly limits: LimitsModel;
  readonly triggers: readonly Located[];
}

/** A limit that holds an expression keeps its place, to be parsed with the others. */
export type LimitsModel = { readonly [Name in keyof Limits]?: number | LocatedScalar };

export interface StateModel {
  readonly backend: StateBackendName;
  /** Where the file names it; absent when it is the default. */
  readonly backendSpan?: Span;
  readonly key?: Located;
  readonly binding?: string;
  /** Absent = every key is allowed. */
  readonly schema?: ReadonlyMap<string, StateKeyModel>;
  readonly initial?: Located;
  readonly persist: StatePlan['persist'];
  readonly onConflict: StatePlan['onConflict'];
}

export interface StateKeyModel {
  readonly name: Word;
  readonly schema: JsonSchema;
  readonly default?: { readonly value: JsonValue; readonly span: Span };
  /** One that the author wrote is an expression of `current` and `incoming` (LANGUAGE §4.4). */
  readonly reducer: Reducer | { readonly written: LocatedScalar };
  readonly validForMs?: number;
  readonly secret: boolean;
}

export interface AgentModel {
  /** For messages and expressions; of an agent that nobody named a description with spaces in it, which no expression can read. */
  readonly name: Word;
  /** False where the file gives no name: a `compensate` needs none, any other agent does. */
  readonly named: boolean;
  /** Position among all agents of its body, from 0. */
  readonly index: number;
  readonly span: Span;
  /** The agent as the author wrote it. */
  readonly source: LocatedMapping;
  readonly work: Work;
  readonly condition?: Located;
  readonly input?: Located;
  /** The settings of the operation, with those that stood beside it folded in and `reject_tainted` taken out. */
  readonly config?: Located;
  readonly use: readonly Word[];
  readonly set: SetModel;
  readonly retry: RetryPlan;
  readonly timeout?: TimeoutModel;
  readonly cache?: CacheModel;
  readonly continueOnError: boolean;
  /** `onError` with a list: what runs instead when the agent failed. */
  readonly onErrorSteps?: readonly StepModel[];
  readonly loop?: LoopModel;
  readonly compensate?: AgentModel;
  readonly dependsOn: readonly Word[];
  readonly outputSchema?: JsonSchema;
  readonly rejectTainted: boolean;
  readonly unsupported: readonly UnsupportedUse[];
}

/** `timeout: 30s` is of each try; `timeout: { attempt, total }` may also bound all tries and the pauses between them. */
export interface TimeoutModel {
  readonly attemptMs?: number;
  readonly totalMs?: number;
}

/** `cache:` of an agent (LANGUAGE §2); without a key, its config and input tell runs apart. */
export interface CacheModel {
  readonly ttlMs?: number;
  readonly key?: Located;
  /** The KV binding; absent = the first. */
  readonly binding?: Word;
}

/** `loop:` of an agent: it runs once for each item (LANGUAGE §6.2). */
export interface LoopModel {
  readonly span: Span;
  readonly items?: Located;
  readonly concurrency: number;
  readonly breakWhen?: Located;
}

/** What an agent does: an operation here, the agent file of the given name, another ensemble, or nothing that it names (then the agent file of its own name). */
export type Work =
  | { readonly type: 'operation'; readonly operation: Word }
  /** `file`: its name, without the version that the `reference` may ask for. */
  | { readonly type: 'agent-file'; readonly file: Word; readonly reference: Word }
  | { readonly type: 'ensemble'; readonly reference: Word }
  | { readonly type: 'own-name' }
  /** A `type` that does not exist: the shape check reports it. */
  | { readonly type: 'unknown' };

export type SetModel =
  | { readonly type: 'none' }
  | { readonly type: 'fields'; readonly fields: readonly { readonly key: Word; readonly value: Located }[] }
  | { readonly type: 'same'; readonly keys: readonly Word[] };

/** A part of the language that this version reads but cannot run yet. */
export interface UnsupportedUse {
  /** In plain words: "`loop`", "the operation `wait`". */
  readonly feature: string;
  readonly span: Span;
}

/**
 * Whether the agent sees the whole state: `use: [state]` where the schema has no key of that name (LANGUAGE §4.1). The one operation of a
 * single-operation agent file sees the file's own state without declaring it again.
 */
export function usesAll(agent: AgentModel, body: BodyModel): boolean {
  if (body.single && agent.use.length === 0) return true;
  return agent.use.some(({ text }) => text === 'state') && body.state.schema?.has('state') !== true;
}
