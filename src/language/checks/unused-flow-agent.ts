import { agentBlocks, everyStep, type StepModel } from '../model/step-model.ts';
import { agentAt, runningPlaces } from '../model/step-places.ts';
import type { Check } from './check.ts';

/** With a `flow`, only what it names runs: an agent that it leaves out was forgotten, or is not needed any more. */
export const unusedFlowAgent: Check = {
  codes: ['unused-flow-agent'],
  check({ model }, findings) {
    if (model.flow === undefined) return;
    const running = new Set(runningPlaces(model).map((place) => agentAt(place)?.index));
    // What an agent holds runs with it or not at all: one finding tells of both.
    const held = new Set(model.agents.flatMap((agent) => agentBlocks(agent).flatMap(({ steps }) => agentsIn(steps))));
    for (const { name, named, index } of model.agents) {
      if (!named || running.has(index) || held.has(index)) continue;
      findings.report('unused-flow-agent', name.span, `"${name.text}" never runs: \`flow\` does not name it`, {
        help: `add \`- agent: ${name.text}\` to \`flow\`, or take the agent out`,
      });
    }
  },
};

function agentsIn(steps: readonly StepModel[]): readonly number[] {
  return [...everyStep(steps)].flatMap((step) => (step.type === 'agent' ? [step.agent.index] : []));
}
