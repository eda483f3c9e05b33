import type { Step } from '../../program/program.ts';
import type { AgentModel } from '../model/body-model.ts';
import type { ParsedAgent, ParsedStepValues } from '../model/parsed-body.ts';
import type { FlowRunModel, StepModel } from '../model/step-model.ts';
import { buildAgent } from './build-agent.ts';
import { buildFlowStep } from './build-flow-step.ts';
import type { StepsSite } from './build-site.ts';

/** The steps of a list that was found free of errors, in its order. */
export function buildSteps(steps: readonly StepModel[], site: StepsSite): readonly Step[] {
  return steps.map((step) => buildStep(step, site));
}

function buildStep(step: StepModel, site: StepsSite): Step {
  if (step.type === 'run') return buildRun(step, site);
  if (step.type === 'agent') return buildAgent(parsedOf(step.agent, site), site);
  return buildFlowStep(step, site);
}

/** An entry of `flow:` is the agent that it names, with what it says in place of the agent's own settings (LANGUAGE §6.4). */
function buildRun(step: FlowRunModel, site: StepsSite): Step {
  if (step.agent === undefined) throw new TypeError(`no agent "${step.reference.text}", which its analysis must have reported`);
  const values = site.body.stepValues.get(step) ?? { set: [] };
  return buildAgent(withOverrides(parsedOf(step.agent, site), step, values), site, step.id?.text);
}

function parsedOf(agent: AgentModel, { body }: StepsSite): ParsedAgent {
  const parsed = body.agents[agent.index];
  if (parsed === undefined) throw new TypeError(`agent "${agent.name.text}" is none of its body's`);
  return parsed;
}

function withOverrides(
  agent: ParsedAgent,
  { state, retry, timeout }: FlowRunModel,
  { condition, input, set }: ParsedStepValues,
): ParsedAgent {
  return {
    ...agent,
    ...(condition !== undefined && { condition }),
    ...(input !== undefined && { input }),
    ...(state?.set !== undefined && { set }),
    model: {
      ...agent.model,
      ...(state?.use !== undefined && { use: state.use }),
      ...(state?.set !== undefined && { set: state.set }),
      ...(retry !== undefined && { retry }),
      ...(timeout !== undefined && { timeout }),
    },
  };
}
