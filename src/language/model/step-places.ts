import type { AgentModel, BodyModel } from './body-model.ts';
import { agentBlocks, type Block, blocksOf, type StepModel } from './step-model.ts';

/** Where a step stands: in a list, which is a block of the step around it or the body's own list. */
export interface Place {
  readonly step: StepModel;
  /** Position in its list, from 0. */
  readonly position: number;
  /** The step around it, and which of that one's blocks the list is; absent in the body's own list. */
  readonly within?: { readonly place: Place; readonly block: Block };
}

/**
 * The places of all that runs, each step before what it holds: of `flow` if there is one, else of `agents`. An entry of `flow:` holds what the
 * agent that it runs holds; of several entries that run one agent only the first does, so that there are no more places than the file has steps.
 */
export function runningPlaces({ steps, flow }: BodyModel): readonly Place[] {
  const places: Place[] = [];
  const entered = new Set<AgentModel>();
  const visit = (list: readonly StepModel[], within?: Place['within']): void => {
    for (const [position, step] of list.entries()) {
      const place: Place = { step, position, ...(within !== undefined && { within }) };
      places.push(place);
      for (const block of heldBlocks(step, entered)) visit(block.steps, { place, block });
    }
  };
  visit(flow ?? steps);
  return places;
}

function heldBlocks(step: StepModel, entered: Set<AgentModel>): readonly Block[] {
  if (step.type !== 'run') return blocksOf(step);
  if (step.agent === undefined || entered.has(step.agent)) return [];
  entered.add(step.agent);
  return agentBlocks(step.agent);
}

/** The agent that runs at a place, whether it is defined there or `flow:` names it. */
export function agentAt({ step }: Place): AgentModel | undefined {
  return step.type === 'agent' || step.type === 'run' ? step.agent : undefined;
}

/** The places around a place and itself, the outermost first. */
export function pathTo(place: Place): readonly Place[] {
  const path: Place[] = [];
  for (let at: Place | undefined = place; at !== undefined; at = at.within?.place) path.push(at);
  return path.reverse();
}
