import type { AgentModel } from '../../language/model/body-model.ts';
import type { Cursor } from '../cursor/cursor.ts';
import { nodeAt, type Path } from '../cursor/place-at.ts';
import type { OutlineAgent } from './outline-agents.ts';

/** The agent that a cursor stands in. */
export interface AgentAround {
  readonly outline: OutlineAgent;
  /** Keys from the agent's mapping to the cursor: `['config', 'value']`. */
  readonly inside: Path;
  /** Its meaning in the last text that could be analysed. */
  readonly model: AgentModel | undefined;
  /** Where the agent's own input stands, when that is what `input` means at the cursor: in its config and code (LANGUAGE §2). */
  readonly ownInput: Path | undefined;
}

/** The innermost agent or named step around a cursor; undefined outside of all. */
export function agentAround({
  snapshot,
  outline,
  agents,
  place,
}: Pick<Cursor, 'snapshot' | 'outline' | 'agents' | 'place'>): AgentAround | undefined {
  if (place === undefined) return undefined;
  const around = agents.findLast(({ path }) => path.every((step, index) => place.path[index] === step));
  if (around === undefined) return undefined;
  const inside = place.path.slice(around.path.length);
  const inConfig = inside[0] === 'config' || inside[0] === 'prompt' || inside[0] === 'script';
  const own = inConfig
    ? ['input', 'inputs'].map((key) => [...around.path, key]).find((path) => nodeAt(outline, path) !== undefined)
    : undefined;
  const model = snapshot.lastFile?.body.model.agents.find(({ name }) => name.text === around.name);
  return { outline: around, inside, model, ownInput: own };
}
