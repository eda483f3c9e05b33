import { allReads, type ParsedBody } from '../../model/parsed-body.ts';
import { agentAt, type Place, pathTo } from '../../model/step-places.ts';

const FAILURE_FIELDS: ReadonlySet<string> = new Set(['failed', 'error', 'failure', 'success']);

/** The agents whose failure some expression reads, which is one way to handle it (LANGUAGE §2.2). */
export function agentsAskedForFailure(body: ParsedBody): ReadonlySet<string> {
  return new Set(allReads(body).flatMap(({ kind, name, path }) => (kind === 'agent' && FAILURE_FIELDS.has(path[0] ?? '') ? [name] : [])));
}

/** Whether the run goes on when the agent at a place fails: by its `onError`, by a `try` around it, or because something asks for its failure. */
export function isFailureHandled(place: Place, asked: ReadonlySet<string>): boolean {
  const agent = agentAt(place);
  if (agent === undefined) return true;
  if (agent.continueOnError || agent.onErrorSteps !== undefined || asked.has(agent.name.text) || asked.has(place.step.name?.text ?? ''))
    return true;
  return pathTo(place).some(({ within }) => within?.place.step.type === 'try' && within.block.kind === 'steps');
}
