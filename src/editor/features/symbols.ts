import { type OutlineNode, readOutline } from '../../language/document/outline.ts';
import { nodeAt, textAt } from '../cursor/place-at.ts';
import { outlineAgents } from '../names/outline-agents.ts';
import { keyAt } from './definition.ts';

/** An entry of the outline view: an agent, a state key or an input field. */
export interface FileSymbol {
  readonly kind: 'agent' | 'state' | 'input';
  readonly name: string;
  /** The operation of an agent. */
  readonly detail: string | undefined;
  /** The name, as offsets into the text. */
  readonly start: number;
  readonly end: number;
}

/** What a file defines, in its order, complete or not. */
export function listSymbols(text: string): readonly FileSymbol[] {
  const outline = readOutline(text);
  const fields = [
    ...keysOf(outline, ['input'], 'input'),
    ...keysOf(outline, ['inputs'], 'input'),
    ...keysOf(outline, ['state', 'schema'], 'state'),
  ];
  const agents = outlineAgents(outline).map(({ name, start, end, path }): FileSymbol => {
    const detail = ['operation', 'agent', 'ensemble', 'type']
      .map((key) => textAt(outline, [...path, key]))
      .find((value) => value !== undefined);
    return { kind: 'agent', name, detail: detail === name ? undefined : detail, start, end };
  });
  // An editor that is given one without a name shows none of them (VS Code's DocumentSymbol.validate).
  return [...fields, ...agents].filter(({ name }) => name.trim() !== '').sort((a, b) => a.start - b.start);
}

function keysOf(outline: OutlineNode | undefined, path: readonly string[], kind: 'state' | 'input'): readonly FileSymbol[] {
  const mapping = nodeAt(outline, path);
  if (mapping?.kind !== 'mapping' || keyAt(outline, path) === undefined) return [];
  return mapping.entries.map(({ key: { text, start, end } }) => ({ kind, name: text, detail: undefined, start, end }));
}
