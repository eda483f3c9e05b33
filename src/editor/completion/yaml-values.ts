import { TYPE_NAMES } from '../../language/model/schema-forms.ts';
import type { Cursor } from '../cursor/cursor.ts';
import { nodeAt, type Path, type Place, textAt } from '../cursor/place-at.ts';
import { choicesOf, fileSchemasAt } from '../schema/file-schema.ts';
import type { Entry, EntryKind } from './entry.ts';
import { agentsBefore } from './names.ts';
import { stateKeys } from './state-keys.ts';

/** The words that can stand as the value at the cursor. */
export function valueEntries(cursor: Cursor, place: Place): readonly Entry[] {
  const listed = namesAt(cursor, place.path);
  if (listed !== undefined) {
    const taken = siblingsOf(place);
    const entries = listed.names
      .filter((name) => !taken.has(name))
      .map((label): Entry => ({ label, kind: listed.kind, ...stretchOf(place) }));
    return place.role === 'either' && listed.inList === false ? entries.map(asItem) : entries;
  }
  const schemas = fileSchemasAt(cursor, place.path);
  const isType =
    place.path.length > 1 && (place.path.at(-2) === 'schema' || place.path.at(-2) === 'input' || place.path.at(-2) === 'inputs');
  const choices = choicesOf(schemas).filter(({ value }) => !isType || (TYPE_NAMES as readonly string[]).includes(value));
  const entries = choices.map(
    ({ value, description }): Entry => ({ label: value, kind: 'value', doc: description, rank: 1, ...stretchOf(place) }),
  );
  return [...entries, ...itemEntries(cursor, place)];
}

const stretchOf = ({ start, end }: Place): Pick<Entry, 'start' | 'end'> => ({ start, end });
const asItem = (entry: Entry): Entry => ({ ...entry, text: `- ${entry.label}` });

interface Names {
  readonly names: readonly string[];
  readonly kind: EntryKind;
  /** Whether the path is that of an item of the list that holds them; absent where there is no list. */
  readonly inList?: boolean;
}

/** Names of the file or the project that the value at a path is one of. */
function namesAt(cursor: Cursor, path: Path): Names | undefined {
  const { snapshot, outline } = cursor;
  const isItem = typeof path.at(-1) === 'number';
  const key = isItem ? path.at(-2) : path.at(-1);
  const parent = isItem ? path.at(-3) : path.at(-2);
  switch (key) {
    case 'use':
      return parent === 'state' ? { names: [...stateKeys(outline), 'state'], kind: 'property', inList: isItem } : undefined;
    case 'set':
      return parent === 'state' && isItem ? { names: stateKeys(outline), kind: 'property', inList: isItem } : undefined;
    case 'depends_on':
      return { names: agentsBefore(cursor).map(({ name }) => name), kind: 'agent', inList: isItem };
    case 'agent':
      if (isItem || path.length < 2) return undefined;
      return path[0] === 'flow' && nodeAt(outline, [...path.slice(0, -1), 'name']) === undefined
        ? { names: cursor.agents.filter(({ path: [root] }) => root !== 'flow').map(({ name }) => name), kind: 'agent' }
        : { names: snapshot.project.agentNames(), kind: 'file' };
    case 'ensemble':
      return isItem || path.length < 2 ? undefined : { names: snapshot.project.ensembleNames(), kind: 'file' };
    case 'binding':
      return { names: bindingsAt(cursor, path.slice(0, -1)), kind: 'value' };
    default:
      return undefined;
  }
}

/** The bindings of the kind that the settings around ask for. */
function bindingsAt({ snapshot, outline }: Cursor, path: Path): readonly string[] {
  const declared = snapshot.project.bindings();
  if (declared === undefined) return [];
  const word = (key: string): string | undefined => textAt(outline, [...path, key]);
  const operation = textAt(outline, [...path.slice(0, -1), 'operation']);
  const kind = word('type') ?? word('backend') ?? (operation === 'data' ? 'd1' : undefined);
  const { kv, d1, r2 } = declared;
  return kind === 'kv' ? kv : kind === 'd1' ? d1 : kind === 'r2' ? r2 : [...kv, ...d1, ...r2];
}

/** What the list around the cursor holds already. */
function siblingsOf({ path, outline }: Place): ReadonlySet<string> {
  const list = typeof path.at(-1) === 'number' ? nodeAt(outline, path.slice(0, -1)) : undefined;
  const others = list?.kind === 'list' ? list.items.filter((_, index) => index !== path.at(-1)) : [];
  return new Set(others.flatMap((item) => (item?.kind === 'scalar' ? [item.text] : [])));
}

/** Lists of steps in which nothing stands yet get their first one. */
const STEP_LISTS: ReadonlySet<unknown> = new Set([
  'agents',
  'operations',
  'steps',
  'then',
  'else',
  'catch',
  'finally',
  'map',
  'reduce',
  'parallel',
]);

function itemEntries(cursor: Cursor, { role, path, start, end }: Place): readonly Entry[] {
  if (role !== 'either') return [];
  if (STEP_LISTS.has(path.at(-1))) {
    return [
      {
        label: '- name',
        kind: 'key',
        doc: 'A new agent.',
        text: '- name: ',
        snippet: '- name: $1\n  operation: $2\n  config:\n    $0',
        rank: 0,
        start,
        end,
      },
    ];
  }
  if (path.at(-1) !== 'flow') return [];
  const names = cursor.agents.filter(({ path: [root] }) => root !== 'flow').map(({ name }) => name);
  return names.map((name): Entry => ({ label: `- agent: ${name}`, kind: 'agent', start, end, filter: name }));
}
