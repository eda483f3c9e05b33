import type { Cursor } from '../cursor/cursor.ts';
import { nodeAt, type Place, STAND_IN } from '../cursor/place-at.ts';
import { choicesOf, descriptionOf, fileSchemasAt } from '../schema/file-schema.ts';
import type { Schema } from '../schema/schemas-at.ts';
import type { Entry } from './entry.ts';
import { stateKeys } from './state-keys.ts';

/** The keys that the mapping at the cursor can still get. */
export function keyEntries(cursor: Cursor, place: Place): readonly Entry[] {
  const { text } = cursor.snapshot;
  const schemas = fileSchemasAt(cursor, place.path);
  const isFree = schemas.length === 0 || !schemas.some(({ type }) => type === undefined || [type].flat().includes('object'));
  if (isFree) return [];
  const mapping = nodeAt(place.outline, place.path);
  const written = text.slice(place.start, place.end) || STAND_IN;
  const taken = new Set(mapping?.kind === 'mapping' ? mapping.entries.map(({ key }) => key.text).filter((key) => key !== written) : []);
  const layout = layoutAt(text, place);
  const names = new Set([
    ...schemas.flatMap(({ properties }) => Object.keys((properties as object | undefined) ?? {})),
    ...ownKeys(cursor, place),
  ]);
  const excluded = new Set(schemas.flatMap(({ 'x-conflict': pair }) => (Array.isArray(pair) ? othersOf(pair, taken) : [])));
  const required = new Set(schemas.flatMap((schema) => (Array.isArray(schema.required) ? schema.required : [])));
  return [...names]
    .filter((name) => !taken.has(name) && !excluded.has(name))
    .map((label): Entry => {
      const inner = fileSchemasAt(cursor, [...place.path, label]);
      const doc = descriptionOf(inner);
      // Other spellings and names of the same key come last.
      const rank = doc?.startsWith('The same as ') ? 9 : required.has(label) || USUAL.has(label) ? 2 : 3;
      return {
        label,
        kind: 'key',
        doc,
        detail: detailOf(inner),
        rank,
        ...insertion(label, inner, layout),
        start: place.start,
        end: place.end,
      };
    });
}

/** Keys that are the file's own: those of the state where it is set. */
function ownKeys(cursor: Cursor, { path }: Place): readonly string[] {
  const isSet = path.at(-1) === 'set' && path.at(-2) === 'state';
  const isInitial = path.length === 2 && path[0] === 'state' && path[1] === 'initial';
  return isSet || isInitial ? stateKeys(cursor.outline) : [];
}

/** Keys that nearly every mapping of their kind has. */
const USUAL: ReadonlySet<string> = new Set(['name', 'agents', 'operation', 'config']);

/** Of keys that exclude each other those that another one excludes. */
function othersOf(pair: readonly unknown[], taken: ReadonlySet<string>): readonly unknown[] {
  return pair.some((key) => taken.has(String(key))) ? pair : [];
}

interface Layout {
  /** A colon follows already. */
  readonly colon: boolean;
  /** Each key has a line of its own. */
  readonly block: boolean;
}

function layoutAt(text: string, { start, end }: Place): Layout {
  const before = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
  return { colon: /^\s*:/.test(text.slice(end, end + 50)), block: /^\s*(?:- +)*$/.test(before) };
}

function insertion(label: string, schemas: readonly Schema[], { colon, block }: Layout): Pick<Entry, 'text' | 'snippet'> {
  if (colon) return { text: label };
  const types = new Set(schemas.flatMap(({ type }) => (type === undefined ? [] : [type].flat())));
  const isNested = types.size > 0 && [...types].every((type) => type === 'object' || type === 'array');
  if (!isNested || !block) return { text: `${label}: ` };
  return { text: `${label}:`, snippet: types.has('array') && !types.has('object') ? `${label}:\n  - $0` : `${label}:\n  $0` };
}

/** The words to choose from; what kind of value it takes says the description. */
function detailOf(schemas: readonly Schema[]): string | undefined {
  const choices = choicesOf(schemas).map(({ value }) => value);
  return choices.length > 6 ? `${choices.slice(0, 6).join(' | ')} | …` : choices.length > 0 ? choices.join(' | ') : undefined;
}
