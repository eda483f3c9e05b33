import type { JsonValue } from '../../program/json.ts';
import type { BindingNeed, FlowKind, Program, StatePlan } from '../../program/program.ts';
import type { StepBlock } from '../../program/step-blocks.ts';

/** What a run would do, as `--dry-run` shows it. Property names are those of its JSON. */
export interface RunPlan {
  readonly ensemble: string;
  readonly version?: string;
  readonly file: string;
  readonly input: JsonValue;
  readonly state: {
    readonly backend: StatePlan['backend'];
    readonly key: string;
    readonly binding?: string;
    readonly keys?: readonly string[];
  };
  /** How many of `steps` may be at work at once. */
  readonly concurrency: number;
  readonly steps: readonly PlannedStep[];
  readonly bindings: readonly BindingNeed[];
  readonly limits: Program['limits'];
}

export type PlannedStep = PlannedAgent | PlannedFlow;

interface Planned {
  readonly handles_failure: boolean;
  /** The earlier steps beside it that must be over first; there where several may be at work at once. */
  readonly waits_for?: readonly string[];
  /** The lists of steps in it, as far as there are any. */
  readonly blocks: readonly PlannedBlock[];
}

export interface PlannedAgent extends Planned {
  /** Its path. */
  readonly agent: string;
  readonly operation: string;
  readonly condition?: string;
  /** It runs once for each item. */
  readonly loop?: PlannedLoop;
  /** Earlier agents and state keys that it may read. */
  readonly reads: readonly string[];
  /** State keys that it sets. */
  readonly writes: readonly string[];
  readonly attempts: number;
  /** Of each try. */
  readonly timeout_ms?: number;
  /** Of all tries together. */
  readonly total_timeout_ms?: number;
  readonly cache?: { readonly key?: string; readonly ttl_ms?: number };
}

export interface PlannedLoop {
  readonly items: string;
  readonly concurrency: number;
  /** Of the loop as a whole. */
  readonly condition?: string;
}

export interface PlannedFlow extends Planned {
  /** Its path. */
  readonly step: string;
  readonly kind: FlowKind;
  /** What it goes over, or decides by. */
  readonly items?: string;
  readonly condition?: string;
  readonly value?: string;
  readonly concurrency?: number;
  readonly break_when?: string;
  readonly max_iterations?: number;
  readonly wait_for?: 'all' | 'any' | 'first';
}

/** `file`: the steps of the agent file or ensemble that an agent runs; there after the first agent that runs it. */
export interface PlannedBlock {
  readonly block: StepBlock['name'] | 'file';
  /** Of a `case`. */
  readonly value?: string;
  readonly steps: readonly PlannedStep[];
}
