import { everyStep } from '../../../program/inner-steps.ts';
import type { AgentStep } from '../../../program/program.ts';
import type { AgentFrame } from '../agent-frame.ts';
import { withOwnName } from '../own-name.ts';
import { Results } from '../results.ts';
import { findReads } from '../template-reads.ts';
import { captureState, type StateNeeds } from './capture-state.ts';

/** What the steps that undo an agent can read. */
interface Needs extends StateNeeds {
  readonly agents: readonly string[];
}

/** The agent succeeded, and its result and what it set are in place: keeps what undoes it, with the scope as it stands now. An agent without `compensate` costs nothing. */
export function noteSuccess({ step, path, context }: AgentFrame): void {
  const undo = step.compensate;
  if (undo === undefined) return;
  const { agents, ...state } = needsOf(undo);
  const { results } = withOwnName(step, context);
  // Only what can be read is kept, so that a long run does not hold all of its results once for each agent.
  const kept = new Results();
  for (const name of agents) {
    const result = results.get(name);
    if (result !== undefined) kept.set(name, result);
  }
  const stateAsItStood = captureState(context.body.state, state);
  context.body.compensations.add({
    step: undo,
    undoes: path,
    context: { ...context, results: kept, stateAsItStood, order: [] },
  });
}

const needs = new WeakMap<AgentStep, Needs>();

function needsOf(undo: AgentStep): Needs {
  const known = needs.get(undo) ?? findNeeds(undo);
  needs.set(undo, known);
  return known;
}

function findNeeds(undo: AgentStep): Needs {
  const agents = new Set<string>();
  const use = new Set<string>();
  let useAll = false;
  for (const step of everyStep([undo])) {
    const reads = findReads(Object.values(step));
    for (const name of reads.agents) agents.add(name);
    if (step.type === 'agent') {
      for (const name of step.action.type === 'code' ? step.action.agents : []) agents.add(name);
      for (const key of step.use) use.add(key);
      useAll ||= step.useAll;
    } else {
      useAll ||= reads.roots.has('state');
    }
  }
  return { agents: [...agents], use: [...use], useAll };
}
