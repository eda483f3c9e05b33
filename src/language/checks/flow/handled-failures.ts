import { agentAt, type Place, pathTo } from '../../model/step-places.ts';

/** Whether the run goes on when the agent at a place fails: by its `onError`, by a `try` around it, or because something asks for its failure. */
export function isFailureHandled(place: Place, asked: ReadonlySet<string>): boolean {
  const agent = agentAt(place);
  if (agent === undefined) return true;
  if (agent.continueOnError || agent.onErrorSteps !== undefined) return true;
  // A loop may ask in its `breakWhen` how the agent fared with an item.
  if (asked.has(agent.name.text) || asked.has(place.step.name?.text ?? '') || agent.loop?.breakWhen !== undefined) return true;
  return pathTo(place).some(({ within }) => within?.place.step.type === 'try' && within.block.kind === 'steps');
}
