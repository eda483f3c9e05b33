import type { Span } from '../../program/diagnostic.ts';
import type { Located, LocatedEntry, LocatedMapping } from '../document/located.ts';

/** A value of the file as an error names it, and the entry that holds it (none for the file itself and for list items). */
export interface Place {
  readonly value: Located;
  readonly entry: LocatedEntry | undefined;
  readonly parent: LocatedMapping | undefined;
  /** For an item of a list: the entry that holds the list. */
  readonly list?: LocatedEntry | undefined;
}

/** Follows a JSON pointer (`/agents/0/config`) from `root`; as far as it leads. */
export function placeAt(root: Located, pointer: string): Place {
  let place: Place = { value: root, entry: undefined, parent: undefined };
  for (const part of pointer.split('/').slice(1)) {
    const step = part.replaceAll('~1', '/').replaceAll('~0', '~');
    const { value } = place;
    if (value.kind === 'list') {
      const item = value.items[Number(step)];
      if (!item) break;
      place = { value: item, entry: undefined, parent: undefined, list: place.entry ?? place.list };
    } else if (value.kind === 'mapping') {
      const entry = value.entries.find(({ key }) => key.text === step);
      if (!entry) break;
      place = { value: entry.value, entry, parent: value };
    } else break;
  }
  return place;
}

/** Where a message about a whole value points: at the key that holds it, else at its first key, so that no frame marks half a file. */
export function headOf({ value, entry }: Place): Span {
  if (entry) return entry.key.span;
  return value.kind === 'mapping' && value.entries[0] ? value.entries[0].key.span : value.span;
}

/** A value for messages: its text when that is short, else its kind. */
export function showValue(value: Located): string {
  if (value.kind === 'list') return value.items.length === 0 ? 'an empty list' : 'a list';
  if (value.kind === 'mapping') return 'a mapping';
  if (value.value === null) return 'nothing';
  const text = JSON.stringify(value.value);
  return text.length <= 40 ? text : 'a text';
}
