import { type Member, membersOf, type ObjectType, type Type } from './type.ts';

/** What is longer is cut at its inner parts: messages and hovers are read at a glance. */
const MAX_LENGTH = 120;
const MAX_PROPERTIES = 8;
/** From whole to almost nothing: levels of depth, properties of an object. */
const SIZES = [
  { depth: 4, properties: MAX_PROPERTIES },
  { depth: 2, properties: MAX_PROPERTIES },
  { depth: 1, properties: MAX_PROPERTIES },
  { depth: 1, properties: 4 },
  { depth: 0, properties: 0 },
];
interface Size {
  readonly depth: number;
  readonly properties: number;
}
const MAX_VALUES = 6;
const MAX_TEXT = 32;

/**
 * A type in a few words: `string`, `list of number`, `{ id: string, rows?: list of object }`, `"en" | "de"`, `number | undefined`. What is too
 * long is written without its inner parts.
 */
export function renderType(type: Type): string {
  let text = '';
  for (const size of SIZES) {
    text = render(type, size);
    if (text.length <= MAX_LENGTH) break;
  }
  return text;
}

function render(type: Type, size: Size): string {
  switch (type.kind) {
    case 'unknown':
      return 'any';
    case 'union':
      return renderUnion(type.members, size);
    case 'string':
      return type.value === undefined ? 'string' : JSON.stringify(shorten(type.value));
    case 'number':
      return type.value === undefined ? (type.integer === true ? 'integer' : 'number') : String(type.value);
    case 'boolean':
      return type.value === undefined ? 'boolean' : String(type.value);
    case 'list':
      return renderList(type.tuple === undefined ? type.items : { kind: 'union', members: membersOfAll(type.tuple) }, size);
    case 'object':
      return renderObject(type, size);
    default:
      return type.kind;
  }
}

function renderUnion(members: readonly Member[], size: Size): string {
  const texts = [...new Set(members.map((member) => render(member, size)))];
  if (texts.length > MAX_VALUES) return `${texts.slice(0, MAX_VALUES).join(' | ')} | …`;
  return texts.join(' | ');
}

function membersOfAll(types: readonly Type[]): readonly Member[] {
  return types.some(({ kind }) => kind === 'unknown') ? [] : types.flatMap((type) => (type.kind === 'unknown' ? [] : membersOf(type)));
}

function renderList(items: Type, size: Size): string {
  if (items.kind === 'unknown' || items.kind === 'never' || size.depth === 0) return 'list';
  const text = render(items, deeper(size));
  if (text === '') return 'list';
  return text.includes(' | ') ? `list of (${text})` : `list of ${text}`;
}

function renderObject({ properties, lists, others }: ObjectType, size: Size): string {
  if (properties.size === 0)
    return lists === 'all' ? '{}' : others.kind === 'unknown' || size.depth === 0 ? 'object' : `object of ${render(others, deeper(size))}`;
  if (size.depth === 0) return 'object';
  const shown = [...properties].slice(0, size.properties).map(([key, { type, optional }]) => {
    const name = /^[A-Za-z_$][\w$-]*$/.test(key) ? shorten(key) : JSON.stringify(shorten(key));
    return `${name}${optional ? '?' : ''}: ${render(type, deeper(size))}`;
  });
  const more = properties.size > size.properties || lists === 'some' ? ', …' : '';
  return `{ ${shown.join(', ')}${more} }`;
}

function shorten(text: string): string {
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT - 1).toWellFormed()}…` : text;
}

function deeper(size: Size): Size {
  return { ...size, depth: size.depth - 1 };
}
