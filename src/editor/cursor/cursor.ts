import type { OutlineNode } from '../../language/document/outline.ts';
import { readOutline } from '../../language/document/outline.ts';
import { type OutlineAgent, outlineAgents } from '../names/outline-agents.ts';
import type { Snapshot } from '../snapshot.ts';
import { type Chain, chainAt } from './chain-at.ts';
import { type ExpressionPlace, expressionAt } from './expression-at.ts';
import { type Place, placeAt } from './place-at.ts';

/** What can be told of one position of a file. */
export interface Cursor {
  readonly snapshot: Snapshot;
  readonly offset: number;
  readonly outline: OutlineNode | undefined;
  /** Agents and named steps of the text, whether the file can be analysed or not. */
  readonly agents: readonly OutlineAgent[];
  /** Undefined in white space and comments. */
  readonly place: Place | undefined;
  /** The expression or code that it stands in, and the name in it. */
  readonly expression: { readonly place: ExpressionPlace; readonly chain: Chain } | undefined;
}

export function cursorAt(snapshot: Snapshot, offset: number): Cursor {
  const { text } = snapshot;
  const place = placeAt(text, offset);
  const outline = place?.outline ?? readOutline(text);
  const agents = outlineAgents(outline);
  const names = new Set(agents.map(({ name }) => name));
  const expression = expressionAt(text, offset, place);
  return {
    snapshot,
    offset,
    outline,
    agents,
    place,
    expression: expression && { place: expression, chain: chainAt(expression, (name) => names.has(name)) },
  };
}
