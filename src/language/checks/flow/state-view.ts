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

/**
 * What the `use` of an entry of `flow:` adds. Whether it replaces that of the agent or is added to it is left open: what either lists counts as seen.
 */
export function addedView({ agent, state }: FlowRunModel, body: BodyModel): StateView {
  const use = state?.use ?? [];
  return { all: agent !== undefined && use.length > 0 && usesAll({ ...agent, use }, body), keys: new Set(use.map(({ text }) => text)) };
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
