import type { JsonValue } from '../../program/json.ts';
import { listAgents } from '../../program/list-agents.ts';
import type { AgentStep, BindingNeed, Program, StatePlan } from '../../program/program.ts';
import { templateSource } from '../../runtime/engine/template-source.ts';

export interface PlannedAgent {
  readonly agent: string;
  readonly operation: string;
  readonly condition?: string;
  /** Earlier agents and state keys that it may read. */
  readonly reads: readonly string[];
  /** State keys that it sets. */
  readonly writes: readonly string[];
  readonly attempts: number;
  readonly timeout_ms?: number;
  readonly handles_failure: boolean;
}

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
  readonly agents: readonly PlannedAgent[];
  readonly bindings: readonly BindingNeed[];
  readonly limits: Program['limits'];
}

/** Reads the plan off a program; nothing is evaluated and nothing runs. */
export function buildPlan(program: Program, input: JsonValue): RunPlan {
  const { state } = program.body;
  return {
    ensemble: program.ensemble,
    ...(program.version === undefined ? {} : { version: program.version }),
    file: program.file,
    input,
    state: {
      backend: state.backend,
      key: templateSource(state.key),
      ...(state.binding === undefined ? {} : { binding: state.binding }),
      ...(state.schema === undefined ? {} : { keys: Object.keys(state.schema) }),
    },
    agents: [...listAgents(program)].map(({ step, path }) => planAgent(step, path, program)),
    bindings: program.bindings,
    limits: program.limits,
  };
}

function planAgent(step: AgentStep, path: string, program: Program): PlannedAgent {
  return {
    agent: path,
    operation: operationOf(step, program),
    ...(step.condition === undefined ? {} : { condition: templateSource(step.condition) }),
    reads: [
      ...step.reads.agents,
      ...(step.useAll ? ['state'] : step.use.map((key) => `state.${key}`)),
      ...(step.reads.trigger ? ['trigger'] : []),
    ],
    writes: writesOf(step).map((key) => `state.${key}`),
    attempts: step.retry.maxAttempts,
    ...(step.timeoutMs === undefined ? {} : { timeout_ms: step.timeoutMs }),
    handles_failure: step.handlesFailure,
  };
}

function operationOf({ action }: AgentStep, program: Program): string {
  if (action.type === 'body') {
    const called = program.files[action.file];
    return `${called?.kind === 'ensemble' ? 'ensemble' : 'agent file'} ${called?.name ?? action.file}`;
  }
  if (action.type === 'operation') return action.operation;
  return action.network ? 'code, with network' : 'code';
}

function writesOf({ set }: AgentStep): readonly string[] {
  if (set.type === 'none') return [];
  return set.type === 'same' ? set.keys : set.fields.map(({ key }) => key);
}
