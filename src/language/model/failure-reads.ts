import { allReads, type ParsedAgent, type ParsedBody } from './parsed-body.ts';
import type { Read } from './read.ts';

const FAILURE_FIELDS: ReadonlySet<string> = new Set(['failed', 'error', 'failure', 'success']);

/**
 * The agents and flow steps whose failure some expression reads, which is one way to handle it (LANGUAGE §2.2). A loop that asks in its `breakWhen` asks about one
 * of its iterations: see `asksEachItem`.
 */
export function namesAskedForFailure(body: ParsedBody): ReadonlySet<string> {
  const asked = new Set<string>();
  const own = new Set(body.agents.flatMap((agent) => (agent.loopBreakWhen?.reads ?? []).filter((read) => isOwn(read, agent))));
  for (const read of allReads(body)) if (asksForFailure(read) && !own.has(read)) asked.add(read.name);
  return asked;
}

/** Whether the `breakWhen` of an agent's loop reads how the agent fared with the item: then a failure with one item is handled. */
export function asksEachItem(agent: ParsedAgent, names: readonly string[]): boolean {
  return (agent.loopBreakWhen?.reads ?? []).some((read) => asksForFailure(read) && names.includes(read.name));
}

function isOwn({ kind, name }: Read, { model }: ParsedAgent): boolean {
  return kind === 'agent' && name === model.name.text;
}

function asksForFailure({ kind, path }: Read): boolean {
  return kind === 'agent' && FAILURE_FIELDS.has(path[0] ?? '');
}
