import type { OutlineNode } from '../../language/document/outline.ts';
import { nodeAt } from '../cursor/place-at.ts';

/** The state keys that a file declares. */
export function stateKeys(outline: OutlineNode | undefined): readonly string[] {
  const schema = nodeAt(outline, ['state', 'schema']);
  return schema?.kind === 'mapping' ? schema.entries.map(({ key }) => key.text) : [];
}
