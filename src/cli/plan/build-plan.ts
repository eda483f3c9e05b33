import type { JsonValue } from '../../program/json.ts';
import type { AgentStep, Body, FlowStep, ForeachStep, Program, Step } from '../../program/program.ts';
import { stepBlocks } from '../../program/step-blocks.ts';
import { templateSource } from '../../runtime/engine/template-source.ts';
import type { PlannedAgent, PlannedBlock, PlannedFlow, PlannedLoop, PlannedStep, RunPlan } from './run-plan.ts';

/** Reads the plan off a program; nothing is evaluated and nothing runs. */
export function buildPlan(program: Program, input: JsonValue): RunPlan {
  const { state, concurrency } = program.body;
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
    concurrency,
    steps: planBody(program.body, { program, path: '', entered: new Set([program.file]) }),
    bindings: program.bindings,
    limits: program.limits,
  };
}

interface Planning {
  readonly program: Program;
  /** Of the body, with a slash at its end. */
  readonly path: string;
  /** Files whose steps are in the plan: one that runs itself has no end. */
  readonly entered: Set<string>;
}

function planBody({ steps, dependencies }: Body, planning: Planning): readonly PlannedStep[] {
  return steps.map((step, index) => {
    const planned = planStep(step, planning);
    if (dependencies === undefined) return planned;
    const waitsFor = withoutImplied(dependencies[index] ?? [], dependencies);
    return { ...planned, waits_for: waitsFor.map((position) => planning.path + (steps[position]?.path ?? '')) };
  });
}

/** The positions that no other of them waits for already: a step that waits for the last of a chain waits for all of it. */
function withoutImplied(positions: readonly number[], dependencies: NonNullable<Body['dependencies']>): readonly number[] {
  const implied = new Set(positions.flatMap((position) => dependencies[position] ?? []));
  return positions.filter((position) => !implied.has(position));
}

function planStep(step: Step, planning: Planning): PlannedStep {
  if (step.type === 'agent') return planAgent(step, planning);
  const [looped] = step.type === 'foreach' && step.loop ? step.steps : [];
  return step.type === 'foreach' && looped?.type === 'agent'
    ? { ...planAgent(looped, planning), loop: planLoop(step), handles_failure: step.handlesFailure }
    : planFlow(step, planning);
}

function planLoop({ items, concurrency, condition }: ForeachStep): PlannedLoop {
  return {
    items: templateSource(items),
    concurrency,
    ...(condition === undefined ? {} : { condition: templateSource(condition) }),
  };
}

function planFlow(step: FlowStep, planning: Planning): PlannedFlow {
  return {
    step: planning.path + step.path,
    kind: step.type,
    ...flowFacts(step),
    handles_failure: step.handlesFailure,
    blocks: planBlocks(step, planning),
  };
}

function flowFacts(step: FlowStep): Partial<PlannedFlow> {
  switch (step.type) {
    case 'parallel':
      return { wait_for: step.waitFor };
    case 'branch':
      return { condition: templateSource(step.condition) };
    case 'switch':
      return { value: templateSource(step.value) };
    case 'foreach': {
      const breaks = step.breakWhen === undefined ? {} : { break_when: templateSource(step.breakWhen) };
      return { items: templateSource(step.items), concurrency: step.concurrency, ...breaks };
    }
    case 'while':
      return { condition: templateSource(step.condition), max_iterations: step.maxIterations };
    case 'map-reduce':
      return { items: templateSource(step.items), concurrency: step.concurrency };
    case 'try':
      return {};
    default:
      return step satisfies never;
  }
}

function planAgent(step: AgentStep, planning: Planning): PlannedAgent {
  return {
    agent: planning.path + step.path,
    operation: operationOf(step, planning.program),
    ...(step.condition === undefined ? {} : { condition: templateSource(step.condition) }),
    reads: [
      ...step.reads.agents,
      ...(step.useAll ? ['state'] : step.use.map((key) => `state.${key}`)),
      ...(step.reads.trigger ? ['trigger'] : []),
    ],
    writes: writesOf(step).map((key) => `state.${key}`),
    attempts: step.retry.maxAttempts,
    ...(step.timeoutMs === undefined ? {} : { timeout_ms: step.timeoutMs }),
    ...(step.totalTimeoutMs === undefined ? {} : { total_timeout_ms: step.totalTimeoutMs }),
    ...(step.cache === undefined ? {} : { cache: planCache(step.cache) }),
    handles_failure: step.handlesFailure,
    blocks: [...planFile(step, planning), ...planBlocks(step, planning)],
  };
}

function planCache({ key, ttlMs }: NonNullable<AgentStep['cache']>): NonNullable<PlannedAgent['cache']> {
  return { ...(key === undefined ? {} : { key: templateSource(key) }), ...(ttlMs === undefined ? {} : { ttl_ms: ttlMs }) };
}

function planBlocks(step: Step, planning: Planning): readonly PlannedBlock[] {
  return stepBlocks(step).map(({ name, value, steps }) => ({
    block: name,
    ...(value === undefined ? {} : { value }),
    steps: steps.map((inner) => planStep(inner, planning)),
  }));
}

function planFile({ action, path }: AgentStep, { program, path: outer, entered }: Planning): readonly PlannedBlock[] {
  const called = action.type === 'body' ? program.files[action.file] : undefined;
  if (called === undefined || entered.has(called.file)) return [];
  entered.add(called.file);
  return [{ block: 'file', steps: planBody(called.body, { program, path: `${outer}${path}/`, entered }) }];
}

function operationOf({ action }: AgentStep, program: Program): string {
  if (action.type === 'body') {
    const called = program.files[action.file];
    const version = called?.version === undefined ? '' : ` ${called.version}`;
    return `${called?.kind === 'ensemble' ? 'ensemble' : 'agent file'} ${called?.name ?? action.file}${version}`;
  }
  if (action.type === 'operation') return action.operation;
  return action.network ? 'code, with network' : 'code';
}

function writesOf({ set }: AgentStep): readonly string[] {
  if (set.type === 'none') return [];
  return set.type === 'same' ? set.keys : set.fields.map(({ key }) => key);
}
