import { type AgentModel, type BodyModel, type SetModel, usesAll } from '../model/body-model.ts';
import { type ParsedAgent, type ParsedBody, stepReads } from '../model/parsed-body.ts';
import type { Read } from '../model/read.ts';
import type { StepModel } from '../model/step-model.ts';

/** What a step takes from others and what it leaves in the state, itself alone, without the steps in it. */
export interface StepAccess {
  /** Agents, flow steps and `input`; reads of an `input` that the agent gives itself are none. */
  readonly reads: readonly Read[];
  readonly readsInput: boolean;
  readonly stateReads: readonly string[];
  readonly stateWrites: readonly string[];
}

/** The access of an agent as it stands, or with what an entry of `flow:` says in place of its own settings; or of a flow step. */
export function accessOf(step: StepModel, body: ParsedBody): StepAccess {
  if (step.type === 'agent') return agentAccess(step.agent, body);
  if (step.type === 'run' && step.agent !== undefined) return agentAccess(step.agent, body, step);
  const values = body.stepValues.get(step);
  const reads = values === undefined ? [] : stepReads(values);
  return { reads, readsInput: reads.some(isInput), stateReads: readKeys(reads, body.model), stateWrites: [] };
}

function agentAccess(model: AgentModel, body: ParsedBody, run?: Extract<StepModel, { type: 'run' }>): StepAccess {
  const agent = body.agents[model.index];
  if (agent === undefined) return { reads: [], readsInput: false, stateReads: [], stateWrites: [] };
  const over = run === undefined ? undefined : body.stepValues.get(run);
  const input = over?.input ?? agent.input;
  const values = [agent.loopItems, agent.loopBreakWhen, over?.condition ?? agent.condition, agent.cacheKey, input];
  const fields = run?.state?.set === undefined ? agent.set : (over?.set ?? []);
  // Here `input` is the run's own; in the work below it is what the agent was given (LANGUAGE §2).
  const outer = [...values.flatMap((value) => value?.reads ?? []), ...fields.flatMap(({ value }) => value.reads)];
  const work = [...(agent.config?.reads ?? []), ...(agent.code?.type === 'inline' ? agent.code.body.reads : [])];
  const reads = [...outer, ...work];
  const handsOn = input === undefined && model.work.type !== 'operation' && !body.model.single;
  return {
    reads,
    readsInput: outer.some(isInput) || (input === undefined && work.some(isInput)) || handsOn,
    stateReads: usedKeys({ ...model, use: run?.state?.use ?? model.use }, reads, body.model),
    stateWrites: writtenKeys(agent, run?.state?.set ?? model.set),
  };
}

const isInput = ({ kind, name }: Read): boolean => kind === 'root' && name === 'input';

function usedKeys(agent: AgentModel, reads: readonly Read[], body: BodyModel): readonly string[] {
  return usesAll(agent, body) ? readKeys(reads, body) : agent.use.map(({ text }) => text);
}

/** The state keys that expressions name; all that are declared where they read the state as a whole. */
export function readKeys(reads: readonly Read[], { state }: BodyModel): readonly string[] {
  return reads.flatMap(({ kind, name, path }) => {
    if (kind !== 'root' || name !== 'state') return [];
    const [key] = path;
    return key === undefined ? [...(state.schema?.keys() ?? [])] : [key];
  });
}

function writtenKeys({ code }: ParsedAgent, set: SetModel): readonly string[] {
  if (set.type === 'fields') return set.fields.map(({ key }) => key.text);
  if (set.type === 'same') return set.keys.map(({ text }) => text);
  return code?.type === 'inline' ? code.body.stateWrites.flatMap(({ key }) => key ?? []) : [];
}
