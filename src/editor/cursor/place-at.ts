import { type OutlineEntry, type OutlineNode, type OutlineScalar, readOutline } from '../../language/document/outline.ts';

/** Keys of mappings and positions in lists, from the root of the file. */
export type Path = readonly (string | number)[];

/** Where in the YAML of a file a cursor stands, whether the text around it is complete or not. */
export interface Place {
  /** `key`: in a key of the mapping at `path`. `value`: in the value at `path`. `either`: at `path` nothing stands yet, so it may become a scalar or a mapping. */
  readonly role: 'key' | 'value' | 'either';
  readonly path: Path;
  /** The word that is being written there, as offsets into the text. */
  readonly start: number;
  readonly end: number;
  /** The scalar around the cursor, as offsets into the text. */
  readonly scalar: { readonly start: number; readonly end: number; readonly style: OutlineScalar['style'] };
  /** The outline of the file, in which the place may hold a stand-in for a word that is still to come. */
  readonly outline: OutlineNode;
}

/** Stands in for the word that is still to come. */
export const STAND_IN = '_';

const WORD_BEFORE = /[\w$.][\w./-]*$/;
const WORD_AFTER = /^[\w./-]*/;
/** Keywords and words of more than this would make the search for their beginning slow in a line of a megabyte. */
const MAX_WORD = 200;

/** The place of an offset; undefined in white space that belongs to nothing, and in comments. */
export function placeAt(text: string, offset: number): Place | undefined {
  const before = text.slice(Math.max(0, offset - MAX_WORD), offset);
  const start = offset - (WORD_BEFORE.exec(before)?.[0].length ?? 0);
  const end = offset + (WORD_AFTER.exec(text.slice(offset, offset + MAX_WORD))?.[0].length ?? 0);
  const word = end > start ? text.slice(start, end) : STAND_IN;
  const alone = isAlone(text, start, end);
  const patched = text.slice(0, start) + word + (alone ? ':' : '') + text.slice(end);
  const outline = readOutline(patched);
  const found = outline && find(outline, start);
  if (outline === undefined || found === undefined) return undefined;
  const grown = patched.length - text.length;
  const toText = (at: number): number => (at <= end ? at : Math.max(end, at - grown));
  const { entry, path, siblings } = found;
  const scalar = { start: found.scalar.start, end: toText(found.scalar.end), style: found.scalar.style };
  const place = { start, end, scalar, outline };
  if (entry === undefined || entry.key !== found.scalar) return { role: 'value', path, ...place };
  return { role: alone && siblings === 0 ? 'either' : 'key', path, ...place };
}

/** Whether the word stands alone on its line, but for the dashes of lists: then YAML cannot tell yet whether it is a key. */
function isAlone(text: string, start: number, end: number): boolean {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const newline = text.indexOf('\n', end);
  const after = text.slice(end, newline === -1 ? text.length : newline);
  return /^[ ]*(?:- +)*$/.test(text.slice(lineStart, start)) && /^\s*(?:#.*)?$/.test(after);
}

interface Found {
  readonly scalar: OutlineScalar;
  /** For a key that of its mapping, for a value its own. */
  readonly path: Path;
  /** The entry whose key or value it is. */
  readonly entry: OutlineEntry | undefined;
  /** How many other entries the mapping of a key has. */
  readonly siblings: number;
}

function find(node: OutlineNode, offset: number, path: Path = [], entry?: OutlineEntry): Found | undefined {
  switch (node.kind) {
    case 'scalar':
      return holds(node, offset) ? { scalar: node, path, entry, siblings: 0 } : undefined;
    case 'list':
      for (const [index, item] of node.items.entries()) {
        const found = item && find(item, offset, [...path, index]);
        if (found !== undefined) return found;
      }
      return undefined;
    case 'mapping':
      for (const each of node.entries) {
        if (holds(each.key, offset)) return { scalar: each.key, path, entry: each, siblings: node.entries.length - 1 };
        const found = each.value && find(each.value, offset, [...path, each.key.text], each);
        if (found !== undefined) return found;
      }
      return undefined;
    default:
      return node satisfies never;
  }
}

const holds = ({ start, end }: OutlineScalar, offset: number): boolean => start <= offset && offset <= end;

/** The node at a path; undefined when there is none. */
export function nodeAt(node: OutlineNode | undefined, path: Path): OutlineNode | undefined {
  let current = node;
  for (const step of path) {
    if (current?.kind === 'mapping') current = current.entries.find(({ key }) => key.text === step)?.value;
    else if (current?.kind === 'list' && typeof step === 'number') current = current.items[step];
    else return undefined;
  }
  return current;
}

/** The text of the scalar at a path. */
export function textAt(node: OutlineNode | undefined, path: Path): string | undefined {
  const found = nodeAt(node, path);
  return found?.kind === 'scalar' ? found.text : undefined;
}
