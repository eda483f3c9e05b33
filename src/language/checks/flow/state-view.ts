import { type AgentModel, type BodyModel, usesAll } from '../../model/body-model.ts';
import { everyStep, type FlowRunModel } from '../../model/step-model.ts';

/** The state keys that an agent sees; `all` = every one there is. */
export interface StateView {
  readonly all: boolean;
  readonly keys: ReadonlySet<string>;
}

/** What an agent sees of the state by its own `use`. */
export function stateView(agent: AgentModel, body: BodyModel): StateView {
  return { all: usesAll(agent, body), keys: new Set(agent.use.map(({ text }) => text)) };
}

/** What an agent sees where an entry of `flow:` runs it: a `use` there stands in place of its own (LANGUAGE §6.4). */
export function runView(agent: AgentModel, { state }: FlowRunModel, body: BodyModel): StateView {
  return stateView(state?.use === undefined ? agent : { ...agent, use: state.use }, body);
}

/** The entries of `flow:` that run each agent. */
export function runsByAgent({ flow }: BodyModel): ReadonlyMap<AgentModel, readonly FlowRunModel[]> {
  const runs = new Map<AgentModel, FlowRunModel[]>();
  for (const step of everyStep(flow ?? [])) {
    if (step.type !== 'run' || step.agent === undefined) continue;
    const known = runs.get(step.agent);
    if (known === undefined) runs.set(step.agent, [step]);
    else known.push(step);
  }
  return runs;
}
