import type { AgentStep, CachePlan, ForeachStep, Reads, SetPlan } from '../../program/program.ts';
import { usesAll } from '../model/body-model.ts';
import { asksEachItem } from '../model/failure-reads.ts';
import { type ParsedAgent, workReads } from '../model/parsed-body.ts';
import { boundPatterns } from './bound-patterns.ts';
import { buildAction } from './build-action.ts';
import { type LoopParts, takeLoop } from './build-loop.ts';
import { addBinding, type StepsSite } from './build-site.ts';
import { buildSteps } from './build-steps.ts';

/**
 * The step of an agent that was found free of errors; with a `loop` a foreach over it (LANGUAGE §6.2). `id`: the name that an entry of `flow:` gives to this run of
 * it.
 */
export function buildAgent(agent: ParsedAgent, site: StepsSite, id?: string): AgentStep | ForeachStep {
  const { name, continueOnError, onErrorSteps } = agent.model;
  const ownName = id ?? name.text;
  const path = site.paths.named(ownName);
  const names = id === undefined ? { name: ownName, path } : { name: ownName, path, definedAs: name.text };
  const loop = takeLoop(agent);
  const isAsked = site.asked.has(ownName);
  if (loop === undefined) {
    return buildAgentStep(agent, { ...names, handlesFailure: continueOnError || onErrorSteps !== undefined || isAsked }, site);
  }
  // Who asks for the failure of a loop means all of it; what is handled for each item lets the others go on.
  const each = continueOnError || onErrorSteps !== undefined || asksEachItem(agent, [ownName, name.text]);
  const inner = buildAgentStep(loop.agent, { ...names, handlesFailure: each }, site);
  return buildForeach(loop, inner, continueOnError || isAsked);
}

function buildForeach({ items, condition, breakWhen, concurrency }: LoopParts, agent: AgentStep, handlesFailure: boolean): ForeachStep {
  return {
    type: 'foreach',
    name: agent.name,
    path: agent.path,
    place: agent.place,
    handlesFailure,
    items,
    steps: [agent],
    concurrency,
    ...(breakWhen !== undefined && { breakWhen }),
    loop: true,
    ...(condition !== undefined && { condition }),
  };
}

type Named = Pick<AgentStep, 'name' | 'path' | 'definedAs' | 'handlesFailure'>;

function buildAgentStep(agent: ParsedAgent, named: Named, site: StepsSite): AgentStep {
  const { model } = agent;
  const all = usesAll(model, site.body.model);
  const { attemptMs, totalMs } = model.timeout ?? {};
  const cache = buildCache(agent, site);
  return {
    type: 'agent',
    ...named,
    place: { line: model.span.line, column: model.span.column },
    action: buildAction(agent, site),
    ...(agent.condition !== undefined && { condition: agent.condition.template }),
    ...(agent.input !== undefined && { input: agent.input.template }),
    use: [...new Set(model.use.map((word) => word.text))].filter((key) => !all || key !== 'state'),
    useAll: all,
    set: buildSet(agent),
    retry: model.retry,
    ...(attemptMs !== undefined && { timeoutMs: attemptMs }),
    ...(totalMs !== undefined && { totalTimeoutMs: totalMs }),
    ...(model.onErrorSteps !== undefined && { handlers: buildSteps(model.onErrorSteps, site) }),
    ...(cache !== undefined && { cache }),
    ...buildCompensation(agent, named.path, site),
    ...(model.outputSchema !== undefined && { outputSchema: asksModel(model) ? model.outputSchema : boundPatterns(model.outputSchema) }),
    rejectTainted: model.rejectTainted,
    reads: buildReads(agent),
  };
}

/** Its schema goes to the provider as the author wrote it: some take no `maxLength`. */
function asksModel({ work }: ParsedAgent['model']): boolean {
  return work.type === 'operation' && work.operation.text === 'think';
}

/** What undoes the agent has a name of its own, or is `charge:compensate`. */
function buildCompensation({ model }: ParsedAgent, path: string, site: StepsSite): Pick<AgentStep, 'compensate'> {
  const undo = model.compensate && site.body.agents[model.compensate.index];
  if (undo === undefined) return {};
  const ownPath = undo.model.named ? site.paths.named(undo.model.name.text) : `${path}:compensate`;
  const name = undo.model.named ? undo.model.name.text : ownPath;
  return { compensate: buildAgentStep(undo, { name, path: ownPath, handlesFailure: false }, site) };
}

function buildCache({ model, cacheKey }: ParsedAgent, site: StepsSite): CachePlan | undefined {
  if (model.cache === undefined) return undefined;
  const { ttlMs, binding } = model.cache;
  addBinding({ kind: 'kv', ...(binding !== undefined && { name: binding.text }) }, site);
  return {
    ...(ttlMs !== undefined && { ttlMs }),
    ...(cacheKey !== undefined && { key: cacheKey.template }),
    ...(binding !== undefined && { binding: binding.text }),
  };
}

const LOCALS: Reads['locals'] = ['item', 'index', 'loop', 'error', 'mapResults'];

function buildReads(agent: ParsedAgent): Reads {
  const reads = workReads(agent);
  return {
    agents: [...new Set(reads.filter(({ kind }) => kind === 'agent').map(({ name }) => name))],
    trigger: reads.some(({ kind, name }) => kind === 'root' && name === 'trigger'),
    locals: LOCALS.filter((local) => reads.some(({ kind, name }) => kind === 'root' && name === local)),
  };
}

/** Without `set`, what a body visibly hands to `setState` is what it sets. */
function buildSet({ model, set, code }: ParsedAgent): SetPlan {
  if (model.set.type === 'fields')
    return { type: 'fields', fields: set.map(({ key, value }) => ({ key: key.text, value: value.template })) };
  const written = code?.type === 'inline' ? code.body.stateWrites.flatMap(({ key }) => key ?? []) : [];
  const keys = model.set.type === 'same' ? model.set.keys.map((key) => key.text) : written;
  return keys.length === 0 ? { type: 'none' } : { type: 'same', keys: [...new Set(keys)] };
}
