import type { Cursor } from '../cursor/cursor.ts';
import { findOccurrences } from '../names/occurrences.ts';
import { namedAt } from './definition.ts';

/** Every place of the file that names the agent or state key at the cursor, as offsets into the text. */
export function findReferences(cursor: Cursor, withDefinition: boolean): readonly { readonly start: number; readonly end: number }[] {
  const named = namedAt(cursor);
  const { file, text } = cursor.snapshot;
  if (named === undefined || file === undefined) return [];
  return findOccurrences(file, text)
    .filter(({ kind, name, role }) => kind === named.kind && name === named.name && (withDefinition || role === 'reference'))
    .flatMap(({ stretch }) => stretch ?? []);
}
